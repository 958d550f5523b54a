/**
 * The operations queries and mutations may ask for (`1.0/…`): arguments as parsed JSON, results as JSON text. Those of
 * actions are in action-syscalls.ts. Shapes: convex/src/server/impl of the npm package.
 */
import { type Transaction, type Metrics, METRICS, LIMITS } from "../transactions";
import type { Json, JsonObject } from "../values";
import type { Address, LoadedFunction } from "./function-table";
import type { RequestScope } from "./request";
import { resolveScheduled } from "./schedule-target";
import {
  describeDeployment,
  makeFunctionHandle,
  describeFunction,
  describeIdentity,
  encodeInt64,
  describeRequest,
} from "./syscall-answers";

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
export type Operation = (run: Running, args: Arguments) => string;

export const SYNC_OPERATIONS = new Map<string, Operation>(
  Object.entries({
    "1.0/queryStream": (run, { query }) => `{"queryId":${run.tx.openStream(readComponentPath(run), query as Json)}}`,
    "1.0/queryCleanup": (run, { queryId }) => {
      run.tx.closeStream(queryId as number);
      return "null";
    },
    "1.0/db/normalizeId": (run, { table, idString }) => {
      const name = requireText(table, "table");
      return JSON.stringify({
        id: run.tx.normalizeId(readComponentPath(run), name, requireText(idString, "idString"), name.startsWith("_")),
      });
    },
    "1.0/getSnapshotTs": (run) => JSON.stringify({ $integer: encodeInt64(run.request.code.options.store.lastTs) }),
  } satisfies Record<string, Operation>),
);

export const ASYNC_OPERATIONS = new Map<string, Operation>(
  Object.entries({
    "1.0/get": (run, { id, table, isSystem }) =>
      run.tx.get(readComponentPath(run), requireText(id, "id"), readOptionalText(table), isSystem === true) ?? "null",
    "1.0/queryStreamNext": (run, { queryId }) => {
      const value = run.tx.nextInStream(queryId as number);
      return value === null ? '{"value":null,"done":true}' : `{"value":${value},"done":false}`;
    },
    "1.0/queryPage": (run, args) => {
      if (run.paginated) {
        throw new Error(
          "This query or mutation function ran multiple paginated queries. " +
            "Convex only supports a single paginated query in each function.",
        );
      }
      run.paginated = true;
      const journal = run.depth === 0 ? run.request.journal : { previous: null, next: null };
      return run.tx.readPage(readComponentPath(run), args as JsonObject, journal);
    },
    "1.0/count": (run, { table }) => String(run.tx.count(readComponentPath(run), requireText(table, "table"))),
    "1.0/insert": (run, { table, value }) => {
      const tx = requireWritable(run, "insert");
      const id = tx.insert(readComponentPath(run), requireText(table, "table"), requireObject(value));
      return `{"_id":${JSON.stringify(id)}}`;
    },
    "1.0/shallowMerge": (run, { id, value, table }) =>
      requireWritable(run, "patch").shallowMerge(
        readComponentPath(run),
        requireText(id, "id"),
        requireObject(value),
        readOptionalText(table),
      ),
    "1.0/replace": (run, { id, value, table }) =>
      requireWritable(run, "replace").replace(
        readComponentPath(run),
        requireText(id, "id"),
        requireObject(value),
        readOptionalText(table),
      ),
    "1.0/remove": (run, { id, table }) =>
      requireWritable(run, "delete").remove(readComponentPath(run), requireText(id, "id"), readOptionalText(table)),

    "1.0/runUdf": (run, { udfType, args, transactionLimits, ...address }) =>
      run.runNested(address as Address, requireText(udfType, "udfType"), args ?? {}, readLimits(transactionLimits)),
    "1.0/createFunctionHandle": (run, address) =>
      makeFunctionHandle(run.request, readComponentPath(run), address as Address),
    "1.0/schedule": (run, { ts, args, ...address }) => schedule(run, address as Address, ts as number, args ?? {}),
    "1.0/cancel_job": (run, { id }) => {
      run.request.code.options.scheduler.cancel(
        requireWritable(run, "cancel"),
        readComponentPath(run),
        requireText(id, "id"),
      );
      return "null";
    },

    "1.0/getUserIdentity": (run) => {
      run.request.observed.identity = true;
      return run.isAnonymous ? "null" : describeIdentity(run.request);
    },
    "1.0/getFunctionMetadata": (run) => describeFunction(run.fn),
    "1.0/getDeploymentMetadata": (run) => describeDeployment(run.request),
    "1.0/getRequestMetadata": (run) => {
      if (run.fn.udfType !== "mutation") throw new Error("getRequestMetadata() is not available in queries.");
      return describeRequest(run.request);
    },
    "1.0/getTransactionMetrics": (run) => describeTransactionMetrics(run),
    // Entries go to the log streams of a deployment, of which this one has none.
    "1.0/auditLog": () => "null",

    "1.0/storageGetUrl": (run, { storageId }) =>
      JSON.stringify(
        run.request.code.options.storage.getUrl(run.tx, readComponentPath(run), requireText(storageId, "storageId")),
      ),
    "1.0/storageGetMetadata": (run, { storageId }) =>
      JSON.stringify(
        run.request.code.options.storage.getMetadata(
          run.tx,
          readComponentPath(run),
          requireText(storageId, "storageId"),
        ),
      ),
    "1.0/storageGenerateUploadUrl": (run) => {
      requireWritable(run, "generateUploadUrl");
      return JSON.stringify(run.request.code.options.storage.generateUploadUrl(readComponentPath(run)));
    },
    "1.0/storageDelete": (run, { storageId }) => {
      run.request.code.options.storage.delete(
        requireWritable(run, "delete"),
        readComponentPath(run),
        requireText(storageId, "storageId"),
      );
      return "null";
    },
  } satisfies Record<string, Operation>),
);

function schedule(run: Running, address: Address, ts: number, args: Json): string {
  const { request } = run;
  const tx = requireWritable(run, "schedule");
  const { atMs, bytes, call } = resolveScheduled(request, readComponentPath(run), {
    address,
    tsSeconds: ts,
    args,
    nowMs: tx.now,
  });
  tx.charge({ functionsScheduled: 1, scheduledFunctionArgsBytes: bytes });
  return JSON.stringify(request.code.options.scheduler.schedule(tx, readComponentPath(run), call, atMs));
}

function describeTransactionMetrics({ tx }: Running): string {
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
function readLimits(given: Json | undefined): Partial<Metrics> | null {
  if (given === undefined) return null;
  const limits = requireObject(given);
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

function readComponentPath(run: Running): string {
  return run.fn.component.instance.path;
}

function requireWritable(run: Running, operation: string): Transaction {
  if (run.fn.udfType !== "mutation") throw new Error(`Can't use ${operation} in a query: queries cannot write.`);
  return run.tx;
}

export function requireText(value: Json | undefined, name: string): string {
  if (typeof value !== "string")
    throw new Error(`Invalid argument \`${name}\`: expected a string, got ${typeof value}`);
  return value;
}

function readOptionalText(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function requireObject(value: Json | undefined): JsonObject {
  if (value === null || typeof value !== "object" || Array.isArray(value))
    throw new Error("Invalid argument `value`: expected an object");
  return value;
}
