import type { SearchDefinition } from "./search-terms";

/** `fields` ends with `_creationTime` for ordinary indexes, so that equal keys keep insertion order. */
export interface Index {
  id: number;
  name: string;
  fields: string[];
  staged?: boolean;
  search?: SearchDefinition;
  /** Still being filled by a push; kept up to date by writes, but not served. */
  building?: boolean;
}

export interface Table {
  id: number;
  number: number;
  name: string;
  component: string;
  system: boolean;
  indexes: Map<string, Index>;
  /** Index ids of the two built-in orders. */
  byId: number;
  byCreationTime: Index;
}

/**
 * The key of an index in its table: its name once it is served; while it is built, one that a served index may stand
 * beside.
 */
export const makeSlot = ({ id, name, building }: Index): string => (building ? `${name}\0${id}` : name);

/** Tables of the deployment itself have lower numbers. */
export const FIRST_USER_TABLE = 10_001;

export const BY_CREATION_TIME = { name: "by_creation_time", fields: ["_creationTime"] };

/** Indexes that schemas make and queries see. */
export const listServedIndexes = (table: Table | undefined): Index[] =>
  [...(table?.indexes.values() ?? [])].filter(({ name, building }) => !building && name !== BY_CREATION_TIME.name);

export function makeTable(
  stored: Pick<Table, "id" | "number" | "name" | "byId">,
  component: string,
  indexes: Index[],
): Table {
  const byCreationTime = indexes.find(({ name }) => name === BY_CREATION_TIME.name);
  if (!byCreationTime) throw new Error(`table ${stored.name} has no creation-time index`);
  return {
    ...stored,
    component,
    system: stored.number < FIRST_USER_TABLE,
    indexes: new Map(indexes.map((index) => [makeSlot(index), index])),
    byCreationTime,
  };
}
