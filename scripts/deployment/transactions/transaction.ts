import { checkTableName, type StoredDocument } from "../documents";
import { decodeId, type Json, type JsonObject } from "../values";
import { DocumentAccess, mergePatch, type TransactionOptions } from "./document-access";
import { Overlay } from "./overlay";
import type { PageArgs, PageJournal } from "./pagination";
import { type Query, readTableName } from "./query-plan";
import type { ReadSet } from "./read-set";
import { type Backing, Reader } from "./reader";
import { LIMITS, type Metrics, Usage } from "./usage";

/**
 * One transaction of one execution. All methods are synchronous. Components are named by path ("" is the app); tables
 * and ids mean something only within a component. Writes stay in the overlay until `Store` commits it; a transaction
 * that is never committed leaves no trace.
 */
export class Transaction {
  readonly readOnly: boolean;
  /** ms since the epoch, fixed for the execution: base of `_creationTime` and of `Date.now()`. */
  readonly now: number;
  #system: Pick<Transaction, "insert" | "shallowMerge" | "replace" | "remove"> | null = null;
  readonly #reader: Reader;
  readonly #documents: DocumentAccess;
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

  constructor(backing: Backing, options: TransactionOptions, scope = makeScope(options)) {
    this.reads = scope.reads;
    this.overlay = scope.overlay;
    this.#backing = backing;
    this.#options = options;
    this.#usage = scope.usage;
    this.readOnly = options.readOnly;
    this.now = options.now;
    this.#reader = new Reader(backing, scope.reads, scope.usage, () => this.overlay);
    this.#documents = new DocumentAccess({ backing, options }, scope.overlay, scope.usage, this.#reader);
  }

  /**
   * Writes of the deployment itself (scheduler, files, imports): no schema, and system tables too. `insert` keeps an
   * `_id` and a `_creationTime` that are in the value.
   */
  get system(): Pick<Transaction, "insert" | "shallowMerge" | "replace" | "remove"> {
    return (this.#system ??= {
      insert: (component, table, value) => this.#documents.create(component, table, value, true),
      shallowMerge: (component, id, value, table) =>
        this.#documents.change({ component, id, table }, "patch", mergePatch(value), true),
      replace: (component, id, value, table) =>
        this.#documents.change({ component, id, table }, "replace", () => value, true),
      remove: (component, id, table) => this.#documents.delete({ component, id, table }, true),
    });
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
    return this.#documents.read(component, id, tableName, isSystem)?.text ?? null;
  }

  insert(component: string, table: string, value: JsonObject): string {
    return this.#documents.create(component, table, value, false);
  }

  /** Patches a document. @returns its new text. */
  shallowMerge(component: string, id: string, value: JsonObject, table?: string): string {
    return this.#documents.change({ component, id, table }, "patch", mergePatch(value));
  }

  replace(component: string, id: string, value: JsonObject, table?: string): string {
    return this.#documents.change({ component, id, table }, "replace", () => value);
  }

  /** @returns the text that the document had. */
  remove(component: string, id: string, table?: string): string {
    return this.#documents.delete({ component, id, table });
  }

  count(component: string, table: string): number {
    checkTableName(table, "table", "db.count");
    return this.#reader.countRows(component, table);
  }

  normalizeId(component: string, tableName: string, idString: string, isSystem = false): string | null {
    checkTableName(tableName, "table", "db.normalizeId");
    const id = decodeId(idString);
    const table = this.#backing.catalog.table(component, tableName);
    return id && table && table.number === id.tableNumber && table.system === isSystem ? idString : null;
  }

  /** @param query as the sandbox sends it to `1.0/queryStream`: `{source, operators}`. */
  openStream(component: string, query: Json): number {
    checkTableName(readTableName((query as unknown as Query).source), "query", "queryStream");
    const stream = this.#nextStream++;
    this.#streams.set(stream, this.#reader.readDocuments(component, query as unknown as Query));
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
  readPage(component: string, args: Json, journal: PageJournal): string {
    return this.#reader.readPage(component, args as unknown as PageArgs, journal);
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
    this.overlay.join(child.overlay);
    this.#after.push(...child.#after);
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
}

export const makeScope = (
  options: TransactionOptions,
  overlay = new Overlay(),
): { reads: ReadSet; usage: Usage; overlay: Overlay } => ({
  reads: new Map(),
  usage: new Usage(options.unlimited ? null : LIMITS),
  overlay,
});
