/** Inline functions: their code runs here, with Convex's own `ctx`, and each of its system calls in the deployment. */
import { AsyncLocalStorage } from "node:async_hooks";
import { actionGeneric, mutationGeneric, queryGeneric, type StorageActionWriter } from "convex/server";
import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { callAndBlock, callFunction, type CalledFunction, type Target } from "./wire";

/** The name of the pushed module, in the application and in every component. */
export const BRIDGE = "conformanceBridge";

export type Kind = "query" | "mutation" | "action";

/** Code given by a test. Its `ctx` is as its author has typed it. */
export type InlineFunction = (ctx: object) => unknown;

interface Run {
  target: Target;
  componentPath: string;
  kind: Kind;
  /** The rows left in each open stream; null for one that nothing was read from. */
  streams: Map<number, { query: string; rows: unknown[] | null }>;
}

interface Invocable {
  invokeQuery(args: string): Promise<string>;
  invokeMutation(args: string): Promise<string>;
  invokeAction(requestId: string, args: string): Promise<string>;
}

const runs = new AsyncLocalStorage<Run>();

function readRun(): Run {
  const run = runs.getStore();
  if (run === undefined) throw new Error("A system call outside of an inline function.");
  return run;
}

function addressBridge(run: Run, name: string, args: JSONValue): CalledFunction {
  return { componentPath: run.componentPath, path: `${BRIDGE}:${name}`, args };
}

function syscall(op: string, json: string): string {
  const run = readRun();
  if (op === "1.0/queryStream") {
    const queryId = run.streams.size;
    run.streams.set(queryId, { query: json, rows: null });
    return JSON.stringify({ queryId });
  }
  if (op === "1.0/queryCleanup") return "null";
  return callAndBlock(run.target, addressBridge(run, run.kind, { op: `sync:${op}`, json })) as string;
}

async function asyncSyscall(op: string, json: string): Promise<string> {
  const run = readRun();
  const ask = async (name: string, text: string) =>
    (await callFunction(run.target, addressBridge(run, run.kind, { op: name, json: text }))) as string;
  if (op !== "1.0/queryStreamNext") return await ask(op, json);
  const stream = run.streams.get((JSON.parse(json) as { queryId: number }).queryId)!;
  stream.rows ??= JSON.parse(await ask("readStream", stream.query)) as unknown[];
  return JSON.stringify(stream.rows.length === 0 ? { value: null, done: true } : { value: stream.rows.shift() });
}

async function jsSyscall(op: string, given: { blob: Blob; storageId: string }): Promise<unknown> {
  const run = readRun();
  const ask = (name: string, args: Record<string, Value>) =>
    callFunction(run.target, addressBridge(run, name, convexToJson(args)));
  if (op === "storage/storeBlob")
    return await ask("storeBlob", { bytes: await given.blob.arrayBuffer(), type: given.blob.type });
  if (op !== "storage/getBlob") throw new Error(`No system call ${op}.`);
  const found = jsonToConvex(await ask("getBlob", { id: given.storageId })) as {
    bytes: ArrayBuffer;
    type: string;
  } | null;
  return found === null ? null : new Blob([found.bytes], { type: found.type });
}

/** Makes the system calls of the `convex` package those of the inline function that runs. */
export function installSystemCalls(): void {
  Object.assign(globalThis, { Convex: { syscall, asyncSyscall, jsSyscall } });
}

const noArguments = JSON.stringify([{}]);

const INVOKERS: Record<Kind, (handler: (ctx: object) => Promise<null>) => Promise<unknown>> = {
  query: (handler) => (queryGeneric({ handler }) as unknown as Invocable).invokeQuery(noArguments),
  mutation: (handler) => (mutationGeneric({ handler }) as unknown as Invocable).invokeMutation(noArguments),
  action: (handler) => (actionGeneric({ handler }) as unknown as Invocable).invokeAction("inline", noArguments),
};

/** Runs an inline function. @returns what it returns, as a function's answer is. */
export async function runInline(
  target: Target,
  kind: Kind,
  inline: InlineFunction,
  componentPath = "",
): Promise<unknown> {
  return await runs.run({ target, kind, componentPath, streams: new Map() }, async () => {
    const outcome: { value?: unknown; error?: { thrown: unknown } } = {};
    await INVOKERS[kind](async (ctx) => {
      try {
        outcome.value = await inline(ctx);
      } catch (thrown) {
        outcome.error = { thrown };
      }
      return null;
    });
    if (outcome.error !== undefined) throw outcome.error.thrown;
    return jsonToConvex(convexToJson((outcome.value ?? null) as Value));
  });
}

/** Runs what is given to `t.run`: a mutation that can also store and read files. */
export async function runWithStorage(target: Target, inline: InlineFunction): Promise<unknown> {
  let storage: StorageActionWriter | undefined;
  await INVOKERS.action((ctx) => {
    storage = (ctx as { storage: StorageActionWriter }).storage;
    return Promise.resolve(null);
  });
  return await runInline(target, "mutation", (ctx) => inline({ ...ctx, storage }));
}
