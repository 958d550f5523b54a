/** Answers errors: which error becomes which status, in the body of the domain that owns the path. */
import type { StatusCode } from "hono/utils/http-status";
import type { z } from "zod";
import { getErrorData, type AppError, type ErrorData } from "../../lib/errors";
import { toRefusal } from "../../lib/schemas/parse";
import { nameCode, withCode } from "./codes";
import type { RestContext } from "../request";

const STATUS: Record<ErrorData["code"], number> = {
  UNAUTHENTICATED: 401,
  SESSION_REVOKED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  VALIDATION: 400,
  CONFLICT: 409,
  TOO_LARGE: 413,
  UNSUPPORTED_TYPE: 415,
  UNAVAILABLE: 503,
  RATE_LIMITED: 429,
};

/** The status of a thrown error; 500 for what is no expected failure. */
export function toStatus(error: unknown): number {
  const data = getErrorData(error);
  if (!data) return 500;
  return typeof data.status === "number" ? data.status : STATUS[data.code];
}

/** Answers a thrown error. Unexpected ones are logged under the request's id, and tell no internals. */
export function answerError(error: unknown, c: RestContext): Response {
  const status = toStatus(error);
  if (status === 500) console.error(`request ${c.get("requestId")} failed`, error);
  const data = getErrorData(error) ?? { code: "UNAVAILABLE", message: "Internal server error" };
  return answerWith(c, data, status, {
    ...(status === 401 && { "WWW-Authenticate": 'Bearer realm="live-sessions", SessionID realm="live-sessions"' }),
    ...(data.retryAfter !== undefined && { "Retry-After": String(data.retryAfter) }),
  });
}

export const answerNotFound = (c: RestContext): Response =>
  answerWith(c, { code: "NOT_FOUND", message: "Not found" }, 404);

/** An error in the body of the domain that owns the path, or `{error}` outside every domain. */
export function answerWith(
  c: RestContext,
  error: ErrorData,
  status: number,
  headers: Record<string, string> = {},
): Response {
  const body = c.get("toErrorBody")?.(error, status, c) ?? { error: error.message };
  return c.newResponse(JSON.stringify(withCode(body, nameCode(error, status, c))), {
    status: status as StatusCode,
    headers: { "Content-Type": "application/json; charset=utf-8", ...headers },
  });
}

/** As `toRefusal`, where several values came under one name. */
export function toRefusalOfRepeats(error: Pick<z.ZodError, "issues">, isRepeated: (name: string) => boolean): AppError {
  const issues = error.issues.map((issue) =>
    isRepeated(String(issue.path[0])) ? { ...issue, message: "Must be given once." } : issue,
  );
  return toRefusal({ issues });
}
