/** The reading half of a transaction: streams, pages and counts over one overlay, recording what was consumed. */
import {
  type Catalog,
  checkTableName,
  type DocumentCache,
  type Index,
  type StoredDocument,
  type Table,
  TABLES_INDEX_ID,
} from "../documents";
import { FunctionError } from "../lib";
import type { Kv } from "../storage";
import { makeSuccessor } from "../values";
import { type Row, Scan, type ScanBounds } from "./index-scan";
import type { Overlay } from "./overlay";
import {
  checkPageArgs,
  type Cursors,
  fingerprintQuery,
  type Page,
  type PageArgs,
  type PageJournal,
  formatPage,
  type Position,
} from "./pagination";
import { Operators, makePlan, type Plan, type Query, readTableName } from "./query-plan";
import type { KeyRange, ReadSet } from "./read-set";
import { MAX_RESULTS, searchDocuments } from "./search";
import { LIMITS, type Usage } from "./usage";

/** Where a page with these keys can be split, if it can. */
const findMiddle = (keys: Buffer[]): Position | null =>
  keys.length > 2 ? { key: keys[Math.floor(keys.length / 2)]! } : null;

/** The share of its limits past which the platform recommends to split a page. */
const APPROACHING_LIMIT = 0.75;
/** The rows that a list may have in an argument or a result. */
const MAX_PAGE_ROWS = 8_192;
const TOO_MANY_HITS =
  `Search query scanned too many documents (fetched ${MAX_RESULTS}). Use a smaller limit, paginate the query, ` +
  "or use a filter field to limit the number of documents.";

export interface Backing {
  kv: Kv;
  catalog: Catalog;
  cache: DocumentCache;
  cursors: Cursors;
}

export class Reader {
  readonly #backing: Backing;
  readonly #usage: Usage;
  readonly #overlay: () => Overlay;
  /** The ranges that count against the limit, by their names. */
  readonly #counted = new Set<string>();

  constructor(
    backing: Backing,
    readonly reads: ReadSet,
    usage: Usage,
    overlay: () => Overlay,
  ) {
    this.#backing = backing;
    this.#usage = usage;
    this.#overlay = overlay;
  }

  /** Documents of a query in order, its filters and limits applied. */
  *readDocuments(component: string, query: Query): Generator<StoredDocument> {
    const operators = new Operators(query.operators);
    if (query.source.type === "Search") {
      const found = yield* this.#readHits(component, query, operators);
      // There may be more hits, which no search gives: whoever wants all of them must not take these for all.
      if (found === MAX_RESULTS && !operators.finished) throw new FunctionError(TOO_MANY_HITS);
      return;
    }
    const planned = this.#makePlan(component, query);
    if (!planned || operators.finished) return;
    const scan = this.#scan(planned, operators.expected);
    for (let row = scan.next(); row; row = scan.next()) {
      this.count(row.document);
      if (planned.verify && !planned.verify(row.document)) continue;
      const { document } = row;
      if (operators.accept(() => document.value)) yield document;
      if (operators.finished) return;
    }
  }

  /** @returns the number of hits read. */
  *#readHits(component: string, query: Query, operators: Operators): Generator<StoredDocument, number> {
    if (query.source.type !== "Search") return 0;
    this.noteTable(component, readTableName(query.source));
    const scan = (table: Table, index: Index, bounds: ScanBounds) => this.#scanPostings(table, index, bounds);
    let found = 0;
    for (const document of searchDocuments(this.#backing.catalog, component, query.source, scan)) {
      if (operators.finished) break;
      this.count(document);
      found++;
      if (operators.accept(() => document.value)) yield document;
    }
    return found;
  }

  readPage(component: string, args: PageArgs, journal: PageJournal): string {
    const query = args.query as unknown as Query;
    const { cursors } = this.#backing;
    const fingerprint = fingerprintQuery(component, args.query);
    const read = (cursor: string) => cursors.read(fingerprint, cursor);
    const write = (position: Position) => cursors.write(fingerprint, position);
    checkPageArgs(args);
    checkTableName(readTableName(query.source), "query", "queryPage");
    const from = args.cursor == null ? null : read(args.cursor);
    const endCursor = args.endCursor ?? journal.previous;
    const to = endCursor == null ? null : read(endCursor);
    const page =
      from === "end"
        ? { rows: [], end: "end" as const, split: null, status: null }
        : query.source.type === "Search"
          ? this.#readSearchPage(component, query, args.pageSize, from)
          : this.#readRangePage(component, args, from, to);
    journal.next = write(page.end);
    return formatPage(page, write);
  }

