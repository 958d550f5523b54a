/**
 * How a domain serves its REST contract. `restApp(shape, errorBody)` makes its Hono app with its document's error bodies;
 * `declare` adds one endpoint from one `createRoute` declaration (OpenAPI, validation and types), and
 * `read`/`write` run the one transaction that answers it. A declaration leaves out what `declare` answers for all alike;
 * document.ts adds it.
 */
import type { RouteConfig } from "@hono/zod-openapi";
import type { FunctionReference } from "convex/server";
import { Hono } from "hono";
import { z } from "zod";
import { internal } from "../_generated/api";
import type { Caller } from "../identity/caller";
import { errorData, invalid, notFound, unauthenticated, type ErrorData } from "../lib/errors";
import { sha256Hex } from "../lib/ids";
import { admitRequest, dueFor, settle, type Limit } from "./admission";
import { readJsonObject } from "./body";
import { refused } from "./refused";
import { withGuest } from "./guest";
import type { RestWrite } from "./functions";
import type { Once } from "./idempotency";
import { toResponse, type Reply } from "./reply";
import { anonymousSender, clientOf, senderOf, type RestContext, type RestEnv, type Sender } from "./request";
import { wording } from "./wording";

/** The document's error body. `status` is decided already. */
export type ErrorShape = (error: ErrorData, status: number, c: RestContext) => Record<string, unknown>;

const STATUS: Record<ErrorData["code"], number> = {
  UNAUTHENTICATED: 401,
  SESSION_REVOKED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  VALIDATION: 400,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_TYPE: 415,
  UNAVAILABLE: 503,
  RATE_LIMITED: 429,
};

export type Endpoint = { route: RouteConfig; options: EndpointOptions };

export type RestApp = Hono<RestEnv> & {
  shape: ErrorShape;
  errorBody: z.ZodType;
  endpoints: Endpoint[];
  methods: Map<string, Set<string>>;
  owned: readonly string[];
};

/**
 * @param errorBody the schema of what `shape` makes
 * @param owned path patterns that are this domain's alone, so that unknown paths among them get its error body too
 */
export function restApp(shape: ErrorShape, errorBody: z.ZodType, owned: readonly string[] = []): RestApp {
  const methods = new Map<string, Set<string>>();
  return Object.assign(new Hono<RestEnv>(), { shape, errorBody, endpoints: [], methods, owned });
}

export function errorResponse(shape: ErrorShape, error: unknown, c: RestContext): Response {
  const data = errorData(error);
  const status = data ? (typeof data.status === "number" ? data.status : STATUS[data.code]) : 500;
  if (status === 500) console.error(`request ${c.get("requestId")} failed`, error);
  if (!data) {
    const unexpected = { code: "UNAVAILABLE" as const, message: "Internal server error" };
    return c.json(shape(unexpected, 500, c), 500);
  }
  const headers: Record<string, string> = { "Content-Type": "application/json; charset=utf-8" };
  if (status === 401) headers["WWW-Authenticate"] = 'Bearer realm="live-sessions", SessionID realm="live-sessions"';
  if (data.retryAfter !== undefined) headers["Retry-After"] = String(data.retryAfter);
  return new Response(JSON.stringify(shape(data, status, c)), { status, headers });
}

type Input<Schema, Otherwise> = Schema extends z.ZodType ? z.output<Schema> : Otherwise;
type ParamsOf<R extends RouteConfig> = R extends { request: { params: infer S } } ? Input<S, object> : object;
type QueryOf<R extends RouteConfig> = R extends { request: { query: infer S } } ? Input<S, object> : object;
type BodyOf<R extends RouteConfig> = R extends {
  request: { body: { content: { "application/json": { schema: infer S } } } };
}
  ? Input<S, object>
  : undefined;

/** A request that has passed authentication, limits and validation. */
export type RestRequest<R extends RouteConfig = RouteConfig> = {
  c: RestContext;
  sender: Sender;
  params: ParamsOf<R>;
  query: QueryOf<R>;
  body: BodyOf<R>;
  /** The limit that has yet to count the request; its `write` will. */
  uncounted?: Limit | undefined;
};

export type EndpointOptions = {
  /**
   * `user` (default): a user's credential is required. `userOrService`: the service key too. `optional`: anyone, but a bad
   * credential is still 401. `none`: `Authorization` is ignored.
   */
  credential?: "user" | "userOrService" | "optional" | "none";
  /** Which limit counts the request; `own` when the handler counts it itself. */
  limit?: Limit | "own";
  /** With `own`: counts a request whose body (what there is to read of it) is refused, so that no handler ever sees it. */
  countRefused?: (request: Pick<RestRequest, "c" | "sender">, body: Record<string, unknown>) => Promise<void>;
  /**
   * The handler is one `write` and nothing before it: that transaction counts the request along with its work, where others
   * need one of their own for it.
   */
  countedByWrite?: boolean;
  /** Names of the resource that clients may send back and that are ignored. */
  readOnly?: readonly string[];
  /** Whether the guest id of the request is read, beside or instead of a credential (contracts §4). */
  guest?: boolean;
  /** The handler reads and checks the body itself. */
  ownBody?: boolean;
  /** Regular expressions of path parameters, where the path alone decides who answers: `{ id: "[0-9]+" }`. */
  pattern?: Record<string, string>;
};

