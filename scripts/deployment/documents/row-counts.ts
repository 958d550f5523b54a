import type { Kv } from "../storage";
import { findPrefixEnd } from "../values";
import { makeDocumentKey } from "./document";

/** Says that the numbers are kept, as folders of earlier versions do not. */
const KEPT = Buffer.from("m\0rowsKept");
const NO_BYTES = Buffer.alloc(0);

/**
 * The number of rows of each table. A commit writes it together with the rows that it adds or removes, and nothing of
 * it is kept in memory: it is as durable as they are, and an abandoned commit takes it back with them.
 */
export class RowCounts {
  readonly #kv: Kv;

  constructor(kv: Kv) {
    this.#kv = kv;
  }

  get areKept(): boolean {
    return this.#kv.getText(KEPT) !== undefined;
  }

  /** Counts the rows of folders that an earlier version wrote, once and for all; inside a commit. */
  begin(tableIds: Iterable<number>): void {
    for (const id of tableIds) {
      const prefix = makeDocumentKey(id, NO_BYTES);
      this.set(id, this.#kv.countKeys(prefix, findPrefixEnd(prefix)));
    }
    this.#kv.put(KEPT, NO_BYTES);
  }

  read(tableId: number): number {
    return Number(this.#kv.getText(makeCountKey(tableId)) ?? "0");
  }

  /** Inside a commit, as what follows. */
  add(tableId: number, rows: number): void {
    this.set(tableId, this.read(tableId) + rows);
  }

  set(tableId: number, rows: number): void {
    this.#kv.put(makeCountKey(tableId), Buffer.from(String(rows)));
  }

  remove(tableId: number): void {
    this.#kv.remove(makeCountKey(tableId));
  }
}

const makeCountKey = (tableId: number): Buffer => Buffer.from(`m\0rows/${tableId}`);