  #readRangePage(component: string, args: PageArgs, from: { key: Buffer } | null, to: Position | null): Page {
    const query = args.query as unknown as Query;
    const planned = this.#makePlan(component, query);
    if (!planned) return { rows: [], end: "end", split: null, status: null };
    planned.bounds = narrowBounds(planned, from, to === "end" ? null : to);
    const operators = new Operators(query.operators);
    const scan = this.#scan(planned, to ? 256 : args.pageSize + 1);
    const rows: Row[] = [];
    /** All rows that were looked at, whether they pass or not. */
    const keys: Buffer[] = [];
    const { used: soFar } = this.#usage;
    const [rowsBefore, bytesBefore] = [soFar.documentsRead, soFar.bytesRead];
    const shareUsed = () =>
      Math.max(
        (soFar.documentsRead - rowsBefore) / (args.maximumRowsRead ?? LIMITS.documentsRead),
        (soFar.bytesRead - bytesBefore) / (args.maximumBytesRead ?? LIMITS.bytesRead),
      );
    let status: Page["status"] = null;
    let end: Position = to ?? "end";
    while (to !== null || rows.length < args.pageSize) {
      // A page with an end is read up to there, whatever was asked: the next one begins behind it.
      if (to === null && shareUsed() >= 1) {
        status = "SplitRequired";
        break;
      }
      const row = scan.next();
      if (!row) break;
      this.count(row.document);
      keys.push(row.key);
      const { document } = row;
      if ((planned.verify?.(document) ?? true) && operators.accept(() => document.value)) rows.push(row);
      if (operators.finished) return { rows, end: "end", split: null, status: null };
    }
    if (to === null && (status !== null || rows.length >= args.pageSize)) end = { key: keys.at(-1)! };
    if (status === null && Math.max(shareUsed(), rows.length / MAX_PAGE_ROWS) > APPROACHING_LIMIT)
      status = "SplitRecommended";
    return { rows, end, split: findMiddle(keys), status };
  }

  /** Ranked results have no keys; their cursor is how many came before. */
  #readSearchPage(component: string, query: Query, pageSize: number, from: { key: Buffer } | null): Page {
    const skip = from ? from.key.readUInt32BE(0) : 0;
    // A later page ends where the search does.
    const hits =
      skip === 0 && pageSize > MAX_RESULTS
        ? this.readDocuments(component, query)
        : this.#readHits(component, query, new Operators(query.operators));
    const documents = [...hits].slice(skip);
    const rows = documents.slice(0, pageSize).map((document, at) => ({ key: encodeOffset(skip + at + 1), document }));
    const last = rows.at(-1);
    return { rows, end: documents.length > pageSize && last ? { key: last.key } : "end", split: null, status: null };
  }

  countRows(component: string, tableName: string): number {
    const table = this.noteTable(component, tableName);
    if (!table) return 0;
    this.#noteRange(table.byId, { start: Buffer.alloc(0), end: null });
    return this.#backing.catalog.rows.read(table.id) + this.#overlay().countRowsAddedTo(table.id);
  }

  /** Notes a point read. */
  note(indexId: number, key: Buffer): void {
    this.#noteRange(indexId, { start: key, end: makeSuccessor(key) });
  }

  /** The table, noting its absence so that its creation re-runs the query. */
  noteTable(component: string, name: string): Table | undefined {
    const table = this.#backing.catalog.table(component, name);
    if (!table) this.note(TABLES_INDEX_ID, makeTableKey(component, name));
    return table;
  }

  count(document: StoredDocument): void {
    this.#usage.add("documentsRead", 1);
    this.#usage.add("bytesRead", document.size);
  }

  #makePlan(component: string, query: Query): Plan | null {
    if (query.source.type === "Search") throw new FunctionError("A search has no range.");
    this.noteTable(component, readTableName(query.source));
    return makePlan(this.#backing.catalog, component, query.source);
  }

  #scan(planned: Plan, expected: number): Scan {
    const { kv, cache } = this.#backing;
    const { table, index, bounds } = planned;
    const read: KeyRange = { start: bounds.start, end: bounds.end };
    this.#noteRange(index === "by_id" ? table.byId : index.id, read);
    return new Scan({ kv, cache }, planned, { overlay: this.#overlay(), read }, planned.verify ? 64 : expected);
  }

  /** A part of a search index. How many parts a search reads is not the function's doing, so they do not count. */
  #scanPostings(table: Table, index: Index, bounds: ScanBounds): Scan {
    const { kv, cache } = this.#backing;
    const read: KeyRange = { start: bounds.start, end: bounds.end };
    this.#keepRange(index.id, read);
    return new Scan({ kv, cache }, { table, index, bounds, reverse: false }, { overlay: this.#overlay(), read }, 64);
  }

  #noteRange(indexId: number, range: KeyRange): void {
    this.#keepRange(indexId, range);
    const name = nameRange(indexId, range);
    // The platform counts the ranges that were read, not how often.
    if (this.#counted.has(name)) return;
    this.#counted.add(name);
    this.#usage.add("databaseQueries", 1);
  }

  #keepRange(indexId: number, range: KeyRange): void {
    const ranges = this.reads.get(indexId);
    if (ranges) ranges.push(range);
    else this.reads.set(indexId, [range]);
  }
}

export const makeTableKey = (component: string, name: string): Buffer => Buffer.from(`${component}\0${name}`);

const nameRange = (indexId: number, { start, end }: KeyRange): string =>
  `${indexId} ${start.length} ${decodeKey(start)}${end === null ? "" : decodeKey(end)}`;
const decodeKey = (key: Uint8Array): string => (key as Buffer).toString("latin1");

function encodeOffset(value: number): Buffer {
  const key = Buffer.alloc(4);
  key.writeUInt32BE(value);
  return key;
}

/** Bounds after one position (exclusive) up to another (inclusive), in scan order. */
function narrowBounds({ bounds, reverse }: Plan, from: { key: Buffer } | null, to: { key: Buffer } | null): ScanBounds {
  let { start, end } = bounds;
  if (reverse) {
    if (from) end = from.key;
    if (to) start = to.key;
  } else {
    if (from) start = makeSuccessor(from.key);
    if (to) end = makeSuccessor(to.key);
  }
  return { start, end };
}
