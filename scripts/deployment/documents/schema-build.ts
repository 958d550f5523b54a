/** Builds what a pushed schema needs, beside what is served: checks rows and fills indexes, a slice at a time. */
import type { Kv } from "../storage";
import { prefixEnd, successor, validate, type ValidatorJson } from "../values";
import type { Catalog } from "./catalog";
import { documentKey, INDEX_ROW_PREFIX_BYTES, indexRowKey, StoredDocument } from "./document";
import { indexKeys, removeRows } from "./index-rows";
import { documentTypes, indexSpecs, type SchemaJson, searchSpecs, type WantedIndex } from "./schema";
import { type Index, slotOf, type Table } from "./table";

const SLICE_MS = 5;
const BATCH = 64;
const EMPTY = Buffer.alloc(0);

/** Indexes of a table, and fields of an index. */
const [MAX_INDEXES, MAX_INDEX_FIELDS] = [64, 16];

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
  #pending: string[] = [];
  #prepared = false;
  #over = false;
  #checking: { table: string; from: Buffer } | null = null;
  #done = 0;
  #failure: Failure | null = null;
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
      [...indexSpecs(table), ...searchSpecs(table)].map((index) => ({ ...index, table: table.tableName })),
    );
    this.#types = documentTypes(schema);
    this.#failure = definitionProblem(this.#wanted);
  }

  /** Called for every document a commit writes, whether the group commit succeeds or not. */
  written(table: Table, document: StoredDocument): void {
    if (table.component !== this.#component || !this.#problem(table.name, document)) return;
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
      if (!this.#checking) {
        const table = this.#pending.shift();
        if (table === undefined) return this.#recheck() ?? { type: "complete" };
        this.#checking = { table, from: EMPTY };
      }
      this.#batch(this.#checking);
      if (this.#failure) return this.#failure;
    } while (performance.now() < until);
    return {
      type: "inProgress",
      indexesComplete: this.#done,
      indexesTotal: this.#building.length,
      schemaValidationComplete: false,
    };
  }

  /** Inside a commit: serves the schema. @returns the index differences for the CLI. */
  activate(): { added: Named[]; removed: Named[] } {
    for (let progress = this.step(); progress.type !== "complete"; progress = this.step())
      if (progress.type === "failed") throw new Error(progress.error);
    for (const { tableName } of this.#schema?.tables ?? []) this.#catalog.ensureTable(this.#component, tableName);
    const removed = this.#unwanted();
    for (const { table, index } of removed) this.#drop(table, index);
    const added = this.#found();
    for (const { table, index } of added) this.#catalog.serveIndex(table, index);
    for (const { table, name, staged } of this.#wanted) {
      const index = this.#catalog.table(this.#component, table)?.indexes.get(name);
      if (staged && index) index.staged = true;
      else delete index?.staged;
    }
    this.#catalog.serveSchema(this.#component, this.#schema);
    this.#catalog.observers.remove(this);
    return { added: added.map(described), removed: removed.map(described) };
  }

  abandon(): void {
    this.#over = true;
    this.#catalog.observers.remove(this);
    if (this.#building.length === 0) return;
    this.#inCommit(() => {
      // Activated indexes are not building any more, so they are not found.
      for (const { table, index } of this.#found()) this.#drop(table, index);
      this.#catalog.save();
    });
  }

  /** Adds the missing indexes to the catalog, again after an abandoned commit. */
  #prepare(): void {
    if (this.#prepared && this.#found().length === this.#building.length) return;
    this.#prepared = true;
    const earlier = this.#found();
    this.#building.length = 0;
    this.#done = 0;
    this.#checking = null;
    this.#catalog.observers.add(this);
    this.#inCommit(() => {
      for (const { table, index } of earlier) this.#drop(table, index);
      for (const { table: tableName, ...spec } of this.#wanted) {
        const table = this.#catalog.ensureTable(this.#component, tableName);
        const existing = table.indexes.get(spec.name);
        if (existing && same(existing, spec)) continue;
        const index = this.#catalog.addIndex(table, { ...spec, building: true });
        this.#building.push({ table: tableName, slot: slotOf(index) });
      }
      this.#catalog.save();
    });
    this.#pending = this.#userTables().map(({ name }) => name);
  }

  #found(): { table: Table; index: Index }[] {
    return this.#building.flatMap(({ table: name, slot }) => {
      const table = this.#catalog.table(this.#component, name);
      const index = table?.indexes.get(slot);
      return table && index ? [{ table, index }] : [];
    });
  }

  #batch(at: { table: string; from: Buffer }): void {
    const table = this.#catalog.table(this.#component, at.table);
    const indexes = this.#found()
      .filter((building) => building.table === table)
      .map(({ index }) => index);
    if (!table || (indexes.length === 0 && !this.#types.has(at.table))) {
      this.#checking = null;
      return;
    }
    const prefix = documentKey(table.id, EMPTY);
    const keys = this.#kv.keys(Buffer.concat([prefix, at.from]), prefixEnd(prefix), false, BATCH);
    this.#inCommit(() => {
      for (const key of keys) {
        const document = this.#stored(key);
        if (!document) continue;
        if ((this.#failure = this.#problem(table.name, document))) return;
        for (const index of indexes)
          for (const sortKey of indexKeys(index, document)) this.#kv.put(indexRowKey(index.id, sortKey), EMPTY);
      }
    }, indexes.length > 0);
    if (keys.length < BATCH) {
      this.#done += indexes.length;
      this.#checking = null;
    } else at.from = successor(keys.at(-1)!.subarray(INDEX_ROW_PREFIX_BYTES));
  }

  /** Checks documents again that failed when they were written: they may be gone or valid by now. */
  #recheck(): Failure | null {
    for (const [name, { table: tableName, internalId }] of this.#doubtful) {
      const table = this.#catalog.table(this.#component, tableName);
      const document = table && this.#stored(documentKey(table.id, internalId));
      const problem = document ? this.#problem(tableName, document) : null;
      if (problem) return (this.#failure = problem);
      // Not before the commit that changed it is durable, which the begin of the next one shows.
      if (!this.#kv.writing) this.#doubtful.delete(name);
    }
    return null;
  }

  #stored(key: Buffer): StoredDocument | null {
    const text = this.#kv.getText(key);
    return text === undefined ? null : new StoredDocument(Buffer.from(key.subarray(INDEX_ROW_PREFIX_BYTES)), text);
  }

  #problem(table: string, document: StoredDocument): Failure | null {
    const type = this.#types.get(table);
    if (!type || type.type === "any") return null;
    const { _id, _creationTime, ...fields } = document.value;
    const problem = validate(type, fields, this.#catalog.numbers(this.#component));
    return problem === null
      ? null
      : failed(table, `Document with ID "${_id as string}" in table "${table}" does not match the schema: ${problem}`);
  }

  /** Served indexes that the schema lacks or defines differently. */
  #unwanted(): { table: Table; index: Index }[] {
    const wanted = new Map(this.#wanted.map((spec) => [`${spec.table}.${spec.name}`, spec]));
    return this.#userTables().flatMap(({ name }) => {
      const table = this.#catalog.table(this.#component, name)!;
      return [...table.indexes.values()]
        .filter((index) => {
          if (index.building || index.name === "by_creation_time") return false;
          const spec = wanted.get(`${name}.${index.name}`);
          return !spec || !same(index, spec);
        })
        .map((index) => ({ table, index }));
    });
  }

  #userTables() {
    return this.#catalog.tables(this.#component).filter(({ system }) => !system);
  }

  #drop(table: Table, index: Index): void {
    this.#catalog.removeIndex(table, index);
    removeRows(this.#kv, index);
  }

  #inCommit(work: () => void, needed = true): void {
    if (!needed || this.#kv.writing) work();
    else this.#kv.transaction(work);
  }
}

const described = ({ table, index }: { table: Table; index: Index }): Named => {
  const { id: _id, building: _building, ...spec } = index;
  return { ...spec, table: table.name };
};

const failed = (table: string, error: string): Failure => ({ type: "failed", table, error });

function definitionProblem(wanted: Named[]): Failure | null {
  const counts = new Map<string, number>();
  for (const { table, name, fields } of wanted) {
    const count = (counts.get(table) ?? 0) + 1;
    counts.set(table, count);
    if (count > MAX_INDEXES) return failed(table, `Table "${table}" has more than ${MAX_INDEXES} indexes.`);
    // Each ends with the creation time, which does not count.
    if (fields.length > MAX_INDEX_FIELDS + 1)
      return failed(table, `Index "${table}.${name}" has more than ${MAX_INDEX_FIELDS} fields.`);
  }
  return null;
}

const same = (index: Index, wanted: WantedIndex): boolean =>
  JSON.stringify([index.fields, index.search ?? null]) === JSON.stringify([wanted.fields, wanted.search ?? null]);

export type SchemaProgress =
  | { type: "inProgress"; indexesComplete: number; indexesTotal: number; schemaValidationComplete: boolean }
  | { type: "complete" }
  | { type: "failed"; error: string; table: string };
