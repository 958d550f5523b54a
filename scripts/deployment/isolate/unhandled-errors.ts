/**
 * Handles errors of user code that nothing awaits: a promise of a sandbox rejected without a handler, an event listener
 * that throws. Node would end the process for them; one function's mistake must not do that.
 */
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

function onRejection(reason: unknown, promise: unknown): void {
  // Promises of this realm are the deployment's own: a bug, which must not pass unnoticed.
  if (promise instanceof Promise && process.listenerCount("unhandledRejection") === 1) throw reason;
  if (!(promise instanceof Promise)) report("Unhandled promise rejection in a function", reason);
}

function onException(error: unknown): void {
  if (isForeign(error)) return report("Uncaught exception in a function", error);
  if (process.listenerCount("uncaughtException") > 1) return;
  console.error(error);
  process.exit(1);
}

function isForeign(error: unknown): boolean {
  return typeof error === "object" && error !== null && !(error instanceof Error) && "stack" in error;
}

function report(what: string, error: unknown): void {
  const text = isForeign(error) ? String((error as { stack: unknown }).stack) : String(error);
  process.stderr.write(`${what}: ${text}\n`);
}
