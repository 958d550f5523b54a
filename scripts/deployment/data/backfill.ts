/** Building what a pushed schema needs beside what is served: rows checked and indexes filled a slice at a time. */
import type { Json, SchemaBuild, SchemaProgress } from "../types";
import type { Index, StoreCatalog, Table } from "./catalog";
import type { Kv } from "./kv";
import { successor } from "./ranges";
import { documentKey, indexRowKey, keysOf, StoredDocument, INDEX_ROW_PREFIX_BYTES } from "./records";
import { documentTypes, indexSpecs, searchSpecs, type SchemaJson, type WantedIndex } from "./schema";
import { validate } from "./validate";
import { prefixEnd } from "./values";

const SLICE_MS = 5;
const BATCH = 64;
const EMPTY = Buffer.alloc(0);

type Named = WantedIndex & { table: string };

/**
 * New indexes exist in the catalog as `building` from the start, so every commit keeps them up to date while older rows
 * are filled in; `activate` only switches over. Rows written meanwhile are validated by `activate` once more.
 */
export class Backfill implements SchemaBuild {
  private readonly wanted: Named[];
  private readonly building: { table: Table; index: Index }[] = [];
  private readonly pending: string[];
  private prepared = false;
  private checking: { table: Table; from: Buffer } | null = null;
  private done = 0;
  private failure: SchemaProgress | null = null;

  constructor(
    private readonly kv: Kv,
    private readonly catalog: StoreCatalog,
    private readonly component: string,
    private readonly schema: SchemaJson | null,
  ) {
    this.wanted = (schema?.tables ?? []).flatMap((table) =>
      [...indexSpecs(table), ...searchSpecs(table)].map((index) => ({ ...index, table: table.tableName })),
    );
    this.pending = catalog.tables(component).filter(({ system }) => !system).map(({ name }) => name);
  }

  step(): SchemaProgress {
    if (this.failure) return this.failure;
    this.prepare();
    const until = performance.now() + SLICE_MS;
    do {
      if (!this.checking) {
        const name = this.pending.shift();
        if (name === undefined) return { type: "complete" };
        const table = this.catalog.table(this.component, name);
        if (table) this.checking = { table, from: EMPTY };
        continue;
      }
      this.batch(this.checking);
      if (this.failure) return this.failure;
    } while (performance.now() < until);
    return { type: "inProgress", indexesComplete: this.done, indexesTotal: this.building.length, schemaValidationComplete: false };
  }

  activate(): { added: Named[]; removed: Named[] } {
    this.prepare();
    for (let progress = this.step(); progress.type !== "complete"; progress = this.step())
      if (progress.type === "failed") throw new Error(progress.error);
    for (const { tableName } of this.schema?.tables ?? []) this.catalog.ensureTable(this.component, tableName);
    const added = this.building.map(({ table, index }) => ({ ...index, table: table.name }));
    for (const { index } of this.building) delete index.building;
    const removed = this.unwanted();
    for (const { table, name } of removed) this.drop(table, name);
    for (const { table, name, staged } of this.wanted) {
      const index = this.catalog.table(this.component, table)?.indexes.get(name);
      if (!index) continue;
      if (staged) index.staged = true;
      else delete index.staged;
    }
    this.catalog.serveSchema(this.component, this.schema);
    return { added, removed };
  }

  abandon(): void {
    this.inTurn(() => {
      for (const { table, index } of this.building) if (index.building) this.drop(table.name, index.name);
      this.catalog.save();
    });
  }

  /** Puts the missing indexes into the catalog. */
  private prepare(): void {
    if (this.prepared) return;
    this.prepared = true;
    this.inTurn(() => {
      for (const { table: tableName, ...spec } of this.wanted) {
        const table = this.catalog.ensureTable(this.component, tableName);
        const existing = table.indexes.get(spec.name);
        if (existing && !existing.building && same(existing, spec)) continue;
        // One of this name but other fields is still served; the new one takes its place at once when it is empty-handed.
        if (existing) this.drop(tableName, spec.name);
        this.building.push({ table, index: this.catalog.addIndex(table, { ...spec, building: true }) });
      }
      this.catalog.save();
    });
  }

  private batch(at: { table: Table; from: Buffer }): void {
    const prefix = documentKey(at.table.id, EMPTY);
    const keys = this.kv.keys(Buffer.concat([prefix, at.from]), prefixEnd(prefix), false, BATCH);
    const indexes = this.building.filter(({ table }) => table === at.table).map(({ index }) => index);
    const type = documentTypes(this.schema).get(at.table.name);
    const numbers = this.catalog.numbers(this.component);
    this.inTurn(() => {
      for (const key of keys) {
        const text = this.kv.getText(key);
        if (text === undefined) continue;
        const document = new StoredDocument(Buffer.from(key.subarray(INDEX_ROW_PREFIX_BYTES)), text);
        const problem = type && validate(type, withoutSystemFields(document), numbers);
        if (problem) {
          this.failure = {
            type: "failed",
            table: at.table.name,
            error: `Document with ID "${document.value._id as string}" in table "${at.table.name}" does not match the schema: ${problem}`,
          };
          return;
        }
        for (const index of indexes) for (const sortKey of keysOf(index, document)) this.kv.put(indexRowKey(index.id, sortKey), EMPTY);
      }
    }, indexes.length > 0);
    if (keys.length < BATCH) {
      this.done += indexes.length;
      this.checking = null;
    } else at.from = successor(keys.at(-1)!.subarray(INDEX_ROW_PREFIX_BYTES));
  }

  private unwanted(): Named[] {
    const wanted = new Set(this.wanted.map(({ table, name }) => `${table}.${name}`));
    return this.catalog
      .tables(this.component)
      .filter(({ system }) => !system)
      .flatMap(({ name: table }) =>
        [...this.catalog.table(this.component, table)!.indexes.values()]
          .filter(({ name }) => name !== "by_creation_time" && !wanted.has(`${table}.${name}`))
          .map((index) => ({ ...index, table })),
      );
  }

  private drop(tableName: string, name: string): void {
    const table = this.catalog.table(this.component, tableName);
    const index = table?.indexes.get(name);
    if (!table || !index) return;
    this.catalog.removeIndex(table, name);
    const prefix = indexRowKey(index.id, EMPTY);
    for (;;) {
      const rows = this.kv.keys(prefix, prefixEnd(prefix), false, 1_000);
      for (const row of rows) this.kv.remove(row);
      if (rows.length < 1_000) return;
    }
  }

  private inTurn(work: () => void, needed = true): void {
    if (!needed || this.kv.writing) work();
    else this.kv.transaction(work);
  }
}

const same = (index: Index, wanted: WantedIndex): boolean =>
  JSON.stringify([index.fields, index.search ?? null]) === JSON.stringify([wanted.fields, wanted.search ?? null]);

function withoutSystemFields(document: StoredDocument): Json {
  const { _id, _creationTime, ...fields } = document.value;
  return fields;
}
