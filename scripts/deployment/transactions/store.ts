import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { lockFolder } from "../../lib/folders/folder-lock";
import {
  Catalog,
  DocumentCache,
  makeDocumentKey,
  type Index,
  makeIndexKeys,
  makeIndexRowKey,
  SchemaBuild,
  type SchemaJson,
  StoredDocument,
  type Table,
  TABLES_INDEX_ID,
} from "../documents";
import {
  BlobStore,
  DiskFullError,
  type Kv,
  type MetaStore,
  openKv,
  openLoggedKv,
  openMetaStore,
  describeWriteError,
} from "../storage";
import type { Json } from "../values";
import type { TransactionOptions } from "./document-access";
import { Change } from "./overlay";
import { Cursors } from "./pagination";
import type { Commit, WrittenKey } from "./read-set";
import { type Backing, makeTableKey } from "./reader";
import { type LoadTarget, TableLoad } from "./table-load";
import { RecentChanges } from "./recent-changes";
import { makeScope, Transaction } from "./transaction";

/**
 * Format 2 has a log beside the database, format 3 keeps the numbers of rows, which an earlier version would let grow
 * wrong; both earlier ones are read as they are.
 */
const FORMAT = "3";
const EARLIER_FORMATS = ["1", "2"];

const [FORMAT_KEY, TS_KEY, SECRET_KEY] = ["m\0format", "m\0lastTs", "m\0cursorSecret"].map((name) => Buffer.from(name));
const NOTHING = Buffer.alloc(0);
const SWEPT_ROWS = 500;

interface BeginOptions {
  now?: number;
  enforceSchema?: boolean;
  unlimited?: boolean;
}

/** Opens or creates the data folder. Throws one line when it is in use, unreadable or of another format. */
export function openStore(folder: string, options: { logSegmentBytes?: number } = {}): Store {
  const release = lockFolder(folder);
  try {
    return new Store(openDatabase(folder, options.logSegmentBytes), new BlobStore(join(folder, "files")), release);
  } catch (error) {
    release();
    throw error;
  }
}

function openDatabase(folder: string, logSegmentBytes?: number): Kv {
  const path = join(folder, "db");
  try {
    const kv = openKv(path);
    const format = kv.getText(FORMAT_KEY!);
    if (format === undefined || EARLIER_FORMATS.includes(format))
      kv.transaction(() => {
        kv.put(FORMAT_KEY!, Buffer.from(FORMAT));
        if (format === undefined) kv.put(SECRET_KEY!, randomBytes(32));
      });
    else if (format !== FORMAT) throw new Error(`it has format ${format}; this version reads format ${FORMAT}`);
    return openLoggedKv(path, kv, logSegmentBytes);
  } catch (error) {
    const reason = describeWriteError(error, folder);
    if (reason instanceof DiskFullError) throw new Error(`The disk of the data folder ${folder} is full.`);
    throw new Error(`Cannot read the data folder ${folder}: ${reason.message}`);
  }
}

/** The database: transactions, the catalog, small durable values and file contents, all in one folder. */
export class Store {
  readonly catalog: Catalog;
  readonly meta: MetaStore;
  readonly #cache: DocumentCache;
  readonly #cursors: Cursors;
  readonly #recent: RecentChanges;
  #ts: bigint;
  #lastCreationTime: number;
  readonly #kv: Kv;
  readonly #release: () => void;

  constructor(
    kv: Kv,
    readonly blobs: BlobStore,
    release: () => void,
  ) {
    this.#kv = kv;
    this.#release = release;

    this.catalog = new Catalog(kv);
    if (this.catalog.hasUnfinished) kv.transaction(() => this.catalog.removeUnfinished());
    this.#cache = new DocumentCache(kv);
    this.#cursors = new Cursors(kv.get(SECRET_KEY!)!);
    this.meta = openMetaStore(kv);
    this.#ts = BigInt(kv.getText(TS_KEY!) ?? "0");
    this.#recent = new RecentChanges(this.#ts);
    this.#lastCreationTime = Number(this.#ts / 1_000_000n);
  }

  /** Time of the newest commit, ns since the epoch. */
  get lastTs(): bigint {
    return this.#ts;
  }

