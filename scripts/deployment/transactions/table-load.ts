/** Loads rows into a table: checks each as it comes, writes them to an unserved table, and serves that in one step. */
import {
  type Catalog,
  makeDocumentKey,
  INDEX_ROW_PREFIX_BYTES,
  makeIndexKeys,
  makeIndexRowKey,
  StoredDocument,
  type Table,
} from "../documents";
import { FunctionError } from "../lib";
import type { Kv } from "../storage";
import {
  decodeId,
  encodeId,
  type Json,
  type JsonObject,
  measureDocument,
  makeInternalId,
  findPrefixEnd,
  makeSuccessor,
  type TableNumbers,
  validate,
} from "../values";
import { Change } from "./overlay";
import type { Transaction } from "./transaction";

interface Backing {
  kv: Kv;
  catalog: Catalog;
  nextCreationTime(): number;
}

/** Rows a transaction: some ms of work. */
const BATCH = 64;
const SMALL_ROWS = 1_000;
/** The latest time that a Date can hold. */
const MAX_TIME_MS = 8.64e15;
const NOTHING = Buffer.alloc(0);

/** The table that rows are loaded into. */
export interface LoadTarget {
  component: string;
  table: string;
  /** The table's number once it is loaded; the ids of its rows carry it. */
  number: number;
  /** The number of each table of the component once the import is done. */
  tableNumber(table: string): number | null;
  /** Whether the rows that are there go. */
  replaces: boolean;
}

/** Rows for one table, which are checked as they come and written by one transaction. */
export class TableLoad {
  readonly component: string;
  readonly table: string;
  readonly number: number;
  readonly #rows = new Map<string, StoredDocument>();
  #staged: Table | null = null;
  readonly #backing: Backing;
  readonly #numbers: TableNumbers;
  readonly #replaces: boolean;

  constructor(backing: Backing, target: LoadTarget) {
    this.component = target.component;
    this.table = target.table;
    this.number = target.number;
    this.#backing = backing;
    this.#numbers = target;
    this.#replaces = target.replaces;
  }

  get count(): number {
    return this.#rows.size;
  }

  /** Keeps `_id` and `_creationTime` when they are given. @throws FunctionError with what is wrong with the row. */
  add(row: JsonObject): void {
    const { _id, _creationTime, ...fields } = row;
    const reserved = Object.keys(fields).find((name) => name.startsWith("_"));
    if (reserved !== undefined)
      throw new FunctionError(`Field "${reserved}" starts with an underscore, which only system fields do.`);
    const internal = _id === undefined ? makeInternalId(Date.now()) : this.#decodeInternalId(_id);
    const name = internal.toString("latin1");
    if (_id !== undefined) this.#mustBeNew(this.#current, internal);
    if (this.#rows.has(name)) throw new FunctionError(`The _id ${JSON.stringify(_id)} is there twice.`);
    const type = this.#backing.catalog.documentType(this.component, this.table);
    const problem = type && validate(type, fields, this.#numbers);
    if (problem) throw new FunctionError(`It does not match the schema: ${problem}`);
    const time = _creationTime === undefined ? this.#backing.nextCreationTime() : checkCreationTime(_creationTime);
    const whole = { ...fields, _creationTime: time, _id: encodeId(this.number, internal) };
    measureDocument(whole);
    this.#rows.set(name, new StoredDocument(internal, JSON.stringify(whole)));
  }

  #decodeInternalId(id: Json): Buffer {
    const decoded = typeof id === "string" ? decodeId(id) : null;
    if (!decoded) throw new FunctionError(`The _id ${JSON.stringify(id)} is not an ID.`);
    if (decoded.tableNumber !== this.number)
      throw new FunctionError(
        `The _id ${JSON.stringify(id)} is of another table: its table number is ${decoded.tableNumber}, that of "${this.table}" ${this.number}.`,
      );
    return decoded.internal;
  }

  /** @throws FunctionError when rows are added to a table that has one of this id. */
  #mustBeNew(table: Table | null | undefined, internal: Buffer): void {
    if (!this.#replaces && table && this.#backing.kv.get(makeDocumentKey(table.id, internal)))
      throw new FunctionError(
        `Table "${this.table}" already has a document with the _id "${encodeId(this.number, internal)}".`,
      );
  }

  get #current(): Table | undefined {
    return this.#backing.catalog.table(this.component, this.table);
  }

