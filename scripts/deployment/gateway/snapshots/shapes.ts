/**
 * Types of older snapshots, which wrote int64s, bytes, NaN and infinities as text: the first line of a table's
 * `generated_schema.jsonl` has the shape of all rows, such as `{"_id": id<10001>, "n": int64 | null}`; further lines
 * have, by document id, what that leaves open.
 */
import { type Json, encodeNumber } from "../../values";

export type Shape =
  | { kind: "union"; options: Shape[] }
  | { kind: "array"; element: Shape }
  | { kind: "record"; value: Shape }
  | { kind: "object"; fields: Map<string, Shape> }
  | { kind: string };

/** The types of one document: "infer", a kind of text, or the same for the items of an array or object. */
export type Override = Json;

const WORDS =
  /^(?:never|null|int64|float64|-inf|inf|-0|NaN|normalfloat64|boolean|field_name|string|bytes|unknown|id<\d+>|"[^"]*")/;

/** @throws Error at what cannot be read. */
export function parseShape(text: string): Shape {
  const reader = { text, at: 0 };
  const shape = readUnion(reader);
  if (reader.at < text.length) throw makeUnexpectedError(reader);
  return shape;
}

interface Reader {
  text: string;
  at: number;
}

const makeUnexpectedError = ({ text, at }: Reader) => new Error(`unexpected "${text.slice(at, at + 30)}" in a shape`);

function take(reader: Reader, token: string): boolean {
  if (!reader.text.startsWith(token, reader.at)) return false;
  reader.at += token.length;
  return true;
}

function mustTake(reader: Reader, token: string): void {
  if (!take(reader, token)) throw makeUnexpectedError(reader);
}

function readUnion(reader: Reader): Shape {
  const options = [readOne(reader)];
  while (take(reader, " | ")) options.push(readOne(reader));
  return options.length === 1 ? options[0]! : { kind: "union", options };
}

function readOne(reader: Reader): Shape {
  if (take(reader, "array<")) {
    const element = readUnion(reader);
    mustTake(reader, ">");
    return { kind: "array", element };
  }
  if (take(reader, "record<")) {
    readUnion(reader);
    mustTake(reader, ", ");
    const value = readUnion(reader);
    mustTake(reader, ">");
    return { kind: "record", value };
  }
  if (take(reader, "{")) return readObject(reader);
  const word = WORDS.exec(reader.text.slice(reader.at))?.[0];
  if (word === undefined) throw makeUnexpectedError(reader);
  reader.at += word.length;
  return { kind: word };
}

function readObject(reader: Reader): Shape {
  const fields = new Map<string, Shape>();
  while (!take(reader, "}")) {
    if (fields.size > 0) mustTake(reader, ", ");
    const name = /^"([^"]*)"\??: /.exec(reader.text.slice(reader.at));
    if (!name) throw makeUnexpectedError(reader);
    reader.at += name[0].length;
    fields.set(name[1]!, readUnion(reader));
  }
  return { kind: "object", fields };
}

/** @throws Error when value, shapes and override do not go together. */
export function applyShape(value: unknown, shapes: Shape[], override: Override): Json {
  if (typeof value === "number") return encodeNumber(value);
  if (typeof value === "string") return parseText(value, shapes, override);
  if (typeof value !== "object" || value === null) return value as Json;
  const options = shapes.flatMap((shape) => ("options" in shape ? shape.options : [shape]));
  const unknown = options.filter(({ kind }) => kind === "unknown");
  if (Array.isArray(value)) {
    const elements = options.flatMap((shape) => ("element" in shape ? [shape.element] : []));
    if (override !== "infer" && !(Array.isArray(override) && override.length === value.length))
      throw new Error("the types noted for an array are not those of an array of its length");
    return value.map((item, at) =>
      applyShape(item, [...elements, ...unknown], override === "infer" ? "infer" : override[at]!),
    );
  }
  if (override !== "infer" && (typeof override !== "object" || override === null || Array.isArray(override)))
    throw new Error("the types noted for an object are not those of an object");
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => {
      const known = options.flatMap((shape) => {
        if ("fields" in shape) return shape.fields.get(name) ?? [];
        return "value" in shape ? [shape.value] : [];
      });
      const own = override !== "infer" && Object.hasOwn(override, name) ? override[name]! : "infer";
      return [name, applyShape(item, [...known, ...unknown], own)];
    }),
  );
}

function parseText(text: string, shapes: Shape[], override: Override): Json {
  const kind = override === "infer" ? inferKind(shapes) : override;
  if (kind === "infer") return text;
  if (kind === "int64") {
    if (!/^-?\d+$/.test(text) || BigInt(text) !== BigInt.asIntN(64, BigInt(text)))
      throw new Error(`"${text}" is not an int64`);
    return encodeNumber(BigInt(text));
  }
  if (kind === "float64inf" && /^-?Infinity$/.test(text)) return encodeNumber(Number(text));
  if (kind === "bytes") {
    if (Buffer.from(text, "base64").toString("base64") !== text)
      throw new Error(`"${text.slice(0, 40)}" is not base64`);
    return { $bytes: text };
  }
  const nan = typeof kind === "object" && kind !== null && !Array.isArray(kind) ? kind["$float64NaN"] : null;
  if (typeof nan === "string" && text === "NaN" && Buffer.from(nan, "base64").length === 8) return { $float: nan };
  throw new Error(`"${text.slice(0, 40)}" is not what its type ${JSON.stringify(kind)} says`);
}

/** The value that a text stands for when the shapes leave only one; else the text itself. */
function inferKind(shapes: Shape[]): string {
  const kinds = new Set(
    shapes
      .flatMap((shape) => ("options" in shape ? shape.options : [shape]))
      .flatMap(({ kind }) => listKindsAsText(kind)),
  );
  return kinds.size === 1 ? [...kinds][0]! : "infer";
}

function listKindsAsText(kind: string): string[] {
  switch (kind) {
    case "int64":
    case "bytes":
      return [kind];
    case "inf":
    case "-inf":
      return ["float64inf"];
    // There are many NaNs, so that one has to be noted.
    case "NaN":
    case "float64":
      return ["float64nan", "float64inf"];
    case "unknown":
      return ["infer", "float64inf", "float64nan", "int64", "bytes"];
    default:
      return /^(?:string|field_name|id<|")/.test(kind) ? ["infer"] : [];
  }
}
