import { DrizzleQueryError } from "drizzle-orm/errors";

/** SQLSTATE classes that speak of the server or the way to it, not of the statement (PostgreSQL manual, appendix A). */
const SERVER_CLASSES = new Set([
  "08", // connection exception
  "28", // invalid authorization
  "3D", // no such database
  "53", // insufficient resources
  "57", // operator intervention, such as a shutdown
  "58", // system error
]);

/**
 * The error that the driver threw. The query builder's wrapper repeats the statement with its parameters, which must
 * not be shown.
 */
export const findDriverError = (error: unknown): unknown =>
  error instanceof DrizzleQueryError && error.cause !== undefined ? error.cause : error;

/** Whether the store could not be asked at all, so that the next entry would fail alike. */
export function isUnreachable(error: unknown): boolean {
  const code = (findDriverError(error) as { code?: unknown } | null)?.code;
  // Errors of the network and the driver carry no SQLSTATE.
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return true;
  return SERVER_CLASSES.has(code.slice(0, 2));
}
