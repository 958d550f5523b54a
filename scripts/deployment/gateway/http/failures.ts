/** Failures as an operator reads them: which request, its id, and the cause with its frames. */
import type { LogRecord } from "../../functions";

/** Something that an operator has to know of. */
export interface FailureEntry {
  /** ms since the epoch. */
  at: number;
  /** The function or the request that failed. */
  where: string;
  requestId: string;
  text: string;
}

/**
 * @returns what an execution wrote with `console.error`, an entry each, and the error it ended with unless that is its
 * caller's business.
 */
export function describeFailures(record: LogRecord): FailureEntry[] {
  const where = `${record.identifier}${record.component === "" ? "" : ` in component ${record.component}`}`;
  const texts = record.logLines.filter(({ level }) => level === "ERROR").map(({ messages }) => messages.join(" "));
  if (record.error !== null && !record.isRefusal) texts.push(record.error.trimEnd());
  return texts.map((text) => ({ at: record.timestamp, where, requestId: record.requestId, text }));
}

/** The entry for a request that the deployment itself could not answer. */
export function describeRequestFailure(method: string, path: string, requestId: string, error: unknown): FailureEntry {
  return {
    at: Date.now(),
    // Query strings may carry credentials.
    where: `${method} ${hideSecrets(path)}`,
    requestId,
    text: error instanceof Error ? (error.stack ?? error.message) : String(error),
  };
}

export const formatFailure = ({ at, where, requestId, text }: FailureEntry): string =>
  `${new Date(at).toISOString()} ERROR ${where} [request ${requestId}] ${text}`;

/** The entry as one line of JSON. */
export const formatFailureAsJson = ({ at, where, requestId, text }: FailureEntry): string =>
  JSON.stringify({
    time: new Date(at).toISOString(),
    level: "error",
    message: text,
    where,
    request_id: requestId,
  });

/** SessionIDs and other UUIDs, tokens, and the parts of JWTs: they may open something. Few ids are as long. */
const SECRET = /[\w~-]{22,}/;
const HIDDEN = "…";

/**
 * The path of a target without its query and without segments that may open something to whoever knows them, wherever
 * they stand: paths are mistyped.
 */
export const hideSecrets = (target: string): string =>
  target
    .split(/[?#]/, 1)[0]!
    .split("/")
    .map((segment) => (SECRET.test(decode(segment)) ? HIDDEN : segment))
    .join("/");

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
