import { type Index, makeIndexKeys, type StoredDocument, type Table } from "../documents";

/** One changed document of a transaction: its committed state and its new one. */
export class Change {
  readonly #keys = new Map<number, { before: Buffer[]; after: Buffer[] }>();

  constructor(
    readonly table: Table,
    readonly internalId: Buffer,
    readonly before: StoredDocument | null,
    readonly after: StoredDocument | null,
  ) {}

  keysIn(index: Index): { before: Buffer[]; after: Buffer[] } {
    let keys = this.#keys.get(index.id);
    if (!keys) {
      keys = {
        before: this.before ? makeIndexKeys(index, this.before) : [],
        after: this.after ? makeIndexKeys(index, this.after) : [],
      };
      this.#keys.set(index.id, keys);
    }
    return keys;
  }
}

/** The uncommitted writes of one (sub-)transaction, over those of the one that started it. */
export class Overlay {
  readonly #tables = new Map<number, Map<string, Change>>();
  readonly #below: Overlay | null;

  constructor(below: Overlay | null = null) {
    this.#below = below;
  }

  get(tableId: number, name: string): Change | undefined {
    return this.#tables.get(tableId)?.get(name) ?? this.#below?.get(tableId, name);
  }

  set(change: Change): void {
    let table = this.#tables.get(change.table.id);
    if (!table) this.#tables.set(change.table.id, (table = new Map<string, Change>()));
    table.set(change.internalId.toString("latin1"), change);
  }

  /** Every change to a table, newest layer first winning. */
  changes(tableId: number): Map<string, Change> | null {
    const own = this.#tables.get(tableId);
    const below = this.#below?.changes(tableId) ?? null;
    if (!below || !own) return own ?? below;
    return new Map([...below, ...own]);
  }

  own(): Change[] {
    return [...this.#tables.values()].flatMap((table) => [...table.values()]);
  }

  /** Rows that each table has more, or fewer, once the own changes are applied. */
  countAddedRows(): [tableId: number, rows: number][] {
    return [...this.#tables]
      .map(([tableId, changes]): [number, number] => [tableId, countAdded(changes)])
      .filter(([, rows]) => rows !== 0);
  }

  /** The same for one table, with the changes of those that started it. */
  countRowsAddedTo(tableId: number): number {
    return countAdded(this.changes(tableId) ?? new Map<string, Change>());
  }

  /** Takes over a finished sub-transaction's writes. */
  join(child: Overlay): void {
    for (const change of child.own()) this.set(change);
  }
}

function countAdded(changes: Map<string, Change>): number {
  let rows = 0;
  for (const { before, after } of changes.values()) rows += Number(after !== null) - Number(before !== null);
  return rows;
}
