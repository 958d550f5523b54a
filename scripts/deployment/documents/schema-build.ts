/** Builds what a pushed schema needs, beside what is served: checks rows and fills indexes, a slice at a time. */
import type { Kv } from "../storage";
import { findPrefixEnd, makeSuccessor, validate, type ValidatorJson } from "../values";
import type { Catalog } from "./catalog";
import { makeDocumentKey, INDEX_ROW_PREFIX_BYTES, makeIndexRowKey, StoredDocument } from "./document";
import { makeIndexKeys } from "./index-rows";
import {
  listDocumentTypes,
  listIndexSpecs,
  listSearchSpecs,
  mustWalk,
  type SchemaJson,
  type WantedIndex,
} from "./schema";
import { type Index, makeSlot, type Table } from "./table";

const SLICE_MS = 5;
const BATCH = 64;
const EMPTY = Buffer.alloc(0);

type Failure = Extract<SchemaProgress, { type: "failed" }>;
type Named = WantedIndex & { table: string };

/**
 * New indexes are in the catalog as `building` from the start, beside a served one of the same name if need be: every
 * commit keeps them up to date while older rows are filled in, and `activate` only switches over. Documents written
 * meanwhile are held against the new schema as they come; those that fail it are looked at again before it is served.
 */
export class SchemaBuild {
  readonly #wanted: Named[];
  readonly #types: Map<string, ValidatorJson>;
  /** Indexes by their slot in the catalog, which is read anew after an abandoned commit. */
  readonly #building: { table: string; slot: string }[] = [];
  /** Tables whose rows may not match: the served schema has another type for them, or none. */
  readonly #unchecked = new Set<string>();
  #pending: string[] = [];
  #prepared = false;
  #over = false;
  /** The row from which the next batch goes on, whose rows are checked, or put into indexes, or both. */
  #at: { table: string; from: Buffer } | null = null;
  #done = 0;
  #failure: Failure | null = null;
  /** Documents that commits have written meanwhile although the new schema refuses them. */
  readonly #doubtful = new Map<string, { table: string; internalId: Buffer }>();
  readonly #kv: Kv;
  readonly #catalog: Catalog;
  readonly #component: string;
  readonly #schema: SchemaJson | null;

