import type { Kv } from "../storage";
import { findPrefixEnd, makeSuccessor } from "../values";
import { makeDocumentKey, makeIndexRowKey } from "./document";
import type { RowCounts } from "./row-counts";
import type { Index, Table } from "./table";

/** A table with its indexes, or an index alone. */
interface Unserved {
  id: number | null;
  indexes: number[];
}

const KEY = Buffer.from("m\0unserved");
const NOTHING = Buffer.alloc(0);

/**
 * Tables that are not served: they are filled before they are served, or emptied after they were replaced. Beside them
 * indexes that no table has any more. Their ids are durable, so that their rows are removed after a crash too.
 */
export class UnservedTables {
  #tables: Unserved[] = [];
  #changed = false;
  /**
   * The last row that was removed, from which on the next ones are looked for: a search would pass all removed ones.
   */
  #lastRemoved: Buffer | null = null;
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

  addIndex(index: Index): void {
    this.#tables.push({ id: null, indexes: [index.id] });
    this.#changed = true;
  }

  remove(table: Table): void {
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

  /** Removes some rows of what is neither served nor being filled. @returns whether there may be more. */
  removeRows(rows: number): boolean {
    const unserved = this.#tables.find(({ id }) => id === null || !this.#filling.has(id));
    if (!unserved) return false;
    this.#lastRemoved = this.#kv.transaction(() => {
      let left = rows;
      for (const { start, end } of this.#listRanges(unserved)) {
        const keys = this.#kv.keys(start, end, false, left);
        for (const key of keys) this.#kv.remove(key);
        if ((left -= keys.length) === 0) return keys.at(-1)!;
      }
      this.#tables = this.#tables.filter((one) => one !== unserved);
      this.#changed = true;
      if (unserved.id !== null) this.#rowCounts.remove(unserved.id);
      this.save();
      return null;
    });
    return true;
  }

  /** The ranges that may have rows left. */
  #listRanges({ id, indexes }: Unserved): { start: Buffer; end: Buffer | null }[] {
    const prefixes = indexes.map((index) => makeIndexRowKey(index, NOTHING));
    if (id !== null) prefixes.unshift(makeDocumentKey(id, NOTHING));
    const last = this.#lastRemoved;
    const current = last === null ? -1 : prefixes.findIndex((prefix) => last.subarray(0, prefix.length).equals(prefix));
    return prefixes.slice(Math.max(current, 0)).map((prefix, at) => ({
      start: at === 0 && current >= 0 ? makeSuccessor(last!) : prefix,
      end: findPrefixEnd(prefix),
    }));
  }
}
