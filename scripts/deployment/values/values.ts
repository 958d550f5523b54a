import type { Json, JsonObject } from "./json";

/** The value at `path` (`a.b.c`), undefined when absent on the way. */
export function readField(document: JsonObject, path: string): Json | undefined {
  if (!path.includes(".")) return Object.hasOwn(document, path) ? document[path] : undefined;
  let value: Json | undefined = document;
  for (const part of path.split(".")) {
    if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, part))
      return undefined;
    value = value[part];
  }
  return value;
}

/** A finite or special number's JSON form as a JavaScript number, or null when it is none. */
export function decodeNumber(value: Json | undefined): number | bigint | null {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  if (typeof value.$float === "string") return Buffer.from(value.$float, "base64").readDoubleLE(0);
  if (typeof value.$integer === "string") return Buffer.from(value.$integer, "base64").readBigInt64LE(0);
  return null;
}

/** A number in JSON form. */
export function encodeNumber(value: number | bigint): Json {
  const bytes = Buffer.alloc(8);
  if (typeof value === "bigint") {
    bytes.writeBigInt64LE(BigInt.asIntN(64, value));
    return { $integer: bytes.toString("base64") };
  }
  if (Number.isFinite(value) && !Object.is(value, -0)) return value;
  bytes.writeDoubleLE(value);
  return { $float: bytes.toString("base64") };
}
