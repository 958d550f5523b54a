import { ConvexError } from "convex/values";
import { t } from "@/messages/translate";
import { NotLoadedError } from "./lazyPart";

/** `{<field>: [reason, …]}`, as the server names them. */
export type FieldErrors = Record<string, string[]>;

export type Failure = {
  /**
   * The server's code; `UNKNOWN` for anything unexpected, `MISSING` when the server lacks the function, `NOT_LOADED`
   * when a part of the application could not be fetched.
   */
  code: string;
  /** A sentence for people, with its period. */
  message: string;
  fields: FieldErrors;
  /** Seconds until a retry can succeed, or null. */
  retryAfterSeconds: number | null;
  /** Everything else that the server sent with the error. */
  data: Record<string, unknown>;
};

const NOT_LOADED = t("common.notLoaded");
const UNEXPECTED = t("common.unexpected");

/** Any thrown value as a failure that a page can show. Expected failures carry their code and fields. */
export function readFailure(error: unknown): Failure {
  const data = error instanceof ConvexError ? record(error.data) : null;
  if (data && typeof data.code === "string") return expected(data, data.code);
  if (error instanceof NotLoadedError) return plain("NOT_LOADED", NOT_LOADED);
  const text = error instanceof Error ? error.message : String(error);
  const missing = /Could not find (public )?function/i.test(text);
  return missing ? plain("MISSING", t("common.missing")) : plain("UNKNOWN", UNEXPECTED);
}

const plain = (code: string, message: string): Failure => ({
  code,
  message,
  fields: {},
  retryAfterSeconds: null,
  data: {},
});

function expected(data: Record<string, unknown>, code: string): Failure {
  const retryAfterSeconds = typeof data.retryAfter === "number" ? Math.ceil(data.retryAfter) : null;
  const message = typeof data.message === "string" && data.message !== "" ? data.message : UNEXPECTED;
  return {
    code,
    message: retryAfterSeconds === null ? withStop(message) : tooMany(retryAfterSeconds),
    fields: (record(data.fields) ?? {}) as FieldErrors,
    retryAfterSeconds,
    data,
  };
}

/** Convex sends an error's data as a value, or as its JSON text when it crossed an action. */
function record(value: unknown): Record<string, unknown> | null {
  if (typeof value === "string") {
    try {
      return record(JSON.parse(value));
    } catch {
      return null;
    }
  }
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

const withStop = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`);

const tooMany = (seconds: number) =>
  seconds < 90
    ? t("common.retryInSeconds", { count: seconds })
    : t("common.retryInMinutes", { count: Math.ceil(seconds / 60) });
