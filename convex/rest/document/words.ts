/** Puts into the document what people and tools want to read: names of operations, descriptions, tags. */
import type { Document, Parameter, Schema } from "./openapi";
import { findWords } from "./examples";
import { nameOperation, OPERATIONS } from "./operations";
import { SCHEMAS } from "./properties";

export function addWords(document: Document): void {
  const { paths, components } = document;
  const tags = new Set<string>();
  for (const [path, item] of Object.entries(paths))
    for (const [method, operation] of Object.entries(item)) {
      const words = OPERATIONS[`${method.toUpperCase()} ${path}`];
      operation.operationId = words?.id ?? nameOperation(method, path);
      if (operation.description === undefined && words?.description) operation.description = words.description;
      for (const tag of operation.tags ?? []) tags.add(tag);
      for (const parameter of operation.parameters ?? []) describeParameter(parameter);
      const bodies = [
        operation.requestBody?.content,
        ...Object.values(operation.responses).map(({ content }) => content),
      ];
      for (const { schema } of bodies.flatMap((content) => Object.values(content ?? {}))) describe(schema, "");
    }
  for (const [name, schema] of Object.entries(components.schemas)) {
    describe(schema, name);
    if (SCHEMAS[name]) schema.description ??= SCHEMAS[name];
  }
  document.tags = [...tags].map((name) => ({ name, description: TAGS[name] ?? name }));
}

const TAGS: Record<string, string> = {
  "Sign-in sessions": "Signing in and out, and the session that a credential stands for",
  Profile: "The caller's own account",
  Devices: "The caller's sessions on all devices",
  "Focus sessions": "Timed work on goals, and the XP that it earns",
  Tutoring: "Sessions that people give, and seats in them",
  "Tutoring calendars": "Calendar files and feeds",
  "Tutoring materials": "Links, notes and files of a session",
  Notifications: "What happened, for the one it concerns",
  Operating: "For monitors and operators",
  Analytics: "Counts of what is done, by day",
  Webhooks: "Events that are sent to programs",
  "Valuation drafts": "Reports that are being written, also without an account",
  "Business cards": "What a new draft can begin with",
};

function describeParameter(parameter: Parameter): void {
  if (!("in" in parameter)) return;
  const words = findWords(parameter.name);
  if (words) parameter.description ??= words[0];
}

function describe(schema: Schema | undefined, name: string): void {
  if (!schema || schema.$ref) return;
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const place = `${name}.${key}`;
    const words = findWords(place);
    if (words && !property.$ref) property.description ??= words[0];
    describe(property, place);
  }
  openObject(schema);
  if (schema.items) describe(schema.items as Schema, name);
  for (const part of (schema.anyOf as Schema[] | undefined) ?? []) describe(part, name);
}

/** Says of an object without declared names that it takes any: generated clients would otherwise take none. */
function openObject(schema: Schema): void {
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes("object") && !schema.properties) schema.additionalProperties ??= true;
}
