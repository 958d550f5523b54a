import { ConvexError } from "convex/values";

/**
 * Every expected failure, over the live protocol and REST alike, is one of these codes. REST answers map them to a
 * status (`toStatus`) and each domain's own body; nothing branches on messages.
 */
export type ErrorCode =
  | "UNAUTHENTICATED"
  | "SESSION_REVOKED"
  | "FORBIDDEN"
  | "NOT_FOUND"
  | "VALIDATION"
  | "CONFLICT"
  | "TOO_LARGE"
  | "UNSUPPORTED_TYPE"
  | "UNAVAILABLE"
  | "RATE_LIMITED";

/** `{<field>: [reason, …]}`: what was wrong with each field of the input. */
export type FieldErrors = Record<string, string[]>;

export type ErrorData = {
  code: ErrorCode;
  /** For people; sentence case. */
  message: string;
  fields?: FieldErrors;
  /** The field that a refusal which names none concerns. */
  about?: string;
  /** Seconds until a retry can succeed (`RATE_LIMITED`). */
  retryAfter?: number;
  /** Further facts a client acts on, such as the `sessionId` that is already running. */
  [extra: string]: unknown;
};

export class AppError extends ConvexError<ErrorData & Record<string, never>> {
  constructor(code: ErrorCode, message: string, extra: Omit<Partial<ErrorData>, "code" | "message"> = {}) {
    super({ code, message, ...extra } as ErrorData & Record<string, never>);
    this.name = "AppError";
  }
}

export const unauthenticated = (message = "Authentication credentials were not provided or are invalid.") =>
  new AppError("UNAUTHENTICATED", message);
export const forbidden = (message: string) => new AppError("FORBIDDEN", message);
export const notFound = (message = "Not found") => new AppError("NOT_FOUND", message);
export const conflict = (message: string, extra?: Record<string, unknown>) => new AppError("CONFLICT", message, extra);
/** Names each wrong field; the message is the first reason. */
export const invalid = (fields: FieldErrors, message?: string) =>
  new AppError("VALIDATION", message ?? getFirstReason(fields), { fields });

export function getFirstReason(fields: FieldErrors): string {
  const [name, reasons] = Object.entries(fields)[0] ?? [];
  return name ? `${name}: ${reasons?.[0] ?? "invalid"}` : "Invalid input";
}

/**
 * The data of an error thrown by a function, here or across `ctx.runQuery`/`runMutation`, or null when it was not an
 * expected failure. Across a call the data may arrive as JSON text.
 */
export function getErrorData(error: unknown): ErrorData | null {
  if (!(error instanceof ConvexError)) return null;
  const data: unknown = typeof error.data === "string" ? parse(error.data) : error.data;
  return typeof data === "object" && data !== null && "code" in data && "message" in data ? (data as ErrorData) : null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
