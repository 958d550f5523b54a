/** The codes of errors, by which programs act. The OpenAPI document and `/api/docs/errors` are made of this list. */
import type { ErrorCode, ErrorData } from "../../lib/errors";
import type { RestContext } from "../request";

type Explained = { status: number; meaning: string; action: string };

export const ERROR_CODES = {
  VALIDATION_ERROR: {
    status: 400,
    meaning: "Something about the request is wrong; `fields`, where it is there, names each wrong field with reasons.",
    action: "Correct the request. The same one fails again.",
  },
  AUTHENTICATION_REQUIRED: {
    status: 401,
    meaning: "The endpoint needs a credential, and none came along.",
    action: "Sign in and send `Authorization`.",
  },
  INVALID_TOKEN: {
    status: 401,
    meaning: "The credential is malformed, unknown, expired or of a session that has ended; or a login was wrong.",
    action: "Get a new access token, or sign in again.",
  },
  FORBIDDEN: {
    status: 403,
    meaning: "The caller is known and may not do this.",
    action: "Ask for the permission that the message names, or act as somebody who may.",
  },
  NOT_FOUND: {
    status: 404,
    meaning: "No such path or object, or not the caller's.",
    action: "Check the path, its trailing slash and the id.",
  },
  SESSION_NOT_FOUND: {
    status: 404,
    meaning: "The caller has no such session; it may have ended.",
    action: "List the sessions again.",
  },
  METHOD_NOT_ALLOWED: {
    status: 405,
    meaning: "The path does not take this method.",
    action: "Use one that `Allow` names.",
  },
  CONFLICT: {
    status: 409,
    meaning:
      "It contradicts what exists: a name is taken, something is running, or an `Idempotency-Key` came again with another request.",
    action: "Read what exists and decide anew.",
  },
  PRECONDITION_FAILED: {
    status: 412,
    meaning: "The object has changed since the revision that `If-Match` names; the answer carries it as it is.",
    action: "Merge and send again with its `ETag`.",
  },
  TOO_LARGE: {
    status: 413,
    meaning: "The body is larger than the endpoint takes.",
    action: "Send less.",
  },
  UNSUPPORTED_TYPE: {
    status: 415,
    meaning: "The endpoint does not take a body of this media type or encoding.",
    action: "Send JSON in UTF-8, or what the endpoint names.",
  },
  RATE_LIMITED: {
    status: 429,
    meaning: "Too many requests; see the `RateLimit` headers.",
    action: "Wait for as many seconds as `Retry-After` says.",
  },
  INTERNAL_ERROR: {
    status: 500,
    meaning: "Something failed that is not the caller's fault. The log names it under `X-Request-Id`.",
    action: "Try again later, a POST with the same `Idempotency-Key`; then tell the operator the id.",
  },
  UNAVAILABLE: {
    status: 503,
    meaning: "Something that is needed for the answer is away for the moment.",
    action: "Try again in a while.",
  },
} satisfies Record<string, Explained>;
export type RestCode = keyof typeof ERROR_CODES;

const CODES: Partial<Record<ErrorCode, RestCode>> = { VALIDATION: "VALIDATION_ERROR" };
const BY_STATUS: Partial<Record<number, RestCode>> = {
  405: "METHOD_NOT_ALLOWED",
  412: "PRECONDITION_FAILED",
  500: "INTERNAL_ERROR",
};

/** @param notFound the code of what is unknown */
export function nameCode(
  { code }: Pick<ErrorData, "code">,
  status: number,
  c: RestContext,
  notFound: RestCode = "NOT_FOUND",
): RestCode {
  if (status === 401) return c.req.header("authorization")?.trim() ? "INVALID_TOKEN" : "AUTHENTICATION_REQUIRED";
  if (code === "NOT_FOUND") return BY_STATUS[status] ?? notFound;
  return BY_STATUS[status] ?? CODES[code] ?? (code as RestCode);
}

type Body = Record<string, unknown>;

/** An error body with its code, which stands beside the text, or in the object that has one already. */
export const withCode = (body: Body, code: RestCode): Body =>
  typeof body.error === "object" && body.error !== null ? body : { ...body, code };

/** As `withCode`, for an answer of a transaction, which knows no code; other bodies stay as they are. */
export function withCodeOfStatus(text: string, status: number): string {
  const body = JSON.parse(text) as Body;
  if (typeof body.error !== "string" && typeof body.detail !== "string") return text;
  const codes = Object.keys(ERROR_CODES) as RestCode[];
  return JSON.stringify(withCode(body, codes.find((code) => ERROR_CODES[code].status === status) ?? "INTERNAL_ERROR"));
}
