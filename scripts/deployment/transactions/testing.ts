/** Helpers for tests of the store. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach } from "vitest";
import type { Json, JsonObject } from "../values";
import type { Commit } from "./read-set";
import { BlobStore, openKv, openLoggedKv, type Kv } from "../storage";
import { openStore, Store } from "./store";
import type { Transaction } from "./transaction";

const folders: string[] = [];
const stores: Store[] = [];

afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "data-"));
  folders.push(folder);
  return folder;
}

/** Closed after the test. */
export function freshStore(folder = temporaryFolder()): Store {
  const store = openStore(folder);
  stores.push(store);
  return store;
}

export async function reopened(store: Store, folder: string): Promise<Store> {
  stores.splice(stores.indexOf(store), 1);
  await store.close();
  return freshStore(folder);
}

interface WatchedStore {
  store: Store;
  /** Keys of documents and of index rows that were looked up or listed since the last reset. */
  rowsRead: number;
  reset(): void;
}

/** A store that counts what is read of its rows. Closed after the test. */
export function watchReads(): WatchedStore {
  const folder = temporaryFolder();
  // The secret and the format are written by whoever opens a store as usual.
  const kv = openLoggedKv(join(folder, "db"), openKv(join(folder, "db")));
  kv.transaction(() => kv.put(Buffer.from("m\0cursorSecret"), Buffer.alloc(32)));
  const watched = { store: null as unknown as Store, rowsRead: 0, reset: () => void (watched.rowsRead = 0) };
  const noteKeys = (keys: Buffer[]): Buffer[] => {
    watched.rowsRead += keys.filter((key) => key[0] !== META).length;
    return keys;
  };
  const watching: Kv = {
    has: (key) => kv.has(key),
    get: (key) => (noteKeys([key as Buffer]), kv.get(key)),
    getText: (key) => (noteKeys([key as Buffer]), kv.getText(key)),
    keys: (...range) => noteKeys(kv.keys(...range)),
    countKeys: (...range) => kv.countKeys(...range),
    put: (key, value) => kv.put(key, value),
    remove: (key) => kv.remove(key),
    transaction: (work) => kv.transaction(work),
    get writing() {
      return kv.writing;
    },
    prepareReads: () => kv.prepareReads(),
    refresh: () => kv.refresh(),
    close: () => kv.close(),
  };
  watched.store = new Store(watching, new BlobStore(join(folder, "files")), () => undefined);
  stores.push(watched.store);
  return watched;
}

/** The first byte of the keys of what is no row. */
const META = 0x6d;

/** Closes the store. @returns the keys from `start` up to `end` that its database then has. */
export async function keysOnDisk(store: Store, folder: string, start: string, end: string): Promise<Buffer[]> {
  stores.splice(stores.indexOf(store), 1);
  await store.close();
  const kv = openKv(join(folder, "db"));
  const keys = kv.keys(Buffer.from(start), Buffer.from(end), false, 100_000);
  await kv.close();
  return keys;
}

/** One transaction in a commit of its own. */
export function mutate<T>(store: Store, work: (tx: Transaction) => T): { value: T; commit: Commit } {
  return store.groupCommit((writer) => {
    const tx = store.begin("write");
    const value = work(tx);
    return { value, commit: writer.commit(tx) };
  });
}

export const tableScan = (tableName: string, order: "asc" | "desc" = "asc", operators: Json[] = []): JsonObject => ({
  source: { type: "FullTableScan", tableName, order },
  operators,
});

export const indexScan = (
  indexName: string,
  range: Json[],
  order: "asc" | "desc" = "asc",
  operators: Json[] = [],
): JsonObject => ({
  source: { type: "IndexRange", indexName, range, order },
  operators,
});

export const searchFor = (indexName: string, fieldPath: string, value: string, equal: JsonObject = {}): JsonObject => ({
  source: {
    type: "Search",
    indexName,
    filters: [
      { type: "Search", fieldPath, value },
      ...Object.entries(equal).map(([field, value]) => ({ type: "Eq", fieldPath: field, value })),
    ],
  },
  operators: [],
});

/** All results of a query. */
export function collect(tx: Transaction, query: Json, component = ""): JsonObject[] {
  const stream = tx.openStream(component, query);
  const found: JsonObject[] = [];
  for (let text = tx.nextInStream(stream); text !== null; text = tx.nextInStream(stream))
    found.push(JSON.parse(text) as JsonObject);
  return found;
}

interface TableSpec {
  indexes?: Record<string, string[]>;
  staged?: Record<string, string[]>;
  search?: Record<string, { field: string; filters?: string[] }>;
  documentType?: Json;
}

/** A schema as the convex package exports it. */
export const schemaOf = (tables: Record<string, TableSpec>, schemaValidation = true): Json => ({
  tables: Object.entries(tables).map(
    ([tableName, { indexes = {}, staged = {}, search = {}, documentType = null }]) => ({
      tableName,
      indexes: Object.entries(indexes).map(([indexDescriptor, fields]) => ({ indexDescriptor, fields })),
      stagedDbIndexes: Object.entries(staged).map(([indexDescriptor, fields]) => ({
        indexDescriptor,
        fields,
      })),
      searchIndexes: Object.entries(search).map(([indexDescriptor, { field, filters = [] }]) => ({
        indexDescriptor,
        searchField: field,
        filterFields: filters,
      })),
      documentType,
    }),
  ),
  schemaValidation,
});

/** Builds and serves a schema. */
export function serve(store: Store, schema: Json | null, component = ""): void {
  const build = store.prepareSchema(component, schema);
  for (let progress = build.step(); progress.type !== "complete"; progress = build.step())
    if (progress.type === "failed") throw new Error(progress.error);
  store.groupCommit(() => build.activate());
}