  constructor(kv: Kv, catalog: Catalog, component: string, schema: SchemaJson | null) {
    this.#kv = kv;
    this.#catalog = catalog;
    this.#component = component;
    this.#schema = schema;

    this.#wanted = (schema?.tables ?? []).flatMap((table) =>
      [...listIndexSpecs(table), ...listSearchSpecs(table)].map((index) => ({ ...index, table: table.tableName })),
    );
    this.#types = listDocumentTypes(schema);
  }

  /** Called for every document a commit writes, whether the group commit succeeds or not. */
  observeWrite(table: Table, document: StoredDocument): void {
    if (table.component !== this.#component || !this.#checkDocument(table.name, document)) return;
    const { internalId } = document;
    this.#doubtful.set(table.id + internalId.toString("latin1"), { table: table.name, internalId });
  }

  /** Called when a table of the component is replaced: neither its rows nor its indexes are those that were seen. */
  restart(component: string): void {
    if (component === this.#component) this.#prepared = false;
  }

  /** Validates existing rows and fills new indexes, a slice (~5 ms) per call. */
  step(): SchemaProgress {
    if (this.#over) throw new Error("this schema build is over");
    if (this.#failure) return this.#failure;
    this.#prepare();
    const until = performance.now() + SLICE_MS;
    do {
      if (!this.#at) {
        const table = this.#pending.shift();
        if (table === undefined) return this.#recheck() ?? { type: "complete" };
        this.#at = { table, from: EMPTY };
      }
      this.#buildBatch(this.#at);
      if (this.#failure) return this.#failure;
    } while (performance.now() < until);
    return {
      type: "inProgress",
      indexesComplete: this.#done,
      indexesTotal: this.#building.length,
      schemaValidationComplete: false,
    };
  }

  /**
   * Inside a commit: serves the schema, after what is left to do for it.
   * @returns the indexes that are served from now on, and those that are not any more.
   */
  activate(): { added: Named[]; removed: Named[] } {
    for (let progress = this.step(); progress.type !== "complete"; progress = this.step())
      if (progress.type === "failed") throw new Error(progress.error);
    for (const { tableName } of this.#schema?.tables ?? []) this.#catalog.ensureTable(this.#component, tableName);
    const removed = this.#listUnwanted();
    for (const { table, index } of removed) this.#catalog.dropIndex(table, index);
    const added = this.#listBuilding();
    for (const { table, index } of added) this.#catalog.serveIndex(table, index);
    for (const { table, name, staged } of this.#wanted) {
      const index = this.#catalog.table(this.#component, table)?.indexes.get(name);
      if (staged && index) index.staged = true;
      else delete index?.staged;
    }
    this.#catalog.serveSchema(this.#component, this.#schema);
    this.#catalog.observers.remove(this);
    return { added: added.map(describeIndex), removed: removed.map(describeIndex) };
  }

  abandon(): void {
    this.#over = true;
    this.#catalog.observers.remove(this);
    if (this.#building.length === 0) return;
    this.#runInCommit(() => {
      // Activated indexes are not building any more, so they are not found.
      for (const { table, index } of this.#listBuilding()) this.#catalog.dropIndex(table, index);
      this.#catalog.save();
    });
  }

  /** Adds the missing indexes to the catalog, again after an abandoned commit. */
  #prepare(): void {
    if (this.#prepared && this.#listBuilding().length === this.#building.length) return;
    this.#prepared = true;
    const earlier = this.#listBuilding();
    this.#building.length = 0;
    this.#done = 0;
    this.#at = null;
    this.#catalog.observers.add(this);
    this.#runInCommit(() => {
      for (const { table, index } of earlier) this.#catalog.dropIndex(table, index);
      for (const { table: tableName, ...spec } of this.#wanted) {
        const table = this.#catalog.ensureTable(this.#component, tableName);
        const existing = table.indexes.get(spec.name);
        if (existing && isSame(existing, spec)) continue;
        const index = this.#catalog.addIndex(table, { ...spec, building: true });
        this.#building.push({ table: tableName, slot: makeSlot(index) });
      }
      this.#catalog.save();
    });
    this.#listUnchecked();
    this.#pending = this.#listUserTables()
      .map(({ name }) => name)
      .filter((name) => this.#unchecked.has(name) || this.#building.some(({ table }) => table === name));
  }

  #listUnchecked(): void {
    this.#unchecked.clear();
    for (const [name, type] of this.#types) {
      const served = this.#catalog.documentType(this.#component, name);
      if (mustWalk(served, type)) this.#unchecked.add(name);
    }
  }

  /** The indexes that this build still fills, as the catalog has them. */
  #listBuilding(): { table: Table; index: Index }[] {
    return this.#building.flatMap(({ table: name, slot }) => {
      const table = this.#catalog.table(this.#component, name);
      const index = table?.indexes.get(slot);
      return table && index ? [{ table, index }] : [];
    });
  }

  #buildBatch(at: { table: string; from: Buffer }): void {
    const table = this.#catalog.table(this.#component, at.table);
    const indexes = this.#listBuilding()
      .filter((building) => building.table === table)
      .map(({ index }) => index);
    const isUnchecked = this.#unchecked.has(at.table);
    if (!table || (indexes.length === 0 && !isUnchecked)) {
      this.#at = null;
      return;
    }
    const prefix = makeDocumentKey(table.id, EMPTY);
    const keys = this.#kv.keys(Buffer.concat([prefix, at.from]), findPrefixEnd(prefix), false, BATCH);
    this.#runInCommit(() => {
      for (const key of keys) {
        const document = this.#readStored(key);
        if (!document) continue;
        if (isUnchecked && (this.#failure = this.#checkDocument(table.name, document))) return;
        for (const index of indexes)
          for (const sortKey of makeIndexKeys(index, document)) this.#kv.put(makeIndexRowKey(index.id, sortKey), EMPTY);
      }
    }, indexes.length > 0);
    if (keys.length < BATCH) {
      this.#done += indexes.length;
      this.#at = null;
    } else at.from = makeSuccessor(keys.at(-1)!.subarray(INDEX_ROW_PREFIX_BYTES));
  }

  /** Checks documents again that failed when they were written: they may be gone or valid by now. */
  #recheck(): Failure | null {
    for (const [name, { table: tableName, internalId }] of this.#doubtful) {
      const table = this.#catalog.table(this.#component, tableName);
      const document = table && this.#readStored(makeDocumentKey(table.id, internalId));
      const problem = document ? this.#checkDocument(tableName, document) : null;
      if (problem) return (this.#failure = problem);
      // Not before the commit that changed it is durable, which the begin of the next one shows.
      if (!this.#kv.writing) this.#doubtful.delete(name);
    }
    return null;
  }

  #readStored(key: Buffer): StoredDocument | null {
    const text = this.#kv.getText(key);
    return text === undefined ? null : new StoredDocument(Buffer.from(key.subarray(INDEX_ROW_PREFIX_BYTES)), text);
  }

  #checkDocument(table: string, document: StoredDocument): Failure | null {
    const type = this.#types.get(table);
    if (!type || type.type === "any") return null;
    const { _id, _creationTime, ...fields } = document.value;
    const problem = validate(type, fields, this.#catalog.numbers(this.#component));
    return problem === null
      ? null
      : makeFailure(
          table,
          `Document with ID "${_id as string}" in table "${table}" does not match the schema: ${problem}`,
        );
  }

  /** Served indexes that the schema lacks or defines differently. */
  #listUnwanted(): { table: Table; index: Index }[] {
    const wanted = new Map(this.#wanted.map((spec) => [`${spec.table}.${spec.name}`, spec]));
    return this.#listUserTables().flatMap(({ name }) => {
      const table = this.#catalog.table(this.#component, name)!;
      return [...table.indexes.values()]
        .filter((index) => {
          if (index.building || index.name === "by_creation_time") return false;
          const spec = wanted.get(`${name}.${index.name}`);
          return !spec || !isSame(index, spec);
        })
        .map((index) => ({ table, index }));
    });
  }

  #listUserTables() {
    return this.#catalog.tables(this.#component).filter(({ system }) => !system);
  }

  #runInCommit(work: () => void, needed = true): void {
    if (!needed || this.#kv.writing) work();
    else this.#kv.transaction(work);
  }
}

const describeIndex = ({ table, index }: { table: Table; index: Index }): Named => {
  const { id: _id, building: _building, ...spec } = index;
  return { ...spec, table: table.name };
};

const makeFailure = (table: string, error: string): Failure => ({ type: "failed", table, error });

const isSame = (index: Index, wanted: WantedIndex): boolean =>
  JSON.stringify([index.fields, index.search ?? null]) === JSON.stringify([wanted.fields, wanted.search ?? null]);

export type SchemaProgress =
  | { type: "inProgress"; indexesComplete: number; indexesTotal: number; schemaValidationComplete: boolean }
  | { type: "complete" }
  | { type: "failed"; error: string; table: string };
