/** Failures as an operator reads them: which request, its id, and the cause with its frames. */
import type { LogRecord } from "../../functions";

/** Errors that a caller can provoke and gets to see. */
const OF_THE_CALLER = /^(?:Uncaught ConvexError|ArgumentValidationError)/;

/**
 * @returns what an execution wrote with `console.error`, a line each, and the error it ended with unless that is its
 * caller's business.
 */
export function describeFailures(record: LogRecord): string[] {
  const where = `${record.identifier}${record.component === "" ? "" : ` in component ${record.component}`}`;
  const texts = record.logLines.filter(({ level }) => level === "ERROR").map(({ messages }) => messages.join(" "));
  if (record.error !== null && !OF_THE_CALLER.test(record.error)) texts.push(record.error.trimEnd());
  return texts.map((text) => formatFailure(record.timestamp, where, record.requestId, text));
}

/** The text for a request that the deployment itself could not answer. */
export function describeRequestFailure(method: string, path: string, requestId: string, error: unknown): string {
  // Query strings may carry credentials.
  const where = `${method} ${path.split("?", 1)[0]}`;
  return formatFailure(
    Date.now(),
    where,
    requestId,
    error instanceof Error ? (error.stack ?? error.message) : String(error),
  );
}

function formatFailure(atMs: number, where: string, requestId: string, text: string): string {
  return `${new Date(atMs).toISOString()} ERROR ${where} [request ${requestId}] ${text}`;
}
