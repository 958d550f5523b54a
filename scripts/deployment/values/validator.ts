/**
 * Validators in their exported JSON form against values in theirs. Messages follow Convex's: what is wrong, the path,
 * the value and the validator.
 */
import { decodeId } from "./ids";
import type { Json, JsonObject } from "./json";

export type ValidatorJson =
  | { type: "null" | "number" | "bigint" | "boolean" | "string" | "bytes" | "any" }
  | { type: "literal"; value: Json }
  | { type: "id"; tableName: string }
  | { type: "array"; value: ValidatorJson }
  | { type: "record"; keys: ValidatorJson; values: { fieldType: ValidatorJson; optional: boolean } | ValidatorJson }
  | { type: "object"; value: Record<string, { fieldType: ValidatorJson; optional: boolean }> }
  | { type: "union"; value: ValidatorJson[] };

export interface TableNumbers {
  tableNumber(name: string): number | null;
}

/**
 * Describes how `value` fails the validator, or null. `validator` is JSON text or its parsed form; absent means
 * anything goes.
 */
export function validate(
  validator: string | Json | ValidatorJson | null,
  value: Json,
  tables: TableNumbers,
): string | null {
  const parsed = (typeof validator === "string" ? parseValidator(validator) : validator) as ValidatorJson | null;
  return (parsed && checkValue(parsed, value, "", tables))?.() ?? null;
}

/** A mismatch, put into words only when the message is needed: most members of a union do not match. */
type Problem = () => string;

const parsedValidators = new Map<string, ValidatorJson | null>();

function parseValidator(text: string): ValidatorJson | null {
  let parsed = parsedValidators.get(text);
  if (parsed === undefined) {
    parsed = JSON.parse(text) as ValidatorJson | null;
    if (parsedValidators.size > 5_000) parsedValidators.clear();
    parsedValidators.set(text, parsed);
  }
  return parsed;
}

function checkValue(validator: ValidatorJson, value: Json, path: string, tables: TableNumbers): Problem | null {
  switch (validator.type) {
    case "any":
      return null;
    case "null":
      return value === null ? null : describeMismatch(validator, value, path);
    case "number":
      return typeof value === "number" || isSpecial(value, "$float") ? null : describeMismatch(validator, value, path);
    case "bigint":
      return isSpecial(value, "$integer") || isCommitTs(value) ? null : describeMismatch(validator, value, path);
    case "boolean":
    case "string":
      return typeof value === validator.type ? null : describeMismatch(validator, value, path);
    case "bytes":
      return isSpecial(value, "$bytes") ? null : describeMismatch(validator, value, path);
    case "literal":
      return isLiteral(validator.value, value) ? null : describeMismatch(validator, value, path);
    case "id":
      return checkId(validator, value, path, tables);
    case "array":
      return checkArray(validator, value, path, tables);
    case "record":
      return checkRecord(validator, value, path, tables);
    case "object":
      return checkObject(validator, value, path, tables);
    case "union":
      return checkUnion(validator, value, path, tables);
  }
}

/** Texts, numbers and booleans mostly; an `int64` literal is an object in JSON. */
const isLiteral = (literal: Json, value: Json | undefined): boolean =>
  literal === value || (typeof literal === "object" && JSON.stringify(literal) === JSON.stringify(value));

const isSpecial = (value: Json, kind: string): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && typeof value[kind] === "string";
const isCommitTs = (value: Json): boolean =>
  typeof value === "object" && value !== null && !Array.isArray(value) && value.$commitTs === null;

/** A plain object, not a number, bytes or array in disguise. */
const isPlainObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !Object.keys(value)[0]?.startsWith("$");

function checkId(
  validator: { type: "id"; tableName: string },
  value: Json,
  path: string,
  tables: TableNumbers,
): Problem | null {
  if (typeof value !== "string") return describeMismatch(validator, value, path);
  const id = decodeId(value);
  // A table without writes has no number, and so no ids.
  return id && id.tableNumber === tables.tableNumber(validator.tableName) ? null : wrongId(validator, value, path);
}

const wrongId =
  (validator: { type: "id"; tableName: string }, value: string, path: string): Problem =>
  () =>
    `Found ID "${value}"${path ? ` at ${path}` : ""}, which does not match the table name in validator \`${formatValidator(validator)}\`.`;

function checkArray(
  validator: { type: "array"; value: ValidatorJson },
  value: Json,
  path: string,
  tables: TableNumbers,
): Problem | null {
  if (!Array.isArray(value)) return describeMismatch(validator, value, path);
  for (const [index, item] of value.entries()) {
    const problem = checkValue(validator.value, item, `${path}[${index}]`, tables);
    if (problem) return problem;
  }
  return null;
}

