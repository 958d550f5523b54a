import {
  type DocumentCache,
  makeDocumentKey,
  type Index,
  INDEX_ROW_PREFIX_BYTES,
  makeIndexRowKey,
  INTERNAL_ID_BYTES,
  type StoredDocument,
  type Table,
} from "../documents";
import type { Kv } from "../storage";
import { findPrefixEnd, makeSuccessor } from "../values";
import type { Overlay } from "./overlay";
import type { KeyRange } from "./read-set";

export interface ScanBounds {
  start: Buffer;
  end: Buffer | null;
}
export interface Row {
  key: Buffer;
  document: StoredDocument;
}

/** A part of an index, in the order in which it is read. */
export interface ScanRange {
  table: Table;
  index: Index | "by_id";
  bounds: ScanBounds;
  reverse: boolean;
}

const FIRST_CHUNK = 16;
const CHUNK = 256;

/**
 * Rows of one index in order: committed ones read in chunks, merged with the transaction's own. What was consumed is
 * recorded in `read` as it goes, and nothing more.
 */
export class Scan {
  #committed: Buffer[] = [];
  #at = 0;
  #exhausted = false;
  #nextStart: Buffer;
  #nextEnd: Buffer | null;
  #chunk = FIRST_CHUNK;
  readonly #hidden: Set<string> | null = null;
  readonly #added: { key: Buffer; document: StoredDocument }[] = [];
  #addedAt = 0;
  #done = false;
  readonly #kv: Kv;
  readonly #cache: DocumentCache;
  readonly #table: Table;
  readonly #index: Index | "by_id";
  readonly #bounds: ScanBounds;
  readonly #reverse: boolean;
  readonly #read: KeyRange;

  /** @param expected rows that will probably be needed. */
  constructor(
    { kv, cache }: { kv: Kv; cache: DocumentCache },
    { table, index, bounds, reverse }: ScanRange,
    { overlay, read }: { overlay: Overlay; read: KeyRange },
    expected = FIRST_CHUNK,
  ) {
    this.#kv = kv;
    this.#cache = cache;
    this.#table = table;
    this.#index = index;
    this.#bounds = bounds;
    this.#reverse = reverse;
    this.#read = read;

    this.#nextStart = bounds.start;
    this.#nextEnd = bounds.end;
    this.#chunk = Math.max(1, Math.min(expected, CHUNK));
    const changes = overlay.changes(table.id);
    if (changes) {
      this.#hidden = new Set();
      for (const change of changes.values()) {
        const keys = index === "by_id" ? makeIdKeys(change) : change.keysIn(index);
        for (const key of keys.before) this.#hidden.add(key.toString("latin1"));
        for (const key of keys.after) if (isWithin(key, bounds)) this.#added.push({ key, document: change.after! });
      }
      this.#added.sort((a, b) => Buffer.compare(a.key, b.key) * (reverse ? -1 : 1));
    }
    // Nothing is read yet.
    if (reverse) read.start = bounds.end ?? BEYOND_ALL;
    else read.end = bounds.start;
  }

  next(): Row | null {
    if (this.#done) return null;
    const committed = this.#peekCommitted();
    const added = this.#added[this.#addedAt];
    let row: Row | null;
    if (committed && (!added || Buffer.compare(committed, added.key) * (this.#reverse ? -1 : 1) < 0)) {
      this.#at++;
      const document = this.#cache.get(this.#table, committed.subarray(committed.length - INTERNAL_ID_BYTES));
      if (!document) throw new Error(`index ${this.#table.name} names a document that is missing`);
      row = { key: committed, document };
    } else if (added) {
      this.#addedAt++;
      row = added;
    } else row = null;
    this.#record(row);
    return row;
  }

  #record(row: Row | null): void {
    if (row === null) {
      this.#done = true;
      this.#read.start = this.#bounds.start;
      this.#read.end = this.#bounds.end;
    } else if (this.#reverse) this.#read.start = row.key;
    else this.#read.end = makeSuccessor(row.key);
  }

  #peekCommitted(): Buffer | null {
    for (;;) {
      while (this.#at < this.#committed.length) {
        const key = this.#committed[this.#at]!;
        if (!this.#hidden?.has(key.toString("latin1"))) return key;
        this.#at++;
      }
      if (this.#exhausted) return null;
      this.#fetch();
    }
  }

  #fetch(): void {
    const prefix =
      this.#index === "by_id" ? makeDocumentKey(this.#table.id, NO_BYTES) : makeIndexRowKey(this.#index.id, NO_BYTES);
    const start = Buffer.concat([prefix, this.#nextStart]);
    const end = this.#nextEnd ? Buffer.concat([prefix, this.#nextEnd]) : findPrefixEnd(prefix);
    const rows = this.#kv.keys(start, end, this.#reverse, this.#chunk);
    this.#exhausted = rows.length < this.#chunk;
    this.#committed = rows.map((row) => row.subarray(INDEX_ROW_PREFIX_BYTES));
    this.#at = 0;
    const last = this.#committed.at(-1);
    if (last) {
      if (this.#reverse) this.#nextEnd = last;
      else this.#nextStart = makeSuccessor(last);
    }
    this.#chunk = Math.min(CHUNK, this.#chunk * 4);
  }
}

const NO_BYTES = Buffer.alloc(0);
/** Above every key: no sort key starts with this byte. */
export const BEYOND_ALL = Buffer.from([0xff]);

const makeIdKeys = (change: { internalId: Buffer; before: unknown; after: unknown }) => ({
  before: change.before ? [change.internalId] : [],
  after: change.after ? [change.internalId] : [],
});

function isWithin(key: Buffer, bounds: ScanBounds): boolean {
  return Buffer.compare(key, bounds.start) >= 0 && (bounds.end === null || Buffer.compare(key, bounds.end) < 0);
}