  /**
   * Makes the table that takes the place of the one that is there, beside it and in slices; `pause` is awaited between
   * them.
   * @throws FunctionError when an id is there by now.
   */
  async stage(pause: () => Promise<void>): Promise<void> {
    if (this.#isSmallAddition) return;
    const { kv, catalog } = this.#backing;
    const staged = (this.#staged = kv.transaction(() => {
      const table = catalog.stage(this.component, this.table, !this.#replaces);
      catalog.save();
      return table;
    }));
    const current = this.#current;
    if (!this.#replaces && current) await this.#copy(current, staged, pause);
    const rows = [...this.#rows.values()];
    for (let at = 0; at < rows.length; at += BATCH) {
      kv.transaction(() => {
        for (const row of rows.slice(at, at + BATCH)) {
          this.#mustBeNew(staged, row.internalId);
          this.#put(staged, row);
        }
      });
      await pause();
    }
  }

  async #copy(from: Table, to: Table, pause: () => Promise<void>): Promise<void> {
    const { kv } = this.#backing;
    const end = findPrefixEnd(makeDocumentKey(from.id, NOTHING));
    let start = makeDocumentKey(from.id, NOTHING);
    for (let more = true; more; await pause())
      kv.transaction(() => {
        const keys = kv.keys(start, end, false, BATCH);
        for (const key of keys)
          this.#put(to, new StoredDocument(Buffer.from(key.subarray(INDEX_ROW_PREFIX_BYTES)), kv.getText(key)!));
        more = keys.length === BATCH;
        if (more) start = makeSuccessor(keys.at(-1)!);
      });
  }

  /** Few rows are written to the table that is there: a copy of it would take longer. */
  get #isSmallAddition(): boolean {
    return !this.#replaces && this.#rows.size <= SMALL_ROWS;
  }

  #put(table: Table, document: StoredDocument): void {
    const { kv } = this.#backing;
    kv.put(makeDocumentKey(table.id, document.internalId), Buffer.from(document.text));
    for (const index of table.indexes.values())
      for (const key of makeIndexKeys(index, document)) kv.put(makeIndexRowKey(index.id, key), NOTHING);
  }

  /**
   * Inside the commit that serves the table, after `stage`.
   * @throws FunctionError when it cannot be served as things are now.
   */
  check(): void {
    if (this.#isSmallAddition)
      for (const { internalId } of this.#rows.values()) this.#mustBeNew(this.#current, internalId);
    else if (!this.#staged || !this.#backing.catalog.canServe(this.#staged))
      throw new FunctionError(`The indexes of table "${this.table}" changed during the import. Import again.`);
  }

  /** Puts the rows in place, in the same commit and after `check`. */
  serve(tx: Transaction): void {
    const { catalog } = this.#backing;
    const { overlay, endedIndexes } = tx;
    if (this.#staged) {
      const kept = this.#replaces || !this.#current ? 0 : catalog.rows.read(this.#current.id);
      catalog.rows.set(this.#staged.id, kept + this.#rows.size);
      const replaced = catalog.serveTable(this.#staged, this.number);
      if (replaced) endedIndexes.push(replaced.byId, ...[...replaced.indexes.values()].map(({ id }) => id));
      return;
    }
    catalog.renumber(this.component, this.table, this.number);
    for (const row of this.#rows.values()) overlay.set(new Change(this.#current!, row.internalId, null, row));
  }

  /** Ends the load, after that commit or instead of it. `Store.sweep` removes what is of no use any more. */
  end(): void {
    if (this.#staged) this.#backing.catalog.unserved.endFilling(this.#staged);
    this.#staged = null;
  }
}

function checkCreationTime(value: Json): number {
  if (typeof value !== "number" || !(value >= 0 && value <= MAX_TIME_MS))
    throw new FunctionError(`The _creationTime ${JSON.stringify(value)} is not a time in ms since the epoch.`);
  return value;
}
