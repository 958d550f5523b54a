/** Paths of the OpenAPI document, where none may differ from another in the names of its parameters alone. */
import type { Answer, Content, Operation, Parameter, Paths, Schema } from "./openapi";

const NAME = /\{(\w+)\}/g;

/**
 * The same paths, those of one shape as one: under the names of the first, its operations either one's or the other's.
 */
export function unambiguous(paths: Paths): Paths {
  const first = new Map<string, string>();
  const result: Paths = {};
  for (const [path, operations] of Object.entries(paths)) {
    const shape = path.replace(NAME, "{}");
    const known = first.get(shape) ?? path;
    first.set(shape, known);
    const item = (result[known] ??= {});
    for (const [method, operation] of Object.entries(operations)) {
      const named = inNamesOf(known, path, operation);
      item[method] = item[method] ? either(item[method], named) : named;
    }
  }
  return result;
}

const listNames = (path: string): string[] => [...path.matchAll(NAME)].map(([, name]) => name!);

function inNamesOf(known: string, path: string, operation: Operation): Operation {
  if (known === path) return operation;
  const names = listNames(path);
  const rename = (name: string) => listNames(known)[names.indexOf(name)] ?? name;
  const parameters = operation.parameters?.map((parameter) =>
    "in" in parameter && parameter.in === "path" ? { ...parameter, name: rename(parameter.name) } : parameter,
  );
  return { ...operation, ...(parameters && { parameters }) };
}

/** An operation that answers as the one or as the other, by the form of a parameter. */
function either(one: Operation, other: Operation): Operation {
  const operations = [one, other];
  return {
    tags: [...new Set(operations.flatMap(({ tags = [] }) => tags))],
    summary: operations.map(({ tags, summary }) => `${tags?.[0]}: ${summary}`).join("; "),
    security: listDistinct(operations.flatMap(({ security = [] }) => security)),
    parameters: eitherParameter(one.parameters ?? [], other.parameters ?? []),
    responses: mergeEntries(one.responses, other.responses, eitherAnswer),
  };
}

const toParameterKey = (parameter: Parameter): string =>
  "in" in parameter ? `${parameter.in} ${parameter.name}` : parameter.$ref;

function eitherParameter(some: Parameter[], others: Parameter[]): Parameter[] {
  const byIdentity = (parameters: Parameter[]) =>
    Object.fromEntries(parameters.map((parameter) => [toParameterKey(parameter), parameter]));
  return Object.values(
    mergeEntries(byIdentity(some), byIdentity(others), (a, b) =>
      "in" in a && "in" in b ? { ...a, schema: anyOf(a.schema, b.schema) } : a,
    ),
  );
}

const eitherAnswer = (a: Answer, b: Answer): Answer => ({
  description: listDistinct([a.description, b.description]).join("; "),
  headers: { ...a.headers, ...b.headers },
  ...((a.content ?? b.content) && {
    content: mergeEntries<Content[string]>(a.content ?? {}, b.content ?? {}, (x, y) => ({
      schema: anyOf(x.schema, y.schema),
    })),
  }),
});

const anyOf = (a: Schema = {}, b: Schema = {}): Schema => {
  const schemas = listDistinct([a, b]);
  return schemas.length === 1 ? a : { anyOf: schemas };
};

/** Both records as one, `both` deciding for the names they share. */
function mergeEntries<Value>(
  a: Record<string, Value>,
  b: Record<string, Value>,
  both: (a: Value, b: Value) => Value,
): Record<string, Value> {
  const result = { ...a };
  for (const [name, value] of Object.entries(b)) result[name] = name in a ? both(a[name]!, value) : value;
  return result;
}

const listDistinct = <Value>(values: Value[]): Value[] => [
  ...new Map(values.map((value) => [JSON.stringify(value), value])).values(),
];
