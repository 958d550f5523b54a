/**
 * Values in the lines of a snapshot. The hosted platform marks tables as "uniform" whose int64s are numbers without a
 * point and whose floats have one; all else is as in Convex JSON.
 */
import { decodeNumber, encodeNumber, type Json, type JsonObject } from "../../values";

export const UNIFORM = "uniform";

/** A string, or a number outside of strings; those in `{"$…": "…"}` are strings. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/g;
const ENCODED_TOKENS = /\{"\$(integer|float)":"([^"]*)"\}|"(?:[^"\\]|\\.)*"|-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/g;
const [MIN_INT64, MAX_INT64] = [-(2n ** 63n), 2n ** 63n - 1n];

/** A stored document's text as a line of a uniform table. */
export function encodeUniform(text: string): string {
  return text.replace(ENCODED_TOKENS, (token, ...groups: (string | undefined)[]) => {
    const [kind, base64, fraction, exponent] = groups;
    if (kind === "integer") return Buffer.from(base64!, "base64").readBigInt64LE(0).toString();
    if (kind === "float") return Object.is(Buffer.from(base64!, "base64").readDoubleLE(0), -0) ? "-0.0" : token;
    return token.startsWith('"') || fraction !== undefined || exponent !== undefined ? token : `${token}.0`;
  });
}

/** A line of a uniform table, parsed. @throws SyntaxError */
export function decodeUniform(line: string): unknown {
  const encoded = line.replace(TOKENS, (token, fraction?: string, exponent?: string) => {
    if (token.startsWith('"') || fraction !== undefined || exponent !== undefined) return token;
    const value = BigInt(token);
    return value < MIN_INT64 || value > MAX_INT64 ? token : JSON.stringify(encodeNumber(value));
  });
  return JSON.parse(encoded) as unknown;
}

/** @throws Error when it is not a value of Convex; size and nesting are not looked at. */
export function parseValue(parsed: unknown): Json {
  if (typeof parsed === "number") {
    if (!Number.isFinite(parsed)) throw new Error("A number is too large.");
    return encodeNumber(parsed);
  }
  if (typeof parsed !== "object" || parsed === null) return parsed as Json;
  if (Array.isArray(parsed)) return parsed.map(parseValue);
  const entries = Object.entries(parsed);
  if (entries[0]?.[0].startsWith("$") !== true)
    return Object.fromEntries(entries.map(([name, value]) => [name, parseValue(value)]));
  return checkEncodedValue(parsed as JsonObject);
}

function checkEncodedValue(encoded: JsonObject): Json {
  const [kind, content] = Object.entries(encoded)[0]!;
  const bytes = typeof content === "string" ? Buffer.from(content, "base64") : null;
  const isWhole = Object.keys(encoded).length === 1 && bytes !== null && bytes.toString("base64") === content;
  if (isWhole && kind === "$bytes") return encoded;
  if (isWhole && kind === "$integer" && bytes.length === 8) return encoded;
  // Only what JSON has no number for stays encoded, NaNs with all their bits.
  if (isWhole && kind === "$float" && bytes.length === 8)
    return Number.isNaN(bytes.readDoubleLE(0)) ? encoded : encodeNumber(decodeNumber(encoded)!);
  throw new Error(`${JSON.stringify(encoded).slice(0, 100)} is not a value of Convex.`);
}