const WITH_BODY = new Set(["POST", "PUT", "PATCH"]);
export const takesBody = (method: string): boolean => WITH_BODY.has(method.toUpperCase());
const NO_FIELDS = z.strictObject({});

/** Serves one endpoint. `handler` gets the validated request; what it throws becomes the domain's error body. */
export function declare<R extends RouteConfig>(
  app: RestApp,
  route: R,
  handler: (request: RestRequest<R>) => Promise<Response>,
  options: EndpointOptions = {},
): void {
  app.endpoints.push({ route, options });
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const pattern = options.pattern?.[name];
    return pattern ? `:${name}{${pattern}}` : `:${name}`;
  });
  const method = route.method.toUpperCase();
  app.methods.set(path, (app.methods.get(path) ?? new Set()).add(method));
  const params = route.request?.params as z.ZodType | undefined;
  const query = route.request?.query as z.ZodType | undefined;
  const content = route.request?.body?.content as Record<string, { schema?: unknown }> | undefined;
  const body = options.ownBody ? undefined : (content?.["application/json"]?.schema as z.ZodType | undefined);
  const takesNoFields = takesBody(method) && route.request?.body === undefined;
  app.on(method, path, async (c: RestContext) => {
    try {
      return await counted(c);
    } catch (error) {
      // Here rather than in an error handler of the app: that would wrap each route into a chain of its own.
      return errorResponse(app.shape, error, c);
    }
  });

  async function counted(c: RestContext): Promise<Response> {
    const { sender, uncounted } = await admitted(c, options);
    const base = { c, sender, uncounted };
    try {
      const answer = await answerTo(base);
      if (base.uncounted) await count(c, sender, base.uncounted);
      return answer;
    } catch (error) {
      // A request that fails counts too, and what it counts against may refuse it for a better reason.
      if (base.uncounted) await count(c, sender, base.uncounted);
      if (sender.hasCredential) await requireInForce(c, sender);
      throw error;
    }
  }

  async function answerTo(base: Pick<RestRequest, "c" | "sender" | "uncounted">): Promise<Response> {
    const { c } = base;
    const request = Object.assign(base, {
      params: params ? parseParams(params, c.req.param()) : {},
      query: query ? parse(query, queryOf(c), onceWording) : {},
      body: body ? await bodyOf(base, body) : undefined,
    });
    if (takesNoFields) parse(NO_FIELDS, without(await readJsonObject(c), options.readOnly));
    return await handler(request as RestRequest<R>);
  }

  async function bodyOf(base: Pick<RestRequest, "c" | "sender">, schema: z.ZodType): Promise<unknown> {
    let sent: Record<string, unknown> = {};
    try {
      sent = without(await readJsonObject(base.c), options.readOnly);
      return parse(schema, sent);
    } catch (error) {
      await options.countRefused?.(base, sent);
      throw error;
    }
  }
}

async function admitted(c: RestContext, options: EndpointOptions): Promise<{ sender: Sender; uncounted?: Limit }> {
  const { credential = "user", limit = "identity" } = options;
  let sender: Sender;
  if (credential === "none") {
    const client = await clientOf(c);
    sender = anonymousSender(client);
  } else {
    try {
      sender = await senderOf(c);
      if (!sender.hasCredential && credential !== "optional") throw unauthenticated();
      if (sender.caller.service && credential !== "userOrService") throw unauthenticated();
    } catch (error) {
      return await refuseProof(c, error);
    }
  }
  if (options.guest) sender = await withGuest(c, sender);
  if (limit === "own") return { sender };
  if (options.countedByWrite) return { sender, uncounted: limit };
  await count(c, sender, limit);
  return { sender };
}

async function count(c: RestContext, sender: Sender, limit: Limit): Promise<void> {
  try {
    await admitRequest(c.env, sender, limit);
  } catch (error) {
    if (sender.hasCredential && STATUS[errorData(error)?.code ?? "UNAVAILABLE"] === 401)
      return await refuseProof(c, error);
    throw error;
  }
}

/**
 * Where a lease covers a request and its input is refused, no transaction has seen the credential: that it has ended is the
 * better reason.
 */
async function requireInForce(c: RestContext, { caller }: Sender): Promise<void> {
  try {
    await c.env.runQuery(internal.identity.admission.verify, { caller });
  } catch (error) {
    return await refuseProof(c, error);
  }
}

/** Proofs that fail count against the address, so that guessing is limited too. */
async function refuseProof(c: RestContext, error: unknown): Promise<never> {
  const client = await clientOf(c);
  await admitRequest(c.env, anonymousSender(client), "identity");
  throw error;
}

