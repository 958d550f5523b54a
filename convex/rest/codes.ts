/** The codes of errors in the domains whose error bodies carry one (accounts/README §3). */
import type { ErrorCode, ErrorData } from "../lib/errors";
import type { RestContext } from "./request";

const CODES: Partial<Record<ErrorCode, string>> = { VALIDATION: "VALIDATION_ERROR" };

/** @param notFound the code of what is unknown */
export function nameCode({ code }: ErrorData, status: number, c: RestContext, notFound = "NOT_FOUND"): string {
  if (status === 401) return c.req.header("authorization")?.trim() ? "INVALID_TOKEN" : "AUTHENTICATION_REQUIRED";
  if (status === 405) return "METHOD_NOT_ALLOWED";
  if (status === 500) return "INTERNAL_ERROR";
  return code === "NOT_FOUND" ? notFound : (CODES[code] ?? code);
}
