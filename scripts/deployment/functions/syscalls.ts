/**
 * The operations queries and mutations may ask for (`1.0/…`): arguments as parsed JSON, results as JSON text. Those of
 * actions are in action-syscalls.ts. Shapes: convex/src/server/impl of the npm package.
 */
import { type Transaction, type Metrics, METRICS, LIMITS } from "../transactions";
import type { Json, JsonObject } from "../values";
import { type LoadedFunction, type Address, displayPath } from "./function-table";
import type { RequestScope } from "./request";

/** The execution an operation belongs to. */
export interface Running {
  readonly request: RequestScope;
  readonly fn: LoadedFunction;
  readonly tx: Transaction;
  readonly depth: number;
  readonly isAnonymous: boolean;
  /** @param limits what the called function may use of what is left; null: whatever is left. */
  runNested(address: Address, udfType: string, args: Json, limits: Partial<Metrics> | null): string;
  paginated: boolean;
}

type Arguments = Record<string, Json | undefined>;
type Operation = (run: Running, args: Arguments) => string;

const MAX_JOB_ARGS_BYTES = 4 * 1024 * 1024;
const MAX_SCHEDULE_AHEAD_MS = 5 * 365 * 24 * 60 * 60 * 1000;

export const SYNC_OPERATIONS = new Map<string, Operation>(
  Object.entries({
    "1.0/queryStream": (run, { query }) => `{"queryId":${run.tx.openStream(componentOf(run), query as Json)}}`,
    "1.0/queryCleanup": (run, { queryId }) => {
      run.tx.closeStream(queryId as number);
      return "null";
    },
    "1.0/db/normalizeId": (run, { table, idString }) => {
      const name = text(table, "table");
      return JSON.stringify({
        id: run.tx.normalizeId(componentOf(run), name, text(idString, "idString"), name.startsWith("_")),
      });
    },
    "1.0/getSnapshotTs": (run) => JSON.stringify({ $integer: int64(run.request.code.options.store.lastTs) }),
  } satisfies Record<string, Operation>),
);

export const ASYNC_OPERATIONS = new Map<string, Operation>(
  Object.entries({
    "1.0/get": (run, { id, table, isSystem }) =>
      run.tx.get(componentOf(run), text(id, "id"), optional(table), isSystem === true) ?? "null",
    "1.0/queryStreamNext": (run, { queryId }) => {
      const value = run.tx.nextInStream(queryId as number);
      return value === null ? '{"value":null,"done":true}' : `{"value":${value},"done":false}`;
    },
    "1.0/queryPage": (run, args) => {
      if (componentOf(run) !== "") throw new Error("paginate() is only supported in the app, not in components.");
      if (run.paginated) {
        throw new Error(
          "This query or mutation function ran multiple paginated queries. " +
            "Convex only supports a single paginated query in each function.",
        );
      }
      run.paginated = true;
      const journal = run.depth === 0 ? run.request.journal : { previous: null, next: null };
      return run.tx.page("", args as JsonObject, journal);
    },
    "1.0/count": (run, { table }) => String(run.tx.count(componentOf(run), text(table, "table"))),
    "1.0/insert": (run, { table, value }) =>
      `{"_id":${JSON.stringify(writable(run, "insert").insert(componentOf(run), text(table, "table"), object(value)))}}`,
    "1.0/shallowMerge": (run, { id, value, table }) =>
      writable(run, "patch").shallowMerge(componentOf(run), text(id, "id"), object(value), optional(table)),
    "1.0/replace": (run, { id, value, table }) =>
      writable(run, "replace").replace(componentOf(run), text(id, "id"), object(value), optional(table)),
    "1.0/remove": (run, { id, table }) =>
      writable(run, "delete").remove(componentOf(run), text(id, "id"), optional(table)),

    "1.0/runUdf": (run, { udfType, args, transactionLimits, ...address }) =>
      run.runNested(address as Address, text(udfType, "udfType"), args ?? {}, limitsOf(transactionLimits)),
    "1.0/createFunctionHandle": (run, address) => functionHandle(run.request, componentOf(run), address as Address),
    "1.0/schedule": (run, { ts, args, ...address }) => schedule(run, address as Address, ts as number, args ?? {}),
    "1.0/cancel_job": (run, { id }) => {
      run.request.code.options.scheduler.cancel(writable(run, "cancel"), componentOf(run), text(id, "id"));
      return "null";
    },

    "1.0/getUserIdentity": (run) => {
      run.request.observed.identity = true;
      return run.isAnonymous ? "null" : identityText(run.request);
    },
    "1.0/getFunctionMetadata": (run) => functionMetadata(run.fn),
    "1.0/getDeploymentMetadata": (run) => deploymentMetadata(run.request),
    "1.0/getRequestMetadata": (run) => {
      if (run.fn.udfType !== "mutation") throw new Error("getRequestMetadata() is not available in queries.");
      return requestMetadata(run.request);
    },
    "1.0/getTransactionMetrics": (run) => transactionMetrics(run),
    // Entries go to the log streams of a deployment, of which this one has none.
    "1.0/auditLog": () => "null",

    "1.0/storageGetUrl": (run, { storageId }) =>
      JSON.stringify(run.request.code.options.storage.getUrl(run.tx, componentOf(run), text(storageId, "storageId"))),
    "1.0/storageGetMetadata": (run, { storageId }) =>
      storageMetadata(run.tx, componentOf(run), text(storageId, "storageId")),
    "1.0/storageGenerateUploadUrl": (run) => {
      writable(run, "generateUploadUrl");
      return JSON.stringify(run.request.code.options.storage.generateUploadUrl(componentOf(run)));
    },
    "1.0/storageDelete": (run, { storageId }) => {
      run.request.code.options.storage.delete(writable(run, "delete"), componentOf(run), text(storageId, "storageId"));
      return "null";
    },
  } satisfies Record<string, Operation>),
);

