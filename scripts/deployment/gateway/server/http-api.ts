import type { IncomingMessage, ServerResponse } from "node:http";
import type { Environment, PushService } from "../../deploy";
import type { Engine } from "../../engine";
import type { FunctionCall, Outcome } from "../../functions";
import type { AdminKeys, TokenVerifier } from "../../identity";
import { HttpError } from "../../lib";
import type { Store } from "../../transactions";
import { cleanJsonText, type Json, isNestedDeeper, TOO_NESTED } from "../../values";
import { type DeploymentMetrics, type LogStream, METRICS_TYPE, type SystemQueries } from "../admin";
import { type FileStorage, handleDownload, handleUpload } from "../files";
import {
  authenticate,
  type Caller,
  readClientInfo,
  readBody,
  readJson,
  redact,
  requireAdmin,
  requireString,
  sendJson,
  sendText,
} from "../http";
import { type Exports, handleSnapshot, type Imports } from "../snapshots";
import { decodeTs, encodeTs } from "../sync";
import { updateVariables } from "./variables";

/** Arguments may have 16 MiB; JSON needs some more for them. */
const MAX_CALL_BYTES = 20 * 1024 * 1024;
const MAX_PUSH_BYTES = 200 * 1024 * 1024;
const VERSION = "unknown";

export interface ApiHost {
  engine: Engine;
  store: Store;
  keys: AdminKeys;
  tokens: TokenVerifier;
  env: Environment;
  push: PushService;
  logs: LogStream;
  metrics: DeploymentMetrics;
  system: SystemQueries;
  storage: FileStorage;
  exports: Exports;
  imports: Imports;
  cloudUrl: string;
  siteUrl: string;
  redactErrors: boolean;
}

