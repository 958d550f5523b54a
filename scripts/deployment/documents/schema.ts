import { isDeepStrictEqual } from "node:util";
import type { ValidatorJson } from "../values";
import { SEARCH_LAYOUT, type SearchDefinition } from "./search-terms";

/** A schema as `schema.export()` writes it. */
export interface SchemaJson {
  tables: {
    tableName: string;
    indexes: { indexDescriptor: string; fields: string[] }[];
    stagedDbIndexes?: { indexDescriptor: string; fields: string[] }[];
    searchIndexes?: { indexDescriptor: string; searchField: string; filterFields: string[] }[];
    stagedSearchIndexes?: { indexDescriptor: string; searchField: string; filterFields: string[] }[];
    vectorIndexes?: { indexDescriptor: string; vectorField: string; dimensions: number; filterFields: string[] }[];
    stagedVectorIndexes?: {
      indexDescriptor: string;
      vectorField: string;
      dimensions: number;
      filterFields: string[];
    }[];
    documentType: ValidatorJson | null;
  }[];
  schemaValidation: boolean;
}

/** Most indexes of a table. */
export const MAX_INDEXES = 64;
/** Most fields of an index, without the creation time that ends each. */
export const MAX_INDEX_FIELDS = 16;

export interface WantedIndex {
  name: string;
  fields: string[];
  staged?: boolean;
  search?: SearchDefinition;
}

export type SchemaTable = SchemaJson["tables"][number];

export const listIndexSpecs = (table: SchemaTable): WantedIndex[] => [
  ...table.indexes.map((index) => ({ name: index.indexDescriptor, fields: appendTime(index.fields) })),
  ...(table.stagedDbIndexes ?? []).map((index) => ({
    name: index.indexDescriptor,
    fields: appendTime(index.fields),
    staged: true,
  })),
];

export const listSearchSpecs = (table: SchemaTable): WantedIndex[] =>
  [
    ...(table.searchIndexes ?? []).map((index) => ({ index, staged: false })),
    ...(table.stagedSearchIndexes ?? []).map((index) => ({ index, staged: true })),
  ].map(({ index, staged }) => ({
    name: index.indexDescriptor,
    fields: [index.searchField],
    ...(staged && { staged }),
    search: { field: index.searchField, filters: index.filterFields, layout: SEARCH_LAYOUT },
  }));

const appendTime = (fields: string[]) => (fields.at(-1) === "_creationTime" ? fields : [...fields, "_creationTime"]);

/** Document validators by table, where the schema is enforced. */
export function listDocumentTypes(schema: SchemaJson | null): Map<string, ValidatorJson> {
  if (!schema?.schemaValidation) return new Map();
  return new Map(schema.tables.map(({ tableName, documentType }) => [tableName, documentType ?? { type: "any" }]));
}

/**
 * Whether the rows of a table must be checked before the type `wanted` is served for them.
 * @param served the type that is enforced now, null without one: rows that it holds for need no check against the same
 * type, because every write was checked.
 */
export const mustWalk = (served: ValidatorJson | null, wanted: ValidatorJson): boolean =>
  wanted.type !== "any" && !isDeepStrictEqual(wanted, served);
