import type { SchemaJson, SchemaTable } from "../documents";
import type { Json } from "../values";

/** An index as the CLI prints it: `table.name` with its fields. */
export type DeveloperIndex = { name: string; staged: boolean } & (
  | { type: "database"; fields: string[] }
  | { type: "search"; searchField: string; filterFields: string[] }
  | { type: "vector"; dimensions: number; vectorField: string; filterFields: string[] }
);

export function listSchemaTables(schema: Json | null): SchemaTable[] {
  return (schema as Partial<SchemaJson> | null)?.tables ?? [];
}

export function listSchemaIndexes(schema: Json | null): DeveloperIndex[] {
  return listSchemaTables(schema).flatMap((table) => {
    const named = (descriptor: string): string => `${table.tableName}.${descriptor}`;
    const database = (staged: boolean) => (index: { indexDescriptor: string; fields: string[] }) => ({
      type: "database" as const,
      name: named(index.indexDescriptor),
      fields: index.fields,
      staged,
    });
    const search =
      (staged: boolean) => (index: { indexDescriptor: string; searchField: string; filterFields: string[] }) => ({
        type: "search" as const,
        name: named(index.indexDescriptor),
        searchField: index.searchField,
        filterFields: index.filterFields,
        staged,
      });
    const vector =
      (staged: boolean) =>
      (index: { indexDescriptor: string; vectorField: string; dimensions: number; filterFields: string[] }) => ({
        type: "vector" as const,
        name: named(index.indexDescriptor),
        dimensions: index.dimensions,
        vectorField: index.vectorField,
        filterFields: index.filterFields,
        staged,
      });
    return [
      ...(table.indexes ?? []).map(database(false)),
      ...(table.stagedDbIndexes ?? []).map(database(true)),
      ...(table.searchIndexes ?? []).map(search(false)),
      ...(table.stagedSearchIndexes ?? []).map(search(true)),
      ...(table.vectorIndexes ?? []).map(vector(false)),
      ...(table.stagedVectorIndexes ?? []).map(vector(true)),
    ];
  });
}

export interface IndexDiff {
  added_indexes: DeveloperIndex[];
  removed_indexes: DeveloperIndex[];
  enabled_indexes: DeveloperIndex[];
  disabled_indexes: DeveloperIndex[];
}

/**
 * The changes that a push makes to a component's indexes; one that only loses or gains `staged` is enabled or disabled.
 */
export function compareIndexes(before: Json | null, after: Json | null): IndexDiff {
  const old = new Map(listSchemaIndexes(before).map((index) => [makeIndexIdentity(index), index]));
  const next = new Map(listSchemaIndexes(after).map((index) => [makeIndexIdentity(index), index]));
  const kept = [...next]
    .filter(([key, index]) => old.has(key) && old.get(key)!.staged !== index.staged)
    .map(([, index]) => index);
  return {
    added_indexes: [...next].filter(([key]) => !old.has(key)).map(([, index]) => index),
    removed_indexes: [...old].filter(([key]) => !next.has(key)).map(([, index]) => index),
    enabled_indexes: kept.filter((index) => !index.staged),
    disabled_indexes: kept.filter((index) => index.staged),
  };
}

function makeIndexIdentity({ staged: _staged, ...index }: DeveloperIndex): string {
  return JSON.stringify(index);
}
