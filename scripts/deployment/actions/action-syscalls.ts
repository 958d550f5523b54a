/** The operations of actions (`1.0/actions/…` and the rest they may ask for), for both runtimes. */
import type { Transaction } from "../transactions";
import {
  type FunctionCall,
  type QueryOutcome,
  type MutationOutcome,
  type Outcome,
  resolveScheduled,
  makeFunctionHandle,
  describeIdentity,
  describeFunction,
  describeDeployment,
  describeRequest,
  requireText,
  NestedError,
  readFailure,
} from "../functions";
import { hasUnpairedSurrogate, type Json, UNPAIRED_SURROGATE } from "../values";
import type { ActionRun } from "./action-run";
import { searchVectors } from "./vector-search";

/** The calls that actions make through the engine. */
export interface ActionServices {
  query(call: FunctionCall): Promise<QueryOutcome>;
  mutation(call: FunctionCall): Promise<MutationOutcome>;
  action(call: FunctionCall): Promise<Outcome>;
  transact<T>(work: (tx: Transaction) => T): Promise<T>;
}

type Arguments = Record<string, Json | undefined>;

/**
 * Performs one operation.
 * @returns the result as JSON text.
 * @throws Error with what the action sees; NestedError when the error carries data.
 */
export function performInAction(
  services: ActionServices,
  run: ActionRun,
  op: string,
  json: string,
): string | Promise<string> {
  if (hasUnpairedSurrogate(json)) throw new Error(`Invalid argument: ${UNPAIRED_SURROGATE}`);
  const args = JSON.parse(json) as Arguments;
  const { request, component } = run;
  const { options } = request.code;
  switch (op) {
    case "1.0/actions/query":
      return services.query(makeNestedCall(run, args)).then(requireValue);
    case "1.0/actions/mutation":
      return services.mutation(makeNestedCall(run, args)).then(requireValue);
    case "1.0/actions/action":
      return services.action(makeNestedCall(run, args)).then(requireValue);
    case "1.0/actions/schedule": {
      const { ts, args: jobArgs, ...address } = args;
      const target = resolveScheduled(request, component, {
        address,
        tsSeconds: ts as number,
        args: jobArgs ?? {},
        nowMs: Date.now(),
      });
      return services
        .transact((tx) => options.scheduler.schedule(tx, component, target.call, target.atMs))
        .then((id) => JSON.stringify(id));
    }
    case "1.0/actions/cancel_job":
      return services.transact((tx) => options.scheduler.cancel(tx, component, args.id as string)).then(() => "null");
    case "1.0/actions/vectorSearch":
      return searchVectors(options.store, component, args.query as unknown as Parameters<typeof searchVectors>[2]);
    case "1.0/createFunctionHandle":
      return makeFunctionHandle(request, component, args);
    case "1.0/getUserIdentity":
      return describeIdentity(request);
    case "1.0/getFunctionMetadata":
      if (!run.fn) return JSON.stringify({ name: "http", componentPath: component });
      return describeFunction(run.fn);
    case "1.0/getDeploymentMetadata":
      return describeDeployment(request);
    case "1.0/getRequestMetadata":
      return describeRequest(request);
    case "1.0/auditLog":
      return "null";
    case "1.0/storageGenerateUploadUrl":
      return JSON.stringify(options.storage.generateUploadUrl(component));
    case "1.0/storageGetUrl":
      return JSON.stringify(options.storage.getUrl(null, component, requireText(args.storageId, "storageId")));
    case "1.0/storageGetMetadata":
      return JSON.stringify(options.storage.getMetadata(null, component, requireText(args.storageId, "storageId")));
    case "1.0/storageDelete":
      return deleteFile(services, run, requireText(args.storageId, "storageId"));
    default:
      throw new Error(`Unknown async operation ${op}`);
  }
}

async function deleteFile(services: ActionServices, run: ActionRun, storageId: string): Promise<string> {
  const { storage } = run.request.code.options;
  await services.transact((tx) => storage.delete(tx, run.component, storageId));
  return "null";
}

/** The operations that take or give objects instead of JSON: files. */
export async function performFileOperation(
  run: ActionRun,
  op: string,
  args: Record<string, unknown>,
): Promise<unknown> {
  const { storage } = run.request.code.options;
  switch (op) {
    case "storage/storeBlob": {
      const { blob, options } = args as { blob: unknown; options?: { sha256?: string } };
      if (!(blob instanceof Blob)) {
        throw new Error(
          "store() expects a Blob. If you are trying to store a Request, `await request.blob()` will give you the correct input.",
        );
      }
      return storage.store(run.component, blob, options?.sha256);
    }
    case "storage/getBlob":
      if (typeof args.storageId !== "string") {
        throw new Error(`storage.get requires a string storageId but received ${args.storageId as string}`);
      }
      return storage.load(run.component, args.storageId);
    default:
      throw new Error(`Unknown JS syscall: ${op}`);
  }
}

function makeNestedCall(run: ActionRun, { args, ...address }: Arguments): FunctionCall {
  const { request } = run;
  const target = request.code.table.target(run.component, address);
  const call: FunctionCall = {
    component: target.component,
    path: target.path,
    args: args ?? {},
    // Another component does not learn who the caller is, and a token that proves nothing goes no further.
    identity: target.component === run.component && request.identity?.error === undefined ? request.identity : null,
    reach: "all",
    requestId: request.requestId,
  };
  if (request.client) call.client = request.client;
  if (request.job) call.job = request.job;
  return call;
}

function requireValue(outcome: Outcome): string {
  if (outcome.ok) return outcome.value;
  throw new NestedError(readFailure(outcome));
}
