import type { SearchDefinition } from "./search-terms";
import type { StoredDocument } from "./document";

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
export const slotOf = ({ id, name, building }: Index): string => (building ? `${name}\0${id}` : name);

export const BY_CREATION_TIME = { name: "by_creation_time", fields: ["_creationTime"] };

/** Indexes that schemas make and queries see. */
export const servedIndexes = (table: Table | undefined): Index[] =>
  [...(table?.indexes.values() ?? [])].filter(({ name, building }) => !building && name !== BY_CREATION_TIME.name);

/** Hears of the writes to the tables of the catalog. */
export interface WriteObserver {
  /** Called for every document a commit writes, whether the commit succeeds or not. */
  written(table: Table, document: StoredDocument): void;
  /** A table of the component was replaced: neither its rows nor its indexes are those that were seen. */
  restart(component: string): void;
}
