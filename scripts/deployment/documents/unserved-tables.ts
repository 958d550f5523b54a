import type { Kv } from "../storage";
import { findPrefixEnd } from "../values";
import { makeDocumentKey, makeIndexRowKey } from "./document";
import type { RowCounts } from "./row-counts";
import type { Table } from "./table";

interface Unserved {
  id: number;
  indexes: number[];
}

const KEY = Buffer.from("m\0unserved");
const NOTHING = Buffer.alloc(0);

/**
 * Tables that are not served: they are filled before they are served, or emptied after they were replaced. Their ids
 * are durable, so that their rows are removed after a crash too.
 */
export class UnservedTables {
  #tables: Unserved[] = [];
  #changed = false;
  /** Ids of the tables that are being filled. */
  readonly #filling = new Set<number>();
  /** Tables that copy another one, by that one's id. */
  readonly #copies = new Map<number, Table>();
  readonly #kv: Kv;
  readonly #rowCounts: RowCounts;

  constructor(kv: Kv, rowCounts: RowCounts) {
    this.#kv = kv;
    this.#rowCounts = rowCounts;
  }

  /** Replaces the state in memory by the one on disk. */
  reload(): void {
    this.#tables = JSON.parse(this.#kv.getText(KEY) ?? "[]") as Unserved[];
    this.#changed = false;
  }

  /** Persists the changes since the last call; inside a commit. @returns whether there were any. */
  save(): boolean {
    const changed = this.#changed;
    if (changed) this.#kv.put(KEY, Buffer.from(JSON.stringify(this.#tables)));
    this.#changed = false;
    return changed;
  }

  add(table: Table): void {
    this.#tables.push({ id: table.id, indexes: [...table.indexes.values()].map(({ id }) => id) });
    this.#changed = true;
  }

  remove(table: { id: number }): void {
    this.#tables = this.#tables.filter(({ id }) => id !== table.id);
    this.#changed = true;
  }

  /** @param source the table to which every write is applied to this one too. */
  beginFilling(table: Table, source: Table | undefined): void {
    this.add(table);
    this.#filling.add(table.id);
    if (source) this.#copies.set(source.id, table);
  }

  /** Ends the filling of a table, whether it is served or not. */
  endFilling(table: Table): void {
    this.#filling.delete(table.id);
    for (const [id, copy] of this.#copies) if (copy === table) this.#copies.delete(id);
  }

  /** The table that copies this one. */
  findCopy(table: Table): Table | undefined {
    return this.#copies.size > 0 ? this.#copies.get(table.id) : undefined;
  }

  /** Removes some rows of a table that is not being filled. @returns whether there may be more. */
  removeRows(rows: number): boolean {
    const table = this.#tables.find(({ id }) => !this.#filling.has(id));
    if (!table) return false;
    this.#kv.transaction(() => {
      let left = rows;
      for (const prefix of [
        makeDocumentKey(table.id, NOTHING),
        ...table.indexes.map((id) => makeIndexRowKey(id, NOTHING)),
      ]) {
        const keys = this.#kv.keys(prefix, findPrefixEnd(prefix), false, left);
        for (const key of keys) this.#kv.remove(key);
        if ((left -= keys.length) === 0) return;
      }
      this.remove(table);
      this.#rowCounts.remove(table.id);
      this.save();
    });
    return true;
  }
}
