import { AppError, invalid } from "../lib/errors";
import { deeperThan, MAX_JSON_DEPTH } from "../lib/jsonDepth";
import type { RestContext } from "./request";

export const MAX_JSON_BYTES = 1024 * 1024;

/**
 * The request's JSON object, empty when nothing was sent. 415 for another media type, 413 over 1 MiB, 400 for anything that
 * is not a JSON object in UTF-8 or is nested deeper than 60 levels. The text is kept for `Idempotency-Key`.
 */
export async function readJsonObject(c: RestContext): Promise<Record<string, unknown>> {
  const bytes = await readBytes(c);
  if (bytes.byteLength === 0) return {};
  const mediaType = c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json" && !mediaType?.endsWith("+json"))
    throw new AppError("UNSUPPORTED_TYPE", "The body must be application/json.");
  const text = decoded(bytes);
  c.set("rawBody", text);
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

/** The whole body; 413 as soon as it is known to be over the limit, so that no more than that is ever held. */
async function readBytes(c: RestContext): Promise<Uint8Array> {
  const declared = c.req.header("content-length");
  if (Number(declared ?? 0) > MAX_JSON_BYTES) throw tooLarge();
  if (declared === "0") return new Uint8Array();
  if (declared !== undefined) return new Uint8Array(await c.req.arrayBuffer());
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = c.req.raw.body?.getReader();
  for (let next = await reader?.read(); next && !next.done; next = await reader?.read()) {
    size += next.value.byteLength;
    if (size > MAX_JSON_BYTES) throw tooLarge();
    chunks.push(next.value);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decoded(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw invalid({ body: ["is not UTF-8"] }, "The body is not UTF-8.");
  }
}

const tooLarge = () => new AppError("TOO_LARGE", "The body is larger than 1 MiB.");
