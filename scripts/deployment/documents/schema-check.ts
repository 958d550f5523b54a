/** Checks whether a schema can be served at all, whatever rows there are. */
import { FunctionError } from "../lib";
import type { ValidatorJson } from "../values";
import { MAX_INDEX_FIELDS, MAX_INDEXES, type SchemaJson, type SchemaTable } from "./schema";

/** An index of any kind: a name and the fields it names. */
interface AnyIndex {
  name: string;
  fields: string[];
}

const TABLE_NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;
const INDEX_NAME = /^[a-zA-Z][a-zA-Z0-9_]{0,63}$/;
const FIELD_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,1023}$/;
const RESERVED_INDEXES = ["by_id", "by_creation_time"];
const SYSTEM_FIELDS = ["_id", "_creationTime"];

/** @throws FunctionError naming the table, and the field or index, that cannot be. */
export function checkSchema(schema: SchemaJson): void {
  for (const table of schema.tables) {
    if (!TABLE_NAME.test(table.tableName))
      throw new FunctionError(
        `Table name ${JSON.stringify(table.tableName)} is invalid: use letters, digits and underscores, at most 64, starting with a letter.`,
      );
    checkDocumentType(table);
    checkFields(table);
    checkIndexes(table);
    checkDimensions(table);
  }
}

/** Documents are objects, so no other type could ever hold one. */
function checkDocumentType({ tableName, documentType }: SchemaTable): void {
  if (!documentType || documentType.type === "any") return;
  const types = documentType.type === "union" ? documentType.value : [documentType];
  const other = types.find(({ type }) => type !== "object");
  if (other)
    throw new FunctionError(
      `In table "${tableName}" the document validator must be an object, a union of objects, or v.any(). Found ${other.type}.`,
    );
}

const [MIN_DIMENSIONS, MAX_DIMENSIONS] = [2, 4096];

function checkDimensions({ tableName, vectorIndexes = [], stagedVectorIndexes = [] }: SchemaTable): void {
  for (const { indexDescriptor, dimensions } of [...vectorIndexes, ...stagedVectorIndexes])
    if (!(dimensions >= MIN_DIMENSIONS && dimensions <= MAX_DIMENSIONS))
      throw new FunctionError(
        `In table "${tableName}" the index "${indexDescriptor}" is invalid: its dimensions are ${dimensions}; they must be between ${MIN_DIMENSIONS} and ${MAX_DIMENSIONS}.`,
      );
}

function checkFields({ tableName, documentType }: SchemaTable): void {
  for (const type of listAlternatives(documentType)) {
    if (type.type !== "object") continue;
    const reserved = Object.keys(type.value).find((name) => name.startsWith("_") && !SYSTEM_FIELDS.includes(name));
    if (reserved !== undefined)
      throw new FunctionError(
        `In table "${tableName}" the field "${reserved}" is invalid: names that start with an underscore are the system's.`,
      );
  }
  const invalid = documentType && findInvalidField(documentType);
  if (invalid != null)
    throw new FunctionError(
      `In table "${tableName}" the field "${invalid}" is invalid: use letters, digits and underscores, not starting with a digit.`,
    );
}

/** The first field of an object anywhere in a validator whose name is no identifier. */
function findInvalidField(type: ValidatorJson): string | null {
  switch (type.type) {
    case "object":
      return findFirst(Object.entries(type.value), ([name, field]) =>
        FIELD_NAME.test(name) ? findInvalidField(field.fieldType) : name,
      );
    case "union":
      return findFirst(type.value, findInvalidField);
    case "array":
      return findInvalidField(type.value);
    case "record":
      return findInvalidField("fieldType" in type.values ? type.values.fieldType : type.values);
    default:
      return null;
  }
}

function findFirst<T>(items: T[], find: (item: T) => string | null): string | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function checkIndexes(table: SchemaTable): void {
  const indexes = listIndexes(table);
  const refuse = (why: string): never => {
    throw new FunctionError(`In table "${table.tableName}" ${why}`);
  };
  if (indexes.length > MAX_INDEXES) refuse(`there are ${indexes.length} indexes; ${MAX_INDEXES} are allowed.`);
  const names = new Set<string>();
  for (const { name, fields } of indexes) {
    const index = `the index "${name}" is invalid:`;
    if (RESERVED_INDEXES.includes(name)) refuse(`${index} the name is reserved.`);
    if (!INDEX_NAME.test(name))
      refuse(`${index} use letters, digits and underscores, at most 64, starting with a letter.`);
    if (names.has(name)) refuse(`${index} another one has the same name.`);
    names.add(name);
    if (fields.length === 0) refuse(`${index} it has no fields.`);
    if (fields.length > MAX_INDEX_FIELDS)
      refuse(`${index} it has ${fields.length} fields; ${MAX_INDEX_FIELDS} are allowed.`);
    for (const [at, field] of fields.entries()) {
      if (SYSTEM_FIELDS.includes(field)) refuse(`${index} every index ends with "${field}" by itself.`);
      if (fields.indexOf(field) !== at) refuse(`${index} it names the field "${field}" twice.`);
      if (table.documentType && !canHave(table.documentType, field.split(".")))
        refuse(`${index} the field "${field}" does not exist.`);
    }
  }
}

function listIndexes(table: SchemaTable): AnyIndex[] {
  const named = ({ indexDescriptor }: { indexDescriptor: string }, fields: string[]) => ({
    name: indexDescriptor,
    fields,
  });
  return [
    ...[...table.indexes, ...(table.stagedDbIndexes ?? [])].map((index) => named(index, index.fields)),
    ...[...(table.searchIndexes ?? []), ...(table.stagedSearchIndexes ?? [])].map((index) =>
      named(index, [...new Set([index.searchField, ...index.filterFields])]),
    ),
    ...[...(table.vectorIndexes ?? []), ...(table.stagedVectorIndexes ?? [])].map((index) =>
      named(index, [...new Set([index.vectorField, ...index.filterFields])]),
    ),
  ];
}

/** Whether some value of the type has something at the path. */
function canHave(type: ValidatorJson, [name, ...rest]: string[]): boolean {
  if (name === undefined) return true;
  return listAlternatives(type).some((one) => {
    if (one.type === "any") return true;
    if (one.type === "record") return canHave("fieldType" in one.values ? one.values.fieldType : one.values, rest);
    if (one.type !== "object") return false;
    return Object.hasOwn(one.value, name) && canHave(one.value[name]!.fieldType, rest);
  });
}

const listAlternatives = (type: ValidatorJson | null): ValidatorJson[] =>
  type === null ? [] : type.type === "union" ? type.value.flatMap(listAlternatives) : [type];
