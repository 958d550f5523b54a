import { AppError, invalid } from "../errors";
import { deeperThan, MAX_JSON_DEPTH } from "../jsonDepth";
import type { RestContext } from "./request";

export const MAX_JSON_BYTES = 1024 * 1024;

/**
 * The request's JSON object. 415 for another media type, 413 over 1 MiB, 400 for anything that is not a JSON object or
 * is nested deeper than 60 levels. The text is kept for `Idempotency-Key`.
 */
export async function readJsonObject(c: RestContext): Promise<Record<string, unknown>> {
  const declared = Number(c.req.header("content-length") ?? 0);
  if (declared > MAX_JSON_BYTES) throw tooLarge();
  const text = await c.req.text();
  c.set("rawBody", text);
  if (text.length > MAX_JSON_BYTES || new TextEncoder().encode(text).byteLength > MAX_JSON_BYTES) throw tooLarge();
  const mediaType = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json" && !mediaType?.endsWith("+json")) {
    if (text === "" && mediaType === undefined) return {};
    throw new AppError("UNSUPPORTED_TYPE", "The body must be application/json.");
  }
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw invalid({ body: ["is not valid JSON"] }, "The body is not valid JSON.");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw invalid({ body: ["must be a JSON object"] }, "The body must be a JSON object.");
  if (deeperThan(value, MAX_JSON_DEPTH))
    throw invalid({ body: [`is nested deeper than ${MAX_JSON_DEPTH} levels`] }, "The body is nested too deeply.");
  return value as Record<string, unknown>;
}

const tooLarge = () => new AppError("TOO_LARGE", "The body is larger than 1 MiB.");
