/**
 * JSON over the live protocol, whose values take fewer shapes than JSON: object keys are ASCII, and levels and entries
 * are bounded. What fits travels as a plain value, what does not as its JSON text; and a string is always JSON text, so
 * that the two cannot be confused.
 */
import { invalid } from "../../lib/errors";
import { deeperThan, MAX_JSON_DEPTH } from "../../lib/jsonDepth";
import { isUnicode } from "../../lib/text";
import { compact } from "./jsonText";
import { isObject, type Json } from "../rules";

// Well inside what Convex values allow (64 levels, 1024 fields, 8192 elements), for they are nested in results.
const MAX_LEVELS = 40;
const MAX_FIELDS = 1_000;
const MAX_ELEMENTS = 8_000;
const PLAIN_KEY = /^[A-Za-z0-9][\x20-\x7e]*$/;

// Live values are Unicode; JSON text has escapes for what is not.
const LONE_SURROGATES = /\p{Surrogate}/gu;
const escaped = (json: string): string =>
  json.replace(LONE_SURROGATES, (half) => `\\u${half.charCodeAt(0).toString(16)}`);

function travels(value: Json, levels = MAX_LEVELS): boolean {
  if (typeof value === "string") return isUnicode(value);
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.length <= MAX_ELEMENTS && value.every((item) => travels(item, levels - 1));
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_FIELDS && entries.every(([key, item]) => PLAIN_KEY.test(key) && travels(item, levels - 1))
  );
}

/** JSON text as a live result. */
export function toLive(text: string | null): Json {
  if (text === null) return null;
  const value = JSON.parse(text) as Json;
  return typeof value === "string" || !travels(value) ? text : value;
}

/**
 * A live argument as JSON text. Throws `VALIDATION` under `name` for text that is no JSON and for a wrong kind of
 * value.
 */
export function fromLive(name: string, value: unknown, kind: "object" | "array" | "any"): string {
  const json = typeof value === "string" ? parsed(name, value) : asJson(name, value);
  const fine = json === null || kind === "any" || (kind === "object" ? isObject(json) : Array.isArray(json));
  if (!fine) throw invalid({ [name]: [kind === "object" ? "Must be an object." : "Must be an array."] });
  if (deeperThan(json, MAX_JSON_DEPTH)) throw invalid({ [name]: [`Is nested deeper than ${MAX_JSON_DEPTH} levels.`] });
  return typeof value === "string" ? escaped(compact(value)) : JSON.stringify(json);
}

function parsed(name: string, text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw invalid({ [name]: ["A string must be JSON text."] });
  }
}

/** Convex values that JSON has not — 64-bit integers, bytes, NaN — are refused instead of being changed. */
function asJson(name: string, value: unknown): Json {
  const wrong = () => invalid({ [name]: ["Must hold JSON values only."] });
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map((item) => asJson(name, item));
  if (typeof value !== "object" || value instanceof ArrayBuffer) throw wrong();
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asJson(name, item)]));
}
