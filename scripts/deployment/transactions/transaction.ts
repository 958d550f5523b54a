import { StoredDocument, type Table } from "../documents";
import { FunctionError } from "../lib";
import { decodeId, encodeId, type Json, type JsonObject, measureDocument, newInternalId, validate } from "../values";
import { Change, Overlay } from "./overlay";
import type { PageArgs, PageJournal } from "./pagination";
import type { Query } from "./query-plan";
import type { ReadSet } from "./read-set";
import { type Backing, Reader } from "./reader";
import { LIMITS, type Metrics, Usage } from "./usage";

export interface TransactionOptions {
  readOnly: boolean;
  now: number;
  enforceSchema: boolean;
  unlimited: boolean;
  nextCreationTime(now: number): number;
}

interface DocumentAddress {
  component: string;
  id: string;
  table: string | undefined;
}

/**
 * One transaction of one execution. All methods are synchronous. Components are named by path ("" is the app); tables
 * and ids mean something only within a component. Writes stay in the overlay until `Store` commits it; a transaction
 * that is never committed leaves no trace.
 */
export class Transaction {
  readonly readOnly: boolean;
  /** ms since the epoch, fixed for the execution: base of `_creationTime` and of `Date.now()`. */
  readonly now: number;
  /**
   * Writes of the deployment itself (scheduler, files, imports): no schema, and system tables too. `insert` keeps an
   * `_id` and a `_creationTime` that are in the value.
   */
  readonly system: Pick<Transaction, "insert" | "shallowMerge" | "replace" | "remove">;
  readonly #reader: Reader;
  readonly #streams = new Map<number, Iterator<StoredDocument>>();
  #nextStream = 1;
  /** Indexes that this transaction ends. */
  readonly endedIndexes: number[] = [];
  #after: (() => void)[] = [];
  readonly reads: ReadSet;
  readonly overlay: Overlay;
  readonly #backing: Backing;
  readonly #options: TransactionOptions;
  readonly #usage: Usage;

  constructor(backing: Backing, options: TransactionOptions, scope = newScope(options)) {
    this.reads = scope.reads;
    this.overlay = scope.overlay;
    this.#backing = backing;
    this.#options = options;
    this.#usage = scope.usage;
    this.readOnly = options.readOnly;
    this.now = options.now;
    this.#reader = new Reader(backing, scope.reads, scope.usage, () => this.overlay);
    this.system = {
      insert: (component, table, value) => this.#create(component, table, value, true),
      shallowMerge: (component, id, value, table) =>
        this.#change({ component, id, table }, "system", mergePatch(value)),
      replace: (component, id, value, table) => this.#change({ component, id, table }, "system", () => value),
      remove: (component, id, table) => this.#delete(component, id, table, true),
    };
  }

  /** Use so far, counted against the documented limits. */
  get metrics(): Readonly<Metrics> {
    return this.#usage.used;
  }

  /** Counts what was used outside of the transaction for it. @throws FunctionError when a limit is passed. */
  charge(metrics: Partial<Metrics>): void {
    this.#usage.charge(metrics);
  }

  get(component: string, id: string, tableName?: string, isSystem = false): string | null {
    return this.#read(component, id, tableName, isSystem)?.text ?? null;
  }

  insert(component: string, table: string, value: JsonObject): string {
    return this.#create(component, table, value, false);
  }

  /** Patches a document. @returns its new text. */
  shallowMerge(component: string, id: string, value: JsonObject, table?: string): string {
    return this.#change({ component, id, table }, "patch", mergePatch(value));
  }

  replace(component: string, id: string, value: JsonObject, table?: string): string {
    return this.#change({ component, id, table }, "replace", () => value);
  }

  /** @returns the text that the document had. */
  remove(component: string, id: string, table?: string): string {
    return this.#delete(component, id, table, false);
  }

  count(component: string, table: string): number {
    return this.#reader.countRows(component, table);
  }

  normalizeId(component: string, tableName: string, idString: string, isSystem = false): string | null {
    const id = decodeId(idString);
    const table = this.#backing.catalog.table(component, tableName);
    return id && table && table.number === id.tableNumber && table.system === isSystem ? idString : null;
  }

