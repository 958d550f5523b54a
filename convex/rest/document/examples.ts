/** Examples of bodies, made of their schemas, so that they always fit. */
import { ERROR_CODES } from "../errors/codes";
import { getName, type Content, type Document, type Schema } from "./openapi";
import { BY_FORMAT, PROPERTIES } from "./properties";

type Components = Document["components"]["schemas"];

/** Adds an example to each JSON body. */
export function addExamples({ paths, components }: Document): void {
  for (const operation of Object.values(paths).flatMap((item) => Object.values(item))) {
    addTo(operation.requestBody?.content, components.schemas, { sent: true });
    for (const [status, { content }] of Object.entries(operation.responses))
      addTo(content, components.schemas, { sent: false, code: findCode(Number(status)) });
  }
}

/** A code that goes with the status, or undefined for answers that are no errors. */
const findCode = (status: number): string | undefined =>
  status < 400 ? undefined : Object.keys(ERROR_CODES).find((code) => ERROR_CODES[code as Code].status === status);
type Code = keyof typeof ERROR_CODES;

type Purpose = { sent: boolean; code?: string | undefined };

function addTo(content: Content | undefined, components: Components, purpose: Purpose): void {
  const json = content?.["application/json"];
  if (json?.schema && json.example === undefined)
    json.example = makeExample(json.schema, { ...purpose, components, name: "" });
}

type Place = Purpose & {
  components: Components;
  /** Where the value stands: its schema's name, and the names of properties down to it. */
  name: string;
};

function makeExample(schema: Schema, place: Place): unknown {
  const { components, name, code } = place;
  if (schema.$ref) {
    const referred = getName(schema.$ref);
    if (referred === "ErrorCode") return code ?? "VALIDATION_ERROR";
    return makeExample(components[referred]!, { ...place, name: referred });
  }
  if (code !== undefined && /\.(error|detail|message)$/.test(name) && schema.type === "string" && !schema.enum)
    return ERROR_CODES[code as Code].meaning;
  const known = findWords(name)?.[1];
  if (known !== undefined && fits(known, schema)) return known;
  if (Array.isArray(schema.enum)) return schema.enum[0];
  if (schema.anyOf) return makeExample((schema.anyOf as Schema[])[0]!, place);
  if (typeof schema.format === "string" && schema.format in BY_FORMAT) return BY_FORMAT[schema.format];
  return makeOfType(schema, place);
}

function makeOfType(schema: Schema, place: Place): unknown {
  switch (listTypes(schema)[0]) {
    case "object":
      return makeObject(schema, place);
    case "array":
      return schema.items && Object.keys(schema.items).length > 0 ? [makeExample(schema.items as Schema, place)] : [];
    case "integer":
    case "number":
      return Math.max(Number(schema.minimum ?? 0), 42);
    case "boolean":
      return true;
    case "string":
      return "text";
    default:
      return null;
  }
}

function makeObject({ properties = {} }: Schema, place: Place): Record<string, unknown> {
  const shown = Object.entries(properties).filter(
    // Examples of requests leave out what would be ignored; `fields` belongs to one status alone.
    ([name, { readOnly }]) => !(place.sent && readOnly) && (name !== "fields" || place.code === "VALIDATION_ERROR"),
  );
  // Errors that come as `error` or as `detail` have one of them.
  const both = "error" in properties && "detail" in properties;
  return Object.fromEntries(
    shown
      .filter(([name]) => !both || name !== "detail")
      .map(([name, schema]) => [name, makeExample(schema, { ...place, name: `${place.name}.${name}` })]),
  );
}

const listTypes = ({ type }: Schema): string[] =>
  (Array.isArray(type) ? type : type === undefined ? [] : [type]) as string[];

function fits(value: unknown, schema: Schema): boolean {
  if (Array.isArray(schema.enum)) return schema.enum.includes(value);
  const types = listTypes(schema);
  const actual = value === null ? "null" : Array.isArray(value) ? "array" : typeof value;
  if (actual === "number") return types.includes("number") || (types.includes("integer") && Number.isInteger(value));
  return types.includes(actual);
}

/** The words about a property: those for its place, else those for its name. */
export const findWords = (name: string) =>
  (Object.hasOwn(PROPERTIES, name) ? PROPERTIES[name] : undefined) ?? PROPERTIES[name.slice(name.lastIndexOf(".") + 1)];
