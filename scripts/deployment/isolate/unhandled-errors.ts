/**
 * Handles errors of user code that nothing awaits: a promise rejected without a handler, an event listener that throws.
 * Node would end the process for them; one function's mistake must not do that.
 */
import { createRequire } from "node:module";

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

/** The first reason for each realm, by the prototype of its promises. */
const reasons = new WeakMap<object, { reason: unknown }>();
let isTaking = false;

/**
 * Takes the reason of a promise of a realm that was rejected in the job under way, and that nothing handles. The
 * platform fails a function for it.
 *
 * @param prototype of the realm's promises
 */
export function takeUnhandled(prototype: object): { reason: unknown } | undefined {
  if (rejections?.hasRejectionToWarn()) {
    rejections.setHasRejectionToWarn(false);
    isTaking = true;
    rejections.processPromiseRejections();
    isTaking = false;
  }
  const found = reasons.get(prototype);
  if (found) reasons.delete(prototype);
  return found;
}

let engines = 0;

/** @returns stops watching. */
export function watchUnhandledErrors(): () => void {
  if (engines++ === 0) {
    process.on("unhandledRejection", onRejection);
    process.on("uncaughtException", onException);
  }
  return () => {
    if (--engines > 0) return;
    process.off("unhandledRejection", onRejection);
    process.off("uncaughtException", onException);
  };
}

/** Also the host's promises may be a function's: it is given the host's streams, bodies and keys. */
function onRejection(reason: unknown, promise: object): void {
  const prototype = Object.getPrototypeOf(promise) as object;
  // The calls of sandboxes end within a job; actions go on, as they may handle it yet.
  if (!isTaking || promise instanceof Promise) return report("Unhandled promise rejection in a function", reason);
  if (!reasons.has(prototype)) reasons.set(prototype, { reason });
}

function onException(error: unknown): void {
  if (!isOwn(error)) return report("Uncaught exception in a function", error);
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
