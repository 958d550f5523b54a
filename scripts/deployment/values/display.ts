/** Values and their types as the platform names them in messages. */
import type { Json, JsonObject } from "./json";
import { decodeNumber } from "./values";

/** The type of a value; "undefined" of a field that is absent. */
export function nameType(value: Json | undefined): string {
  if (value === undefined) return "undefined";
  if (value === null) return "Null";
  if (Array.isArray(value)) return "Array";
  if (typeof value === "boolean") return "Boolean";
  if (typeof value === "string") return "String";
  const number = decodeNumber(value);
  if (number !== null) return typeof number === "bigint" ? "Int64" : "Float64";
  return typeof (value as JsonObject).$bytes === "string" ? "Bytes" : "Object";
}

/** A value as text: floats with a fraction or an exponent, so that they differ from integers. */
export function displayValue(value: Json | undefined): string {
  if (value === undefined) return "undefined";
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(displayValue).join(", ")}]`;
  const number = decodeNumber(value);
  if (number !== null) return typeof number === "bigint" ? String(number) : displayFloat(number);
  const object = value as JsonObject;
  if (typeof object.$bytes === "string") return `b"${object.$bytes}"`;
  const fields = Object.entries(object).map(([name, field]) => `${name}: ${displayValue(field)}`);
  return `{${fields.join(", ")}}`;
}

function displayFloat(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value < 0 ? "-inf" : "inf";
  if (Object.is(value, -0)) return "-0.0";
  const size = Math.abs(value);
  if (size >= 1e16 || (size > 0 && size < 1e-4)) return value.toExponential().replace("e+", "e");
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
