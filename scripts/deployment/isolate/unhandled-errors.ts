/**
 * Handles errors of user code that nothing awaits: a promise rejected without a handler, an event listener that throws.
 * Node would end the process for them; one function's mistake must not do that.
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

/** Also the host's promises may be a function's: it is given the host's streams, bodies and keys. */
const onRejection = (reason: unknown): void => report("Unhandled promise rejection in a function", reason);

function onException(error: unknown): void {
  if (!isOwn(error)) return report("Uncaught exception in a function", error);
  if (process.listenerCount("uncaughtException") > 1) return;
  console.error(error);
  process.exit(1);
}

/** A frame of a pushed module in a stack, with and without the name of a function. */
const PUSHED = /(?:\(| at )convex-module:/;

/**
 * Whether the deployment's own code failed, which may have stopped anywhere: it throws errors of this realm, and none of
 * them out of a pushed module, as `new URL("x")` in a listener is.
 */
const isOwn = (error: unknown): boolean => error instanceof Error && !PUSHED.test(String(error.stack));

function report(what: string, error: unknown): void {
  const text = typeof error === "object" && error !== null && "stack" in error ? String(error.stack) : String(error);
  process.stderr.write(`${what}: ${text}\n`);
}