/** What comes once as itself, what comes more often as a list, which no schema of a single value takes. */
export const givenOnce = <Value>(
  values: Iterable<readonly [name: string, values: Value[]]>,
): Record<string, Value | Value[]> =>
  Object.fromEntries(Array.from(values, ([name, each]) => [name, each.length === 1 ? each[0]! : each]));

/** The words for what `givenOnce` makes. */
export const onceWording: typeof wording = (issue) =>
  Array.isArray(issue.input) ? "Must be given once." : wording(issue);

const queryOf = (c: RestContext) => givenOnce(Object.entries(c.req.queries()));

const without = (body: Record<string, unknown>, names: readonly string[] = []) =>
  names.length === 0 ? body : Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));

function parseParams(schema: z.ZodType, value: unknown): unknown {
  const result = schema.safeParse(value);
  if (!result.success) throw notFound();
  return result.data;
}

/** Validates against a zod schema; throws `VALIDATION` with the wrong or unknown fields under their own names. */
export function parse<S extends z.ZodType>(schema: S, value: unknown, words = wording): z.output<S> {
  const result = schema.safeParse(value, { error: words });
  if (result.success) return result.data;
  throw refused(result.error);
}

/** A read: one query, cached by the backend until something it read changes. */
export async function read<Args extends Record<string, unknown>>(
  request: RestRequest<never> | RestRequest,
  query: FunctionReference<"query", "internal", { caller: Caller; input: Args }, Reply>,
  input: Args,
): Promise<Response> {
  return toResponse(await request.c.env.runQuery(query, { caller: request.sender.caller, input }));
}

/** A write: one mutation, which also settles `Idempotency-Key` for POST. */
export async function write<Args extends Record<string, unknown>>(
  request: RestRequest<never> | RestRequest,
  mutation: FunctionReference<"mutation", "internal", RestWrite & { input: Args }, Reply>,
  input: Args,
): Promise<Response> {
  const once = await onceOf(request.c);
  const { sender, uncounted } = request;
  const { caller, client } = sender;
  const admission = uncounted && dueFor(sender, uncounted);
  // A lease covers it.
  if (admission === null) request.uncounted = undefined;
  const answer = await request.c.env.runMutation(mutation, {
    caller,
    client,
    input,
    ...(once && { once }),
    ...(admission && { admission }),
  });
  if (admission && answer.grant) {
    request.uncounted = undefined;
    settle(sender, admission.limit, answer.grant);
  }
  return toResponse(answer);
}

/** The request's `Idempotency-Key` with what makes it the same request, or undefined. */
export async function onceOf(c: RestContext): Promise<Once | undefined> {
  const key = c.req.header("idempotency-key");
  if (key === undefined || c.req.method !== "POST") return undefined;
  if (key.length === 0 || key.length > 255) throw invalid({ "Idempotency-Key": ["Must have 1 to 255 characters."] });
  const requestHash = await sha256Hex(`${c.req.method} ${c.req.path}\n${c.get("rawBody") ?? ""}`);
  return { key, requestHash };
}

/** Answers the methods a path does not serve with 405 and `Allow`, and OPTIONS with `Allow` alone. */
export function refuseOtherMethods(
  app: Hono<RestEnv>,
  path: string,
  methods: Iterable<string>,
  shape: ErrorShape,
): void {
  const served = [...methods];
  const allow = [...served, ...(served.includes("GET") ? ["HEAD"] : []), "OPTIONS"].sort().join(", ");
  app.all(path, (c) => {
    if (c.req.method === "OPTIONS") return c.body(null, 204, { Allow: allow });
    const error = { code: "VALIDATION" as const, message: `Method "${c.req.method}" not allowed.` };
    return c.json(shape(error, 405, c), 405, { Allow: allow });
  });
}

/** The methods served at a declared path, those of an id that is spelled like it among them. */
function methodsAt(app: RestApp, path: string): Set<string> {
  const served = new Set(app.methods.get(path));
  for (const { route, options } of app.endpoints) {
    const pattern = route.path.replace(/\{(\w+)\}/g, (_, name: string) => options.pattern?.[name] ?? "[^/:]+");
    if (new RegExp(`^${pattern}$`).test(path)) served.add(route.method.toUpperCase());
  }
  return served;
}

/** Call last: other methods of every declared path are 405, other owned paths 404. */
export function refuseTheRest(app: RestApp): void {
  // Of the patterns that a path matches, the first one answers: the path itself, if it is declared.
  const paths = [...app.methods.keys()].sort((a, b) => Number(a.includes(":")) - Number(b.includes(":")));
  for (const path of paths) refuseOtherMethods(app, path, methodsAt(app, path), app.shape);
  for (const pattern of app.owned)
    app.all(pattern, (c) => c.json(app.shape({ code: "NOT_FOUND", message: "Not found" }, 404, c), 404));
}
