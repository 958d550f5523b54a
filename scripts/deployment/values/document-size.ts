/**
 * Size of values, and the limits every stored document keeps. Sizes as `getConvexSize` of convex/values counts them.
 */
import { FunctionError } from "../lib";
import type { JsonObject, Json } from "./json";
import { UNPAIRED_SURROGATE } from "./surrogates";

const MEBIBYTE = 1024 * 1024;

export interface DocumentLimits {
  bytes: number;
  /** Levels of arrays and objects, the document itself being one. */
  nesting: number;
}

const USER_LIMITS: DocumentLimits = { bytes: MEBIBYTE, nesting: 16 };
/** For documents of the deployment itself, such as a job with its arguments, which have limits of their own. */
export const SYSTEM_LIMITS: DocumentLimits = { bytes: Infinity, nesting: 80 };

const MAX_ARRAY_LENGTH = 8_192;
const MAX_FIELDS = 1_024;
const MAX_FIELD_NAME_LENGTH = 1_024;
const DOLLAR = 0x24;
const UNDERSCORE = 0x5f;

/**
 * Checks a document against the limits.
 * @returns its size in bytes.
 * @throws FunctionError naming the limit that is passed.
 */
export function measureDocument(document: JsonObject, limits = USER_LIMITS): number {
  const bytes = measure(document, 1, limits.nesting);
  if (bytes > limits.bytes)
    throw new FunctionError(
      `Value is too large (${(bytes / MEBIBYTE).toFixed(2)} MiB > maximum size ${limits.bytes / MEBIBYTE} MiB)`,
    );
  return bytes;
}

function measure(value: Json | undefined, depth: number, maxDepth: number): number {
  switch (typeof value) {
    case "string":
      return 2 + measureString(value);
    case "number":
      return 9;
    case "boolean":
      return 1;
    case "undefined":
      return 0;
  }
  if (value === null) return 1;
  return Array.isArray(value) ? measureArray(value, depth, maxDepth) : measureObject(value, depth, maxDepth);
}

/** A string with the method that every supported Node has and the types lack. */
interface Checked {
  isWellFormed(): boolean;
}

function measureString(text: string): number {
  const bytes = Buffer.byteLength(text);
  if (bytes !== text.length && !(text as unknown as Checked).isWellFormed())
    throw new FunctionError(`Invalid value: ${UNPAIRED_SURROGATE}`);
  return bytes;
}

function measureArray(items: Json[], depth: number, maxDepth: number): number {
  mustNotNest(depth, maxDepth);
  if (items.length > MAX_ARRAY_LENGTH)
    throw new FunctionError(`Array length is too long (${items.length} > maximum length ${MAX_ARRAY_LENGTH})`);
  let bytes = 2;
  for (const item of items) bytes += measure(item, depth + 1, maxDepth);
  return bytes;
}

function measureObject(object: JsonObject, depth: number, maxDepth: number): number {
  let bytes = 2;
  let fields = 0;
  for (const name in object) {
    const first = name.charCodeAt(0);
    if (first === DOLLAR) return measureSpecial(object, name);
    if (first === UNDERSCORE && depth === 1) mustBeSystemField(name);
    mustBeFieldName(name);
    fields++;
    bytes += name.length + 1 + measure(object[name], depth + 1, maxDepth);
  }
  mustNotNest(depth, maxDepth);
  if (fields > MAX_FIELDS)
    throw new FunctionError(`Object has too many fields (${fields} > maximum number ${MAX_FIELDS})`);
  return bytes;
}

function mustBeSystemField(name: string): void {
  if (name !== "_id" && name !== "_creationTime")
    throw new FunctionError(
      `Field '${name.slice(0, 64)}' starts with an underscore, which is only allowed for system fields like '_id'`,
    );
}

/** A value that JSON has no form for: an object of one field whose name starts with `$`. */
function measureSpecial(object: JsonObject, name: string): number {
  const content = object[name]!;
  if (Object.keys(object).length === 1) {
    if (name === "$commitTs" && content === null) return 9;
    if (name === "$bytes" && typeof content === "string") return 2 + Buffer.byteLength(content, "base64");
    if (
      (name === "$integer" || name === "$float") &&
      typeof content === "string" &&
      Buffer.byteLength(content, "base64") === 8
    )
      return 9;
  }
  throw new FunctionError(`Field name ${name.slice(0, 64)} starts with a '$', which is reserved.`);
}

function mustNotNest(depth: number, maxDepth: number): void {
  if (depth > maxDepth)
    throw new FunctionError(`Document is too nested (nested ${depth} levels deep > maximum nesting ${maxDepth})`);
}

const PRINTABLE = /^[\x20-\x7e]*$/;

function mustBeFieldName(name: string): void {
  if (name.length > MAX_FIELD_NAME_LENGTH)
    throw new FunctionError(
      `Field name ${name.slice(0, 32)}… exceeds maximum field name length ${MAX_FIELD_NAME_LENGTH}.`,
    );
  if (!PRINTABLE.test(name))
    throw new FunctionError(
      `Field name ${JSON.stringify(name)} has an invalid character: Field names can only contain non-control ASCII characters`,
    );
}
