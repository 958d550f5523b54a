import type { Json } from "./json";

/**
 * Convex JSON as plain JSON: integers as decimal strings, bytes as base64, special floats as null, which is what JSON
 * can hold.
 * @param text Convex JSON; returned as it is when it has no special value.
 */
export function cleanJsonText(text: string): string {
  if (!text.includes('"$')) return text;
  return JSON.stringify(cleanValue(JSON.parse(text) as Json));
}

function cleanValue(value: Json): Json {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(cleanValue);
  if (typeof value["$integer"] === "string")
    return Buffer.from(value["$integer"], "base64").readBigInt64LE().toString();
  if (typeof value["$bytes"] === "string") return value["$bytes"];
  if (typeof value["$float"] === "string") {
    const float = Buffer.from(value["$float"], "base64").readDoubleLE();
    return Number.isFinite(float) ? float : null;
  }
  return Object.fromEntries(Object.entries(value).map(([name, child]) => [name, cleanValue(child)]));
}