  /** @param query as the sandbox sends it to `1.0/queryStream`: `{source, operators}`. */
  openStream(component: string, query: Json): number {
    const stream = this.#nextStream++;
    this.#streams.set(stream, this.#reader.documents(component, query as unknown as Query));
    return stream;
  }

  nextInStream(stream: number): string | null {
    const documents = this.#streams.get(stream);
    if (!documents) return null;
    const step = documents.next() as IteratorResult<StoredDocument, undefined>;
    if (!step.done) return step.value.text;
    this.#streams.delete(stream);
    return null;
  }

  closeStream(stream: number): void {
    this.#streams.get(stream)?.return?.();
    this.#streams.delete(stream);
  }

  /**
   * @param args of `1.0/queryPage`.
   * @param journal holds the end cursor of the first run, if any.
   * @returns the page as text.
   */
  page(component: string, args: Json, journal: PageJournal): string {
    return this.#reader.page(component, args as unknown as PageArgs, journal);
  }

  /**
   * A sub-transaction: it sees this one's writes; `join` takes over its writes, `drop` forgets them. `limits` are its
   * own.
   */
  fork(limits: Partial<Metrics> = {}): Transaction {
    const usage = new Usage(limits, this.#usage);
    const overlay = new Overlay(this.overlay);
    return new Transaction(this.#backing, this.#options, { reads: this.reads, usage, overlay });
  }

  join(child: Transaction): void {
    const finished = child;
    this.overlay.join(finished.overlay);
    this.#after.push(...finished.#after);
  }

  drop(child: Transaction): void {
    // Reads were noted in this transaction's own set as they happened; the child's writes go with the child.
    child.#usage.undo();
  }

  /** Work that follows a successful commit, in order (deleting blobs, waking the scheduler). */
  afterCommit(work: () => void): void {
    this.#after.push(work);
  }

  /** Takes the work that follows the commit. */
  takeAfterCommit(): (() => void)[] {
    const work = this.#after;
    this.#after = [];
    return work;
  }

  #read(component: string, id: string, tableName: string | undefined, isSystem: boolean): StoredDocument | null {
    const found = this.#locate(component, id, tableName);
    if (!found) return null;
    const { table, internal } = found;
    if (table.system !== isSystem)
      throw new FunctionError(
        `Table ${table.name} is ${table.system ? "a system table; use db.system" : "not a system table"}.`,
      );
    this.#reader.note(table.byId, internal);
    const document = this.#current(table, internal);
    if (document) this.#reader.count(document);
    return document;
  }

  #locate(component: string, id: string, tableName: string | undefined): { table: Table; internal: Buffer } | null {
    const decoded = decodeId(id);
    if (!decoded) throw new FunctionError(`Invalid argument \`id\`: Unable to decode ID "${id}".`);
    const table = this.#backing.catalog.tableByNumber(component, decoded.tableNumber);
    if (!table) return null;
    if (tableName !== undefined && table.name !== tableName)
      throw new FunctionError(
        `Invalid argument \`id\`: expected an ID of table "${tableName}", but "${id}" is of table "${table.name}".`,
      );
    return { table, internal: decoded.internal };
  }

