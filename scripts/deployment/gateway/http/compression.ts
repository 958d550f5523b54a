/** Compression of answers whose body is whole, as the client's `Accept-Encoding` allows. */
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Below this, what a body loses is less than what it costs: one packet takes it anyway. */
const LEAST_BYTES = 1024;

/** Text in every form. A stream of events must reach the client as it comes. */
const COMPRESSIBLE =
  /^(?:text\/(?!event-stream)|application\/(?:[\w.+-]*\+)?(?:json|xml|javascript|yaml)\b|image\/svg)/i;

export type Coding = "br" | "gzip";

/** The headers of an answer, as far as its coding depends on them. */
export interface CodedAnswer {
  status: number;
  type: string | null;
  get: (name: string) => string | null;
}

/**
 * Whether the body may go out in one coding or another. What is coded already is left alone, and so is what has a
 * strong ETag: the same tag must not stand for other bytes, and a client may give it back in `If-Match`.
 */
export function isCompressible({ status, type, get }: CodedAnswer, bytes: number): boolean {
  if (bytes < LEAST_BYTES || status === 204 || status === 206 || status === 304) return false;
  if (type === null || !COMPRESSIBLE.test(type) || get("content-encoding") !== null) return false;
  if (/\bno-transform\b/i.test(get("cache-control") ?? "")) return false;
  return get("etag")?.startsWith("W/") ?? true;
}

/**
 * The coding that the client likes best; null for none (RFC 9110, 12.5.3). Brotli goes before gzip, both before none.
 */
export function chooseCoding(accepted: string | undefined): Coding | null {
  if (!accepted) return null;
  const weights = new Map<string, number>();
  for (const part of accepted.toLowerCase().split(",")) {
    const [name = "", ...parameters] = part.split(";").map((text) => text.trim());
    const q = parameters.find((parameter) => parameter.startsWith("q="));
    const weight = q === undefined ? 1 : Number(q.slice(2));
    if (name !== "" && weight >= 0 && weight <= 1) weights.set(name === "x-gzip" ? "gzip" : name, weight);
  }
  const weigh = (name: string) => weights.get(name) ?? weights.get("*") ?? 0;
  const best = weigh("br") >= weigh("gzip") ? "br" : "gzip";
  const weight = weigh(best);
  return weight === 0 || weight < (weights.get("identity") ?? 0) ? null : best;
}

const deflate = promisify(gzip);
const squeeze = promisify<Buffer, object, Buffer>(brotliCompress);

/**
 * The body in that coding. Both run beside the event loop, with the effort that pays for bodies made for one request.
 */
export function encode(body: string | Uint8Array, coding: Coding): Promise<Buffer> {
  const bytes =
    typeof body === "string" ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return coding === "gzip"
    ? deflate(bytes, { level: 5 })
    : squeeze(bytes, {
        params: { [constants.BROTLI_PARAM_QUALITY]: 4, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
      });
}

/** A `Vary` that also names `Accept-Encoding`. */
export function varyByEncoding(vary: string | null | undefined): string {
  if (!vary) return "Accept-Encoding";
  return /(?:^|,)\s*(?:accept-encoding|\*)\s*(?:,|$)/i.test(vary) ? vary : `${vary}, Accept-Encoding`;
}