  begin(mode: "read" | "write", options: BeginOptions = {}): Transaction {
    return new Transaction(this.#backing, this.#makeOptions(mode, options));
  }

  /** The newest time, which `beginAt` can read at for half a minute from now on. */
  keepTs(): bigint {
    this.#recent.keepFrom(this.#ts);
    return this.#ts;
  }

  /** A transaction that reads what was there at `ts`; null when that is not known any more. */
  beginAt(ts: bigint): Transaction | null {
    const overlay = this.#recent.reverseTo(ts, this.#ts);
    if (overlay === null) return null;
    const options = this.#makeOptions("read", {});
    return new Transaction(this.#backing, options, makeScope(options, overlay));
  }

  /** Call when tables or schemas have become others: nothing earlier can be read at any more. */
  forgetPast(): void {
    this.#recent.forget(this.#ts);
  }

  get #backing(): Backing {
    return { kv: this.#kv, catalog: this.catalog, cache: this.#cache, cursors: this.#cursors };
  }

  #makeOptions(mode: "read" | "write", options: BeginOptions): TransactionOptions {
    return {
      readOnly: mode === "read",
      now: options.now ?? Date.now(),
      enforceSchema: options.enforceSchema ?? true,
      unlimited: options.unlimited ?? false,
      nextCreationTime: (now) => this.#nextCreationTime(now),
    };
  }

  /** Starts loading a table, for imports. */
  load(target: LoadTarget): TableLoad {
    const nextCreationTime = () => this.#nextCreationTime(Date.now());
    return new TableLoad({ kv: this.#kv, catalog: this.catalog, nextCreationTime }, target);
  }

  /** Starts building what `schema` needs beside what is served; nothing served changes before `activate`. */
  prepareSchema(component: string, schema: Json | null): SchemaBuild {
    return new SchemaBuild(this.#kv, this.catalog, component, schema as SchemaJson | null);
  }

  /** Removes some rows of tables that are no longer served, or never were. @returns whether there are more. */
  sweep(): boolean {
    return this.catalog.unserved.removeRows(SWEPT_ROWS);
  }

  /** Call before functions run under a time limit: see `Kv`. */
  prepareReads(): void {
    this.#kv.prepareReads();
  }

  /** Group commit: runs `work` in one KV write transaction and returns when it is durable. Not re-entrant. */
  groupCommit<T>(work: (writer: CommitWriter) => T): T {
    const tsBefore = this.#ts;
    const after: (() => void)[] = [];
    let result: T;
    try {
      result = this.#kv.transaction(() => {
        const value = work({ commit: (tx) => this.#commit(tx, after) });
        this.catalog.save();
        if (this.#ts !== tsBefore) this.#kv.put(TS_KEY!, Buffer.from(this.#ts.toString()));
        return value;
      });
    } catch (error) {
      // Nothing of the group is on disk, so nothing of it may stay in memory.
      this.#ts = tsBefore;
      this.#cache.clear();
      this.catalog.reload();
      throw error;
    }
    this.catalog.observers.keepRemoved();
    for (const run of after) run();
    return result;
  }

  async close(): Promise<void> {
    await this.#kv.close();
    this.#release();
  }

  #commit(tx: Transaction, after: (() => void)[]): Commit {
    const ts = this.#nextTs();
    const writes: WrittenKey[] = [];
    const changes = tx.overlay.own().map((change) => stampCommitTs(change, ts));
    for (const change of changes) this.#apply(change, writes);
    for (const [tableId, rows] of tx.overlay.countAddedRows()) this.catalog.rows.add(tableId, rows);
    for (const indexId of tx.endedIndexes) writes.push({ indexId, key: null });
    for (const { component, name } of this.catalog.takeCreated())
      writes.push({ indexId: TABLES_INDEX_ID, key: makeTableKey(component, name) });
    after.push(() => {
      this.#recent.add(ts, changes);
      if (tx.endedIndexes.length > 0) this.#recent.forget(ts);
    });
    after.push(...tx.takeAfterCommit());
    return { ts, writes };
  }

  #apply(change: Change, writes: WrittenKey[]): void {
    const { table, internalId, before, after } = change;
    if (!before && !after) return;
    const key = makeDocumentKey(table.id, internalId);
    if (after) this.#kv.put(key, Buffer.from(after.text));
    else this.#kv.remove(key);
    this.#cache.set(table, internalId, after);
    this.catalog.observers.notify(table, after);
    writes.push({ indexId: table.byId, key: internalId });
    for (const index of table.indexes.values()) this.#applyIndex(index, change, writes);
    const copy = this.catalog.unserved.findCopy(table);
    if (copy) this.#applyToCopy(copy, change);
  }

  #applyToCopy(copy: Table, { internalId, before, after }: Change): void {
    const key = makeDocumentKey(copy.id, internalId);
    for (const index of copy.indexes.values()) {
      if (before) for (const row of makeIndexKeys(index, before)) this.#kv.remove(makeIndexRowKey(index.id, row));
      if (after) for (const row of makeIndexKeys(index, after)) this.#kv.put(makeIndexRowKey(index.id, row), NOTHING);
    }
    if (after) this.#kv.put(key, Buffer.from(after.text));
    else this.#kv.remove(key);
  }

  #applyIndex(index: Index, change: Change, writes: WrittenKey[]): void {
    const { before, after } = change.keysIn(index);
    for (const key of before) {
      if (!includesKey(after, key)) this.#kv.remove(makeIndexRowKey(index.id, key));
      writes.push({ indexId: index.id, key });
    }
    for (const key of after) {
      if (includesKey(before, key)) continue;
      this.#kv.put(makeIndexRowKey(index.id, key), NOTHING);
      writes.push({ indexId: index.id, key });
    }
  }

  #nextTs(): bigint {
    const now = BigInt(Date.now()) * 1_000_000n;
    return (this.#ts = now > this.#ts ? now : this.#ts + 1n);
  }

  #nextCreationTime(now: number): number {
    // A step that survives the precision of a float at today's time in ms.
    this.#lastCreationTime = now > this.#lastCreationTime ? now : this.#lastCreationTime + 1 / 1024;
    return this.#lastCreationTime;
  }
}

const includesKey = (keys: Buffer[], key: Buffer): boolean => keys.some((other) => other.equals(key));

const COMMIT_TS = '{"$commitTs":null}';

/** Writes the commit time into the places that the document left for it. */
function stampCommitTs(change: Change, ts: bigint): Change {
  const { table, internalId, before, after } = change;
  if (!after?.text.includes(COMMIT_TS)) return change;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(ts);
  const text = after.text.replaceAll(COMMIT_TS, `{"$integer":"${bytes.toString("base64")}"}`);
  return new Change(table, internalId, before, new StoredDocument(internalId, text));
}

export interface CommitWriter {
  /** Applies the overlay to the open KV transaction; transactions that begin later in the group see it. */
  commit(tx: Transaction): Commit;
}