type Handler = (host: ApiHost, request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void> | void;

/** By method and path. What the CLI finds missing it retries as if it were late, so unknown paths below answer 400. */
const ROUTES: Record<string, Handler> = {
  "GET /": (_host, _request, response) =>
    sendText(response, 200, "This deployment is running.\n", "text/plain; charset=utf-8"),
  "GET /version": (_host, _request, response) => sendText(response, 200, VERSION, "text/plain; charset=utf-8"),
  "GET /instance_version": (_host, _request, response) => sendText(response, 200, VERSION, "text/plain; charset=utf-8"),
  "GET /instance_name": (host, _request, response) =>
    sendText(response, 200, host.keys.instanceName, "text/plain; charset=utf-8"),
  "GET /metrics": (host, request, response, url) => {
    requireMetricsKey(host, request, url);
    sendText(response, 200, host.metrics.render(), METRICS_TYPE);
  },
  "POST /echo": async (_host, request, response) =>
    sendText(
      response,
      200,
      (await readBody(request, MAX_CALL_BYTES)).toString("utf8"),
      request.headers["content-type"] ?? "text/plain",
    ),

  "GET /api/query": handleQuery,
  "POST /api/query": (host, request, response) => handleCall(host, request, response, "query"),
  "POST /api/mutation": (host, request, response) => handleCall(host, request, response, "mutation"),
  "POST /api/action": (host, request, response) => handleCall(host, request, response, "action"),
  "POST /api/function": (host, request, response) => handleCall(host, request, response, "any"),
  "POST /api/query_ts": (host, _request, response) => sendJson(response, 200, { ts: encodeTs(host.store.keepTs()) }),
  "POST /api/query_at_ts": handleQueryAt,
  "POST /api/query_batch": handleQueryBatch,

  "GET /api/v1/get_canonical_urls": (host, request, response, url) => {
    requireAdmin(request, host.keys, url);
    sendJson(response, 200, { convexCloudUrl: host.cloudUrl, convexSiteUrl: host.siteUrl });
  },
  "POST /api/get_config_hashes": makeAdminHandler(async (host) => host.push.describeConfig()),
  "POST /api/deploy2/start_push": makeAdminHandler((host, body) => host.push.start(body)),
  "POST /api/deploy2/evaluate_push": makeAdminHandler((host, body) => host.push.previewPush(body)),
  "POST /api/deploy2/evaluate_schema": makeAdminHandler((host, body) => host.push.previewSchemas(body)),
  "POST /api/deploy2/wait_for_schema": makeAdminHandler((host, body) =>
    host.push.waitForSchema(body["schemaChange"], Number(body["timeoutMs"] ?? 10_000)),
  ),
  "POST /api/deploy2/finish_push": makeAdminHandler(async (host, body) =>
    host.push.finish(body["startPush"], body["dryRun"] === true),
  ),
  "POST /api/deploy2/report_push_completed": makeAdminHandler(async () => null),
  "POST /api/update_environment_variables": makeAdminHandler(updateVariables),
  "POST /api/v1/update_environment_variables": makeAdminHandler(updateVariables),
  "GET /api/v1/list_environment_variables": (host, request, response, url) => {
    requireAdmin(request, host.keys, url);
    sendJson(response, 200, { environmentVariables: host.env.user() });
  },
  "GET /api/stream_function_logs": async (host, request, response, url) => {
    requireAdmin(request, host.keys, url);
    const gone = new AbortController();
    response.on("close", () => gone.abort());
    const page = await host.logs.poll(Number(url.searchParams.get("cursor") ?? 0), gone.signal);
    if (!response.destroyed) sendJson(response, 200, page);
  },
  "POST /api/storage/upload": (host, request, response, url) => handleUpload(host.storage, request, response, url),
};

/** The admin key, as the CLI sends it or as Prometheus does (`Authorization: Bearer <key>`). */
function requireMetricsKey(host: ApiHost, request: IncomingMessage, url: URL): void {
  const bearer = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (bearer === undefined) requireAdmin(request, host.keys, url);
  else host.keys.require(bearer);
}

/** Everything the cloud port answers besides WebSockets and `/http/…`. */
export async function handleApi(host: ApiHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", host.cloudUrl);
  const method = request.method ?? "GET";
  if (allowCrossOrigin(request, response)) return;
  const handler =
    ROUTES[`${method} ${url.pathname}`] ?? (method === "HEAD" ? ROUTES[`GET ${url.pathname}`] : undefined);
  if (handler !== undefined) return handler(host, request, response, url);
  const file = /^\/api\/storage\/([0-9a-f-]{36})$/.exec(url.pathname)?.[1];
  if (file !== undefined && (method === "GET" || method === "HEAD"))
    return handleDownload(host.storage.open(file, url.searchParams.get("component") ?? ""), request, response);
  const run = /^\/api\/run\/(.+)$/.exec(url.pathname)?.[1];
  if (run !== undefined && method === "POST") return runByPath(host, request, response, run);
  if (await handleSnapshot(host, request, response, url)) return;
  const status = url.pathname.startsWith("/api/") ? 400 : 404;
  throw new HttpError(status, "NotFound", `This deployment does not answer ${method} ${url.pathname}.`);
}

/** Browsers on any origin may call the API: it goes by tokens, never by cookies. True when this was a preflight. */
function allowCrossOrigin(request: IncomingMessage, response: ServerResponse): boolean {
  const origin = request.headers.origin;
  if (origin === undefined) return false;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Access-Control-Allow-Credentials", "true");
  response.setHeader("Vary", "Origin");
  if (request.method !== "OPTIONS") return false;
  response.setHeader("Access-Control-Allow-Methods", "GET, POST, PUT, PATCH, DELETE, OPTIONS");
  response.setHeader("Access-Control-Allow-Headers", request.headers["access-control-request-headers"] ?? "*");
  response.setHeader("Access-Control-Max-Age", "86400");
  response.writeHead(200, { "Content-Length": 0 });
  response.end();
  return true;
}

/**
 * An endpoint for administrators: JSON in, JSON or nothing out, the key in the header, the query string or the body.
 */
function makeAdminHandler(work: (host: ApiHost, body: Record<string, unknown>) => Promise<unknown>): Handler {
  return async (host, request, response, url) => {
    // A key in the header is checked before the body is taken in; without one the key is in the body.
    if (request.headers.authorization !== undefined) requireAdmin(request, host.keys, url);
    const body = await readJson(request, MAX_PUSH_BYTES);
    requireAdmin(request, host.keys, url, body["adminKey"]);
    const answer = await work(host, body);
    if (answer === undefined) response.writeHead(200, { "Content-Length": 0 }).end();
    else sendJson(response, 200, answer);
  };
}

type Kind = "query" | "mutation" | "action" | "any";

async function handleCall(
  host: ApiHost,
  request: IncomingMessage,
  response: ServerResponse,
  kind: Kind,
): Promise<void> {
  const caller = await authenticate(request.headers.authorization, host.keys, host.tokens);
  const body = await readJson(request, MAX_CALL_BYTES);
  await answerCall({ host, caller, request, response }, body, kind);
}

/** `GET /api/query?path=…&args=…&format=…`, with the arguments as JSON. */
async function handleQuery(
  host: ApiHost,
  request: IncomingMessage,
  response: ServerResponse,
  { searchParams }: URL,
): Promise<void> {
  const caller = await authenticate(request.headers.authorization, host.keys, host.tokens);
  const given: Record<string, unknown> = Object.fromEntries(searchParams);
  try {
    if (given["args"] !== undefined) given["args"] = JSON.parse(given["args"] as string);
  } catch {
    throw new HttpError(400, "BadQueryArgs", 'Parameter "args" is not valid JSON.');
  }
  await answerCall({ host, caller, request, response }, given, "query");
}

interface Exchange {
  host: ApiHost;
  caller: Caller;
  request: IncomingMessage;
  response: ServerResponse;
}

async function answerCall(
  { host, caller, request, response }: Exchange,
  given: Record<string, unknown>,
  kind: Kind,
): Promise<void> {
  const isPlain = readsPlainJson(given);
  const outcome = await execute(host, readFunctionCall(given, caller, request), kind);
  sendText(response, 200, formatOutcome(redactFor(host, caller, outcome), isPlain));
}

/** Whether values are wanted as plain JSON, not in the encoding that gives all of them back; it has had two names. */
function readsPlainJson(given: Record<string, unknown>): boolean {
  if (given["format"] === undefined || given["format"] === null) return true;
  const format = requireString(given, "format");
  if (format === "json" || format === "convex_clean_json") return true;
  if (format === "convex_encoded_json" || format === "convex_json") return false;
  throw new HttpError(400, "BadFormat", `format param must be one of [\`json\`]. Got ${format}`);
}

async function handleQueryAt(host: ApiHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const caller = await authenticate(request.headers.authorization, host.keys, host.tokens);
  const body = await readJson(request, MAX_CALL_BYTES);
  const ts = decodeTs(requireString(body, "ts"));
  if (ts === null) throw new HttpError(400, "BadJsonBody", 'Field "ts" is no timestamp of /api/query_ts.');
  const isPlain = readsPlainJson(body);
  const outcome = host.engine.queryAt(readFunctionCall(body, caller, request), ts);
  if (outcome === null)
    throw new HttpError(
      400,
      "TimestampTooOld",
      "That timestamp is more than 30 s old, or from before the last push. Get a new one from /api/query_ts.",
    );
  sendText(response, 200, formatOutcome(redactFor(host, caller, outcome), isPlain));
}

async function handleQueryBatch(host: ApiHost, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const caller = await authenticate(request.headers.authorization, host.keys, host.tokens);
  const body = await readJson(request, MAX_CALL_BYTES);
  if (!Array.isArray(body["queries"])) throw new HttpError(400, "BadJsonBody", 'Field "queries" must be an array.');
  // No await between them: all see the same state.
  const results = (body["queries"] as Record<string, unknown>[]).map((query) => {
    const isPlain = readsPlainJson(query);
    const outcome = host.engine.query(readFunctionCall(query, caller, request));
    return formatOutcome(redactFor(host, caller, outcome), isPlain);
  });
  sendText(response, 200, `{"results":[${results.join(",")}]}`);
}

/** `POST /api/run/<module>/<function>`, the form that generated clients use. */
async function runByPath(
  host: ApiHost,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const caller = await authenticate(request.headers.authorization, host.keys, host.tokens);
  const body = await readJson(request, MAX_CALL_BYTES);
  const parts = path.split("/").map(decodeURIComponent);
  const name = parts.pop()!;
  const fn = parts.length === 0 || name.includes(":") ? [...parts, name].join("/") : `${parts.join("/")}:${name}`;
  await answerCall({ host, caller, request, response }, { ...body, path: fn }, "any");
}

async function execute(host: ApiHost, target: FunctionCall, kind: Kind): Promise<Outcome> {
  if (host.system.isSystemQuery(target.path)) return host.system.run(target);
  const actual = kind === "any" ? host.engine.resolve(target.component, target.path, target.reach) : kind;
  switch (actual) {
    case "mutation":
      return host.engine.mutation(target);
    case "action":
      return host.engine.action(target);
    case null:
      return {
        ok: false,
        errorMessage: `Could not find ${target.reach === "all" ? "" : "public "}function for '${target.path}'.`,
        logLines: [],
      };
    default:
      return host.engine.query(target);
  }
}

function readFunctionCall(body: Record<string, unknown>, caller: Caller, request: IncomingMessage): FunctionCall {
  const component = typeof body["componentPath"] === "string" ? body["componentPath"] : "";
  if (component !== "" && !caller.admin)
    throw new HttpError(
      403,
      "ComponentForbidden",
      "Functions in components can only be called directly with the admin key.",
    );
  // The platform refuses calls without arguments; clients of other languages leave them out.
  const args = Array.isArray(body["args"]) ? (body["args"] as Json[])[0] : (body["args"] as Json | undefined);
  if (args !== undefined && isNestedDeeper(args))
    throw new HttpError(400, "BadJsonBody", `Field "args" is ${TOO_NESTED}.`);
  return {
    component,
    path: requireString(body, "path"),
    args: args ?? {},
    identity: caller.identity,
    reach: caller.admin ? "all" : "public",
    client: readClientInfo(request),
  };
}

function redactFor(host: ApiHost, caller: Caller, outcome: Outcome): Outcome {
  return host.redactErrors && !caller.admin ? redact(outcome) : outcome;
}

/** A function's failure is an answer like any other; only the deployment's own failures are errors of HTTP. */
function formatOutcome(outcome: Outcome, clean: boolean): string {
  const logs = `,"logLines":${JSON.stringify(outcome.logLines)}}`;
  if (outcome.ok) return `{"status":"success","value":${clean ? cleanJsonText(outcome.value) : outcome.value}${logs}`;
  const data =
    outcome.errorData === undefined
      ? ""
      : `,"errorData":${clean ? cleanJsonText(outcome.errorData) : outcome.errorData}`;
  return `{"status":"error","errorMessage":${JSON.stringify(outcome.errorMessage)}${data}${logs}`;
}
