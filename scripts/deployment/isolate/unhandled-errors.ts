/**
 * Handles errors of user code that nothing awaits: a promise rejected without a handler, an event listener that throws.
 * Node would end the process for them; one function's mistake must not do that.
 */
import { createRequire } from "node:module";
import { actionContext, type TrackedRun } from "./async-context";

/** Node's own record of promises that were rejected without a handler, until it tells of them after this job. */
interface Rejections {
  hasRejectionToWarn(): boolean;
  setHasRejectionToWarn(has: boolean): void;
  /** Emits "unhandledRejection" for those that still have none. */
  processPromiseRejections(): boolean;
}

/**
 * Null without `--expose-internals`. There is no other way to learn of an unhandled rejection before a transaction is
 * committed; without it the rejection is told later, and the transaction stands.
 */
const rejections = loadRejections();

function loadRejections(): Rejections | null {
  try {
    return createRequire(import.meta.url)("internal/process/promises") as Rejections;
  } catch {
    return null;
  }
}

/** A rejection, and the action that it happened in. */
interface Rejection {
  reason: unknown;
  run: TrackedRun | undefined;
}

/** Rejections that were read before the job under way was over: that job may handle them yet. */
const open = new Map<object, Rejection>();
let isCollecting = false;

/**
 * Reads the rejections so far, each with its action. To be called before a sandbox runs, in which no action can be
 * told, and where one of an action would be taken for handled by nobody while its job is not over.
 */
export function collectRejections(): void {
  if (!rejections?.hasRejectionToWarn()) return;
  rejections.setHasRejectionToWarn(false);
  isCollecting = true;
  try {
    rejections.processPromiseRejections();
  } finally {
    isCollecting = false;
  }
}

/**
 * Takes the reason of a promise of a realm that was rejected in the job under way, and that nothing handles. The
 * platform fails a function for it.
 *
 * @param prototype of the realm's promises
 */
export function takeUnhandled(prototype: object): { reason: unknown } | undefined {
  collectRejections();
  let first: { reason: unknown } | undefined;
  for (const [promise, { reason }] of open) {
    if (Object.getPrototypeOf(promise) !== prototype) continue;
    open.delete(promise);
    first ??= { reason };
  }
  return first;
}

/**
 * Waits until rejections of the job under way are handled or have failed their actions. Nothing is waited for when
 * there are none, as far as that can be known.
 */
export function settleRejections(): Promise<void> | undefined {
  collectRejections();
  if (rejections !== null && open.size === 0) return undefined;
  return new Promise((resolve) => setImmediate(resolve));
}

let engines = 0;

/** @returns stops watching. */
export function watchUnhandledErrors(): () => void {
  if (engines++ === 0) {
    process.on("unhandledRejection", onRejection);
    process.on("rejectionHandled", onHandled);
    process.on("uncaughtException", onException);
  }
  return () => {
    if (--engines > 0) return;
    process.off("unhandledRejection", onRejection);
    process.off("rejectionHandled", onHandled);
    process.off("uncaughtException", onException);
  };
}

/** Also the host's promises may be a function's: it is given the host's streams, bodies and keys. */
function onRejection(reason: unknown, promise: object): void {
  const run = actionContext.getStore();
  // Otherwise the job is over, with all its microtasks: that is when the platform looks.
  if (!isCollecting) return failOrTell({ reason, run });
  if (open.size === 0) setImmediate(settleOpen);
  open.set(promise, { reason, run });
}

function onHandled(promise: object): void {
  open.delete(promise);
}

function settleOpen(): void {
  collectRejections();
  const left = [...open.values()];
  open.clear();
  left.forEach(failOrTell);
}

function failOrTell({ reason, run }: Rejection): void {
  if (!run?.fail(reason)) report("Unhandled promise rejection in a function", reason);
}

/** Fails the action in which user code threw without a caller. */
export function failCurrentRun(thrown: unknown): void {
  if (!actionContext.getStore()?.fail(thrown)) report("Uncaught exception in a function", thrown);
}

function onException(error: unknown): void {
  if (!isOwn(error)) return failCurrentRun(error);
  if (process.listenerCount("uncaughtException") > 1) return;
  console.error(error);
  process.exit(1);
}

/** A frame of a pushed module in a stack, with and without the name of a function. */
const PUSHED = /(?:\(| at )convex-module:/;

/**
 * Whether the deployment's own code failed, which may have stopped anywhere: it throws errors of this realm, and none
 * of them out of a pushed module, as `new URL("x")` in a listener is.
 */
const isOwn = (error: unknown): boolean => error instanceof Error && !PUSHED.test(String(error.stack));

function report(what: string, error: unknown): void {
  const text = typeof error === "object" && error !== null && "stack" in error ? String(error.stack) : String(error);
  process.stderr.write(`${what}: ${text}\n`);
}