  #current(table: Table, internal: Buffer): StoredDocument | null {
    const change = this.overlay.get(table.id, internal.toString("latin1"));
    return change ? change.after : this.#backing.cache.get(table, internal);
  }

  #create(component: string, tableName: string, value: JsonObject, system: boolean): string {
    this.#mustWrite();
    if (!system && tableName.startsWith("_")) throw new FunctionError(`Table ${tableName} is a system table.`);
    if (!/^[a-zA-Z_][a-zA-Z0-9_]{0,63}$/.test(tableName))
      throw new FunctionError(
        `Invalid table name ${tableName}: use letters, digits and underscores, at most 64, starting with a letter.`,
      );
    const { catalog } = this.#backing;
    const table = catalog.ensureTable(component, tableName);
    const given = system && typeof value._id === "string" ? decodeId(value._id) : null;
    const internal = given?.internal ?? newInternalId(this.now);
    const id = encodeId(table.number, internal);
    const creationTime =
      system && typeof value._creationTime === "number"
        ? value._creationTime
        : this.#options.nextCreationTime(this.now);
    this.#write({ table, internal, id, creationTime }, value, system);
    return id;
  }

  #change(
    { component, id, table: tableName }: DocumentAddress,
    how: "patch" | "replace" | "system",
    to: (old: JsonObject) => JsonObject,
  ): string {
    const { table, document } = this.#existing(component, id, tableName, how === "system");
    const next = to(document.value);
    if (next._id !== undefined && next._id !== id) throw new FunctionError("The field _id cannot be changed.");
    const creationTime = document.value._creationTime as number;
    return this.#write({ table, internal: document.internalId, id, creationTime }, next, how === "system").text;
  }

  #delete(component: string, id: string, tableName: string | undefined, system: boolean): string {
    const { table, document } = this.#existing(component, id, tableName, system);
    this.#apply(table, document.internalId, null, 0);
    return document.text;
  }

  #existing(component: string, id: string, tableName: string | undefined, system: boolean) {
    this.#mustWrite();
    const found = this.#locate(component, id, tableName);
    if (found?.table.system && !system) throw new FunctionError(`Table ${found.table.name} is a system table.`);
    if (found) this.#reader.note(found.table.byId, found.internal);
    const document = found && this.#current(found.table, found.internal);
    if (!found || !document) throw new FunctionError(`Update on nonexistent document ID ${id}`);
    return { table: found.table, document };
  }

  #write(
    { table, internal, id, creationTime }: { table: Table; internal: Buffer; id: string; creationTime: number },
    value: JsonObject,
    system: boolean,
  ): StoredDocument {
    const { _id: _ignoredId, _creationTime: _ignoredTime, ...fields } = value;
    if (!system && this.#options.enforceSchema) this.#mustMatchSchema(table, fields);
    const whole = { ...fields, _creationTime: creationTime, _id: id };
    const bytes = measureDocument(whole);
    const document = new StoredDocument(internal, JSON.stringify(whole));
    this.#apply(table, internal, document, bytes);
    return document;
  }

  #apply(table: Table, internal: Buffer, after: StoredDocument | null, bytes: number): void {
    // Jobs have a limit of their own.
    if (!table.system) {
      this.#usage.add("documentsWritten", 1);
      this.#usage.add("bytesWritten", bytes);
    }
    this.#put(table, internal, after);
  }

  #put(table: Table, internal: Buffer, after: StoredDocument | null): void {
    const change = this.overlay.get(table.id, internal.toString("latin1"));
    const before = change ? change.before : this.#backing.cache.get(table, internal);
    this.overlay.set(new Change(table, internal, before, after));
  }

  #mustMatchSchema(table: Table, fields: JsonObject): void {
    const { catalog } = this.#backing;
    const type = catalog.documentType(table.component, table.name);
    const problem = type && validate(type, fields, catalog.numbers(table.component));
    if (problem)
      throw new FunctionError(
        `Failed to insert or update a document in table "${table.name}" because it does not match the schema: ${problem}`,
      );
  }

  #mustWrite(): void {
    if (this.readOnly) throw new FunctionError("Queries cannot write to the database.");
  }
}

/** A patch: `{$undefined: null}` removes a field. */
const mergePatch =
  (patch: JsonObject) =>
  (old: JsonObject): JsonObject => {
    const next = { ...old };
    for (const [name, value] of Object.entries(patch)) {
      const removes = typeof value === "object" && value !== null && !Array.isArray(value) && "$undefined" in value;
      if (removes) delete next[name];
      else next[name] = value;
    }
    return next;
  };

const newScope = (options: TransactionOptions): { reads: ReadSet; usage: Usage; overlay: Overlay } => ({
  reads: new Map(),
  usage: new Usage(options.unlimited ? null : LIMITS),
  overlay: new Overlay(),
});
