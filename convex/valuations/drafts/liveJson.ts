/**
 * JSON over the live protocol, whose values take fewer shapes than JSON: object keys are ASCII, and levels and entries
 * are bounded. What fits travels as a plain value, what does not as its JSON text; and a string is always JSON text, so
 * that the two cannot be confused.
 */
import { deeperThan, MAX_JSON_DEPTH } from "../../lib/jsonDepth";
import { z } from "../../lib/schemas/zod";
import { isUnicode } from "../../lib/text";
import { compact } from "./jsonText";
import { isObject, type Json } from "../rules";

// Well inside what Convex values allow (64 levels, 1024 fields, 8192 elements), for they are nested in results.
const MAX_LEVELS = 40;
const MAX_FIELDS = 1_000;
const MAX_ELEMENTS = 8_000;
/** Keys that live values can have: at most 1,024 characters. */
const PLAIN_KEY = /^[A-Za-z0-9][\x20-\x7e]{0,1023}$/;

// Live values are Unicode; JSON text has escapes for what is not.
const LONE_SURROGATES = /\p{Surrogate}/gu;
const escapeSurrogates = (json: string): string =>
  json.replace(LONE_SURROGATES, (half) => `\\u${half.charCodeAt(0).toString(16)}`);

function isSendable(value: Json, levels = MAX_LEVELS): boolean {
  if (typeof value === "string") return isUnicode(value);
  if (typeof value !== "object" || value === null) return true;
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.length <= MAX_ELEMENTS && value.every((item) => isSendable(item, levels - 1));
  const entries = Object.entries(value);
  return (
    entries.length <= MAX_FIELDS && entries.every(([key, item]) => PLAIN_KEY.test(key) && isSendable(item, levels - 1))
  );
}

/** JSON text as a live result. */
export function toLive(text: string | null): Json {
  if (text === null) return null;
  const value = JSON.parse(text) as Json;
  return typeof value === "string" || !isSendable(value) ? text : value;
}

/** A live argument, which becomes JSON text. Text that is no JSON is refused, and so is a wrong kind of value. */
export const liveJson = (kind: "object" | "array" | "any") =>
  z.unknown().transform((value, ctx): string => {
    const json = toJson(value);
    const reason = json === undefined ? NO_JSON[typeof value === "string" ? "text" : "value"] : findProblem(json, kind);
    if (reason === null) return typeof value === "string" ? escapeSurrogates(compact(value)) : JSON.stringify(json);
    ctx.addIssue({ code: "custom", message: reason });
    return z.NEVER;
  });

const NO_JSON = { text: "A string must be JSON text.", value: "Must hold JSON values only." };

function findProblem(json: Json, kind: "object" | "array" | "any"): string | null {
  const isOfKind = json === null || kind === "any" || (kind === "object" ? isObject(json) : Array.isArray(json));
  if (!isOfKind) return kind === "object" ? "Must be an object." : "Must be an array.";
  return deeperThan(json, MAX_JSON_DEPTH) ? `Is nested deeper than ${MAX_JSON_DEPTH} levels.` : null;
}

/** The value of JSON text, or of a Convex value; undefined for what is no JSON. */
function toJson(value: unknown): Json | undefined {
  if (typeof value !== "string") return isJson(value) ? value : undefined;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
}

/** Convex values that JSON has not — 64-bit integers, bytes, NaN — are refused instead of being changed. */
function isJson(value: unknown): value is Json {
  if (value === null || typeof value === "boolean" || typeof value === "string") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === "object" && !(value instanceof ArrayBuffer) && Object.values(value).every(isJson);
}
