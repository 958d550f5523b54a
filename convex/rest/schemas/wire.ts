/** The schemas of request bodies, made from what the domains' commands take. */
import { cleanText } from "../../lib/text";
import { toWireName } from "./names";
import { z } from "./zod";

/** The fields of a command's input under their names on the wire. White space around them does not count. */
export const wireShape = ({ shape }: z.ZodObject) =>
  Object.fromEntries(Object.entries(shape).map(([name, field]) => [toWireName(name), cleaned(field as z.ZodType)]));

/** A field that takes one of some words, or a UUID, takes it with white space around it, as texts do by themselves. */
const cleaned = (field: z.ZodType): z.ZodType =>
  isWord(field) ? z.preprocess((value) => (typeof value === "string" ? cleanText(value) : value), field) : field;

function isWord(field: z.ZodType): boolean {
  if (field instanceof z.ZodOptional || field instanceof z.ZodNullable || field instanceof z.ZodDefault)
    return isWord(field.unwrap() as z.ZodType);
  return field instanceof z.ZodEnum || field instanceof z.ZodLiteral || field instanceof z.ZodGUID;
}

/**
 * The body of a request that carries a command's input: its fields under their names on the wire. What it gives has the
 * domain's names.
 *
 * @param title of the schema in the OpenAPI document
 * @param input a strict object, without the fields that the path carries
 */
export function wireBody<Input extends z.ZodObject>(title: string, input: Input): z.ZodType<z.output<Input>> {
  const names = Object.keys(input.shape).map((name) => [name, toWireName(name)] as const);
  return z
    .strictObject(wireShape(input))
    .openapi(title)
    .transform((body) =>
      Object.fromEntries(names.flatMap(([name, wire]) => (wire in body ? [[name, body[wire]]] : []))),
    ) as unknown as z.ZodType<z.output<Input>>;
}