export function functionHandle(request: RequestScope, component: string, address: Address): string {
  if (address.functionHandle !== undefined) return JSON.stringify(address.functionHandle);
  const { table } = request.code;
  const target = table.target(component, address);
  const found = table.find(target.component, target.path, "all");
  if (typeof found === "string") throw new Error(found);
  return JSON.stringify(table.handle({ component: target.component, path: found.identifier }));
}

export function identityText(request: RequestScope): string {
  return request.identity === null ? "null" : JSON.stringify(request.identity.claims);
}

export function functionMetadata(fn: Pick<LoadedFunction, "identifier" | "component">): string {
  return JSON.stringify({ name: displayPath(fn.identifier), componentPath: fn.component.instance.path });
}

export function deploymentMetadata(request: RequestScope): string {
  const url = request.code.options.environment().CONVEX_CLOUD_URL ?? "";
  return JSON.stringify({
    name: /^https?:\/\/([^/:]+)/.exec(url)?.[1] ?? "embedded",
    region: null,
    class: "s16",
  });
}

export function requestMetadata(request: RequestScope): string {
  return JSON.stringify({
    ip: request.client?.ip ?? null,
    userAgent: request.client?.userAgent ?? null,
    requestId: request.requestId,
    scheduledFunctionId: request.job?.id ?? null,
    authToken: null,
  });
}

/** `_storage` as `FileMetadata`: the checksum in hex, as the old API has it. */
export function storageMetadata(tx: Transaction, component: string, storageId: string): string {
  const id = tx.normalizeId(component, "_storage", storageId, true);
  const found = id === null ? null : tx.get(component, id, "_storage", true);
  if (found === null) return "null";
  const file = JSON.parse(found) as { sha256: string; size: number; contentType?: string };
  return JSON.stringify({
    storageId: id,
    sha256: Buffer.from(file.sha256, "base64").toString("hex"),
    size: file.size,
    contentType: file.contentType ?? null,
  });
}

/**
 * Checks a job before it is handed to the scheduler.
 * @returns component and path to schedule, and the time in ms.
 */
export function scheduleTarget(
  request: RequestScope,
  component: string,
  job: { address: Address; tsSeconds: number; args: Json; nowMs: number },
) {
  const { address, tsSeconds, args, nowMs } = job;
  const target = request.code.table.target(component, address);
  const found = request.code.table.find(target.component, target.path, "all");
  if (typeof found === "string" || found.udfType === "query") {
    throw new Error(`Attempted to schedule function at nonexistent path: ${target.path}`);
  }
  if (typeof tsSeconds !== "number" || !Number.isFinite(tsSeconds))
    throw new Error("Invalid argument `ts` for scheduler: not a time");
  const atMs = tsSeconds * 1000;
  if (Math.abs(atMs - nowMs) > MAX_SCHEDULE_AHEAD_MS)
    throw new Error("Functions can be scheduled at most 5 years from now.");
  const bytes = JSON.stringify(args).length;
  if (bytes > MAX_JOB_ARGS_BYTES)
    throw new Error(`Arguments of a scheduled function are too large (${bytes} bytes, limit: 4 MiB)`);
  return {
    atMs,
    bytes,
    call: {
      component: target.component,
      path: found.identifier,
      args,
      identity: null,
      reach: "all" as const,
      ...(request.job ? { job: request.job } : {}),
    },
  };
}

function schedule(run: Running, address: Address, ts: number, args: Json): string {
  const { request } = run;
  const tx = writable(run, "schedule");
  const { atMs, bytes, call } = scheduleTarget(request, componentOf(run), {
    address,
    tsSeconds: ts,
    args,
    nowMs: tx.now,
  });
  tx.charge({ functionsScheduled: 1, scheduledFunctionArgsBytes: bytes });
  return JSON.stringify(request.code.options.scheduler.schedule(tx, componentOf(run), call, atMs));
}

function transactionMetrics({ tx }: Running): string {
  const metric = (used: number, limit: number) => ({ used, remaining: Math.max(limit - used, 0) });
  return JSON.stringify({
    ...Object.fromEntries(METRICS.map((name) => [name, metric(tx.metrics[name], LIMITS[name])])),
    filesWritten: metric(0, 0),
    fileWriteBytes: metric(0, 0),
    filesRead: metric(0, 0),
    fileReadBytes: metric(0, 0),
  });
}

/** `transactionLimits` of a call. They are counted on top of the caller's own, which they therefore cannot raise. */
function limitsOf(given: Json | undefined): Partial<Metrics> | null {
  if (given === undefined) return null;
  const limits = object(given);
  return Object.fromEntries(
    METRICS.flatMap((name) => {
      const limit = limits[name];
      if (limit === undefined) return [];
      if (typeof limit !== "number" || limit < 0)
        throw new Error(`Invalid transactionLimits: \`${name}\` must be a number that is not negative`);
      return [[name, limit]];
    }),
  );
}

function componentOf(run: Running): string {
  return run.fn.component.instance.path;
}

function writable(run: Running, operation: string): Transaction {
  if (run.fn.udfType !== "mutation") throw new Error(`Can't use ${operation} in a query: queries cannot write.`);
  return run.tx;
}

function text(value: Json | undefined, name: string): string {
  if (typeof value !== "string")
    throw new Error(`Invalid argument \`${name}\`: expected a string, got ${typeof value}`);
  return value;
}

function optional(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function object(value: Json | undefined): JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Error("Invalid argument `value`: expected an object");
  return value;
}

/** Convex JSON of an int64: 8 little-endian bytes in base64. */
export function int64(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(BigInt.asIntN(64, value));
  return bytes.toString("base64");
}