function checkRecord(
  validator: Extract<ValidatorJson, { type: "record" }>,
  value: Json,
  path: string,
  tables: TableNumbers,
): Problem | null {
  if (!isPlainObject(value)) return describeMismatch(validator, value, path);
  const values = "fieldType" in validator.values ? validator.values.fieldType : validator.values;
  for (const [key, item] of Object.entries(value)) {
    const problem =
      checkValue(validator.keys, key, `${path}.${key}`, tables) ?? checkValue(values, item, `${path}.${key}`, tables);
    if (problem) return problem;
  }
  return null;
}

function checkObject(
  validator: Extract<ValidatorJson, { type: "object" }>,
  value: Json,
  path: string,
  tables: TableNumbers,
): Problem | null {
  if (!isPlainObject(value)) return describeMismatch(validator, value, path);
  const fields = validator.value;
  for (const name in value) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (!field)
      return () =>
        `Object contains extra field \`${name}\` that is not in the validator.\n\n${formatPath(path)}Object: ${formatValue(value)}\nValidator: ${formatValidator(validator)}`;
    const problem = checkValue(field.fieldType, value[name]!, `${path}.${name}`, tables);
    if (problem) return problem;
  }
  for (const name in fields)
    if (!fields[name]!.optional && !Object.hasOwn(value, name))
      return () =>
        `Object is missing the required field \`${name}\`. Consider wrapping the field validator in \`v.optional(...)\` if this is expected.\n\n${formatPath(path)}Object: ${formatValue(value)}\nValidator: ${formatValidator(validator)}`;
  return null;
}

function checkUnion(
  validator: { type: "union"; value: ValidatorJson[] },
  value: Json,
  path: string,
  tables: TableNumbers,
): Problem | null {
  let closest: Problem | null = null;
  for (const member of validator.value) {
    const problem = checkValue(member, value, path, tables);
    if (problem === null) return null;
    // When members differ by a literal field, the one whose literals match explains best.
    if (member.type === "object" && isPlainObject(value) && hasMatchingLiterals(member, value)) closest ??= problem;
  }
  return closest ?? describeMismatch(validator, value, path);
}

function hasMatchingLiterals(member: Extract<ValidatorJson, { type: "object" }>, value: JsonObject): boolean {
  const literals = Object.entries(member.value).filter(([, field]) => field.fieldType.type === "literal");
  return (
    literals.length > 0 &&
    literals.every(([name, { fieldType }]) => isLiteral((fieldType as { value: Json }).value, value[name]))
  );
}

const formatPath = (path: string) => (path ? `Path: ${path}\n` : "");
const describeMismatch =
  (validator: ValidatorJson, value: Json, path: string): Problem =>
  () =>
    `Value does not match validator.\n${formatPath(path)}Value: ${SECRET.test(path) ? HIDDEN : formatValue(value)}\nValidator: ${formatValidator(validator)}`;

// These messages reach logs, which no secret may.
const SECRET = /(password|secret|token|credential|guestSessionId)$/i;
const HIDDEN = '"…"';

function formatValue(value: Json): string {
  const text = JSON.stringify(value, (name, field: Json) => (SECRET.test(name) ? "…" : field));
  return text.length > 400 ? `${text.slice(0, 400)}…` : text;
}

/** A validator as its author wrote it: `v.object({a: v.optional(v.string())})`. */
function formatValidator(validator: ValidatorJson): string {
  switch (validator.type) {
    case "number":
      return "v.float64()";
    case "bigint":
      return "v.int64()";
    case "literal":
      return `v.literal(${JSON.stringify(validator.value)})`;
    case "id":
      return `v.id("${validator.tableName}")`;
    case "array":
      return `v.array(${formatValidator(validator.value)})`;
    case "record": {
      const { keys, values } = validator;
      return `v.record(${formatValidator(keys)}, ${formatValidator("fieldType" in values ? values.fieldType : values)})`;
    }
    case "union":
      return `v.union(${validator.value.map(formatValidator).join(", ")})`;
    case "object": {
      const fields = Object.entries(validator.value).map(([name, { fieldType, optional }]) =>
        optional ? `${name}: v.optional(${formatValidator(fieldType)})` : `${name}: ${formatValidator(fieldType)}`,
      );
      return `v.object({${fields.join(", ")}})`;
    }
    default:
      return `v.${validator.type}()`;
  }
}
