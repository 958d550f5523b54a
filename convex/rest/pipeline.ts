/**
 * The way of a REST request, from top to bottom. Every request passes `createApi`'s middlewares; one for an endpoint
 * goes on through `serve`: error body of its domain, sender, limit, validation, and then the one transaction that
 * answers it.
 */
import { OpenAPIHono, type Hook } from "@hono/zod-openapi";
import type { Context, MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { etag, RETAINED_304_HEADERS } from "hono/etag";
import { methodNotAllowed } from "hono/method-not-allowed";
import { notFound } from "../lib/errors";
import { readSiteUrl } from "../lib/siteUrl";
import { limitBody, readBody } from "./body";
import { countingRefusals, requireInForce, requireSender } from "./sender";
import { renderDocs, renderErrorCodes } from "./document/docs";
import { buildDocument, withServer } from "./document/document";
import type { Document } from "./document/openapi";
import { takesBody, type AnyEndpoint, type Domain, type EndpointOptions } from "./domain";
import { answerError, answerNotFound, answerWith, toRefusalOfRepeats } from "./errors/errors";
import { Admission } from "./limits/leases";
import { noteFailure } from "./errors/failures";
import { listAllowedOrigins } from "./origins";
import { noteLoginUsage, noteUsage, tellUsage } from "./limits/usage";
import type { RestContext, RestEnv } from "./request";
import { KeepingRouter } from "./router";
import { nameEndpoint, noteDuration, OTHER_OPERATION } from "./durations";
import { countAnswer } from "./tally";

/**
 * Serves the domains, by the names that metrics show; the OpenAPI document and its pages. Which domain owns a path is
 * decided by the path alone.
 */
export function createApi(named: Record<string, Domain>): OpenAPIHono<RestEnv> {
  const domains = Object.values(named);
  const api = new OpenAPIHono<RestEnv>({
    router: new KeepingRouter(),
    getPath: getSentPath,
    defaultHook: refuseInvalid,
  });
  api.onError(answerError);
  api.notFound(answerNotFound);
  api.use(
    nameRequest,
    describeAnswer,
    answerForeignErrors,
    allowOrigins,
    methodNotAllowed({ app: api, onMethodNotAllowed: listMethods }),
  );
  for (const [name, domain] of Object.entries(named)) {
    for (const endpoint of domain.endpoints) serve(api, { ...domain, name }, endpoint);
    for (const path of [...new Set(domain.endpoints.map(toRoutedPath)), ...domain.owned])
      api.all(path, answerIn({ ...domain, name }), answerNotFound);
  }
  let document: string | undefined;
  const openApi = (c: RestContext) => {
    document ??= JSON.stringify(buildDocument(domains));
    return withServer(document, readSiteUrl() || new URL(c.req.url).origin);
  };
  api.get("/api/openapi.json", (c) => c.body(openApi(c), 200, { "Content-Type": "application/json; charset=utf-8" }));
  api.get("/api/docs", (c) => c.html(renderDocs(JSON.parse(openApi(c)) as Document)));
  api.get("/api/docs/errors", (c) => c.html(renderErrorCodes()));
  return api;
}

type NamedDomain = Domain & { name: string };

function serve(api: OpenAPIHono<RestEnv>, domain: NamedDomain, endpoint: AnyEndpoint): void {
  const { params, query, headers } = endpoint.contract.request ?? {};
  api.openapi(
    {
      ...endpoint.contract,
      path: toRoutedPath(endpoint),
      // `document/` describes it, with what is added here for all endpoints alike.
      hide: true,
      // `readBody` reads bodies: it names what is wrong with them, down to the encoding.
      request: { ...(params && { params }), ...(query && { query }), ...(headers && { headers }) },
      middleware: [
        answerIn(domain, nameEndpoint(endpoint)),
        ...(endpoint.etag ? [answerUnchanged] : []),
        identifySender(endpoint),
        countRequest(endpoint),
        ...bodyLimits(endpoint),
      ],
    },
    async (c: Context<RestEnv, string, { out: { param: object; query: object } }>) => {
      const asked = { c, sender: c.get("sender") };
      const body = await readBody(asked, endpoint);
      return await endpoint.run({ ...asked, params: c.req.valid("param"), query: c.req.valid("query"), body });
    },
  );
}

/** Headers that an answer without a body keeps. */
const KEPT_HEADERS = ["x-request-id", "access-control-allow-origin", "access-control-allow-credentials"];
// Weak, since it stands for the answer whether it is compressed or not.
const answerUnchanged = etag({ weak: true, retainedHeaders: [...RETAINED_304_HEADERS, ...KEPT_HEADERS] });

const bodyLimits = ({ contract, ownBody }: AnyEndpoint) => (takesBody(contract.method) && !ownBody ? [limitBody] : []);

/** The endpoint's path in Hono's notation. */
function toRoutedPath({ contract, pattern }: AnyEndpoint): string {
  return contract.path.replace(/\{(\w+)\}/g, (_, name: string) =>
    pattern?.[name] ? `:${name}{${pattern[name]}}` : `:${name}`,
  );
}

/** The path as it was sent: paths match byte for byte, so `%6C` is no `l`. Parameters are decoded later. */
function getSentPath({ url }: Request): string {
  const start = url.indexOf("/", url.indexOf("//") + 2);
  const end = url.indexOf("?", start);
  return end === -1 ? url.slice(start) : url.slice(start, end);
}

/** Hono hands on what is no Error of its own realm, such as the failure of a body's stream. */
const answerForeignErrors: MiddlewareHandler<RestEnv> = async (c, next) => {
  try {
    await next();
  } catch (error) {
    c.res = answerError(error, c);
  }
};

/** The id under which the deployment logs the request. Those that clients choose are not taken: they are not unique. */
const nameRequest: MiddlewareHandler<RestEnv> = async (c, next) => {
  const startedAt = Date.now();
  const { requestId } = await c.env.meta.getRequestMetadata();
  c.set("requestId", requestId);
  c.set("startedAt", startedAt);
  await next();
};

const describeAnswer: MiddlewareHandler<RestEnv> = async (c, next) => {
  c.header("X-Request-Id", c.get("requestId"));
  // Also without an origin: what a browser keeps of a page it went to must not answer for what a script asks.
  if (!isAllowedOrigin(c)) c.header("Vary", "Origin");
  await next();
  tellUsage(c);
  if (c.res.status === 500 && c.error !== undefined)
    await noteFailure(c.env, c.error, `${c.req.method} ${nameRoute(c)}`);
  const { status } = c.res;
  await noteDuration(c.env, c.get("operation") ?? OTHER_OPERATION, { status, startedAt: c.get("startedAt") });
  await countAnswer(c.env, c.get("domain") ?? "none", status);
};

/** The endpoint's path with the names of its parameters. */
const nameRoute = (c: RestContext): string =>
  (c.req.matchedRoutes.find(({ path }) => !path.endsWith("*"))?.path ?? "*").replace(/(:\w+)\{[^/]+\}/g, "$1");

const isAllowedOrigin = (c: RestContext): boolean => {
  const origin = c.req.header("origin");
  return origin !== undefined && listAllowedOrigins().includes(origin);
};

const sendCorsHeaders = cors({
  origin: (origin) => origin,
  credentials: true,
  allowMethods: ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"],
  allowHeaders: ["Authorization", "Content-Type", "If-Match", "Idempotency-Key", "X-Guest-Session-Id"],
  exposeHeaders: [
    "ETag",
    "Link",
    "Retry-After",
    "X-Guest-Session-Id",
    "X-Request-Id",
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "Idempotent-Replayed",
  ],
  maxAge: 600,
});

/** CORS for allow-listed origins; others get no header of it. OPTIONS that is no preflight lists a path's methods. */
const allowOrigins: MiddlewareHandler<RestEnv> = (c, next) => {
  const isQuestion = c.req.method === "OPTIONS" && c.req.header("access-control-request-method") === undefined;
  return isAllowedOrigin(c) && !isQuestion ? sendCorsHeaders(c, next) : next();
};

/** The methods of a path, for OPTIONS and for methods it does not serve. */
function listMethods(c: RestContext, methods: string[]): Response {
  const allow = [...methods, "OPTIONS"].sort().join(", ");
  if (c.req.method === "OPTIONS") {
    c.res.headers.delete("Content-Type");
    return c.body(null, 204, { Allow: allow });
  }
  return answerWith(c, { code: "VALIDATION", message: `Method "${c.req.method}" not allowed.` }, 405, { Allow: allow });
}

/** Errors from here on have the body of this domain; the time is the operation's. */
const answerIn =
  ({ toErrorBody, name }: NamedDomain, operation?: string): MiddlewareHandler<RestEnv> =>
  (c, next) => {
    c.set("toErrorBody", toErrorBody);
    c.set("domain", name);
    if (operation !== undefined) c.set("operation", operation);
    return next();
  };

const identifySender =
  (options: EndpointOptions): MiddlewareHandler<RestEnv> =>
  async (c, next) => {
    c.set("sender", await requireSender(c, options));
    await next();
  };

/**
 * Counts a request against its limit: before anything else is done, or by the transaction that answers it
 * (`countedByWrite`), or after the answer when the request failed before that transaction. A request that was refused
 * for something else is then asked whether its credential still holds: if not, that is the better reason.
 */
const countRequest =
  ({ limit = "identity", countedByWrite, countsLogins }: EndpointOptions): MiddlewareHandler<RestEnv> =>
  async (c, next) => {
    if (limit === "own") {
      await next();
      return await noteLoginUsage(c, countsLogins);
    }
    const admission = new Admission(c.env, c.get("sender"), limit);
    c.set("admission", admission);
    try {
      if (!countedByWrite) await countOnce(c, admission);
      await next();
      if (admission.isDue) await countOnce(c, admission);
      if (c.error !== undefined) await countingRefusals(c, () => requireInForce(c));
      await noteLoginUsage(c, countsLogins);
    } catch (error) {
      // Errors of the endpoint are in `c.error`: this is one of counting, or of asking once more.
      // Nothing of the first answer goes along with the better one.
      c.res = undefined;
      throw error;
    } finally {
      noteUsage(c, admission.estimateUsage());
    }
  };

const countOnce = (c: RestContext, admission: Admission) => countingRefusals(c, () => admission.count());

/** Turns what a schema found wrong into the error of the request: an unknown path, or its fields with their reasons. */
const refuseInvalid: Hook<unknown, RestEnv, string, unknown> = (result, c) => {
  if (result.success) return;
  throw result.target === "param"
    ? notFound()
    : toRefusalOfRepeats(result.error, (name) => (c.req.queries(name)?.length ?? 0) > 1);
};
