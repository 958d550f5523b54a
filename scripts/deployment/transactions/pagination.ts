/** Pagination: cursors, journals, and pages that neither gap nor overlap when a query re-runs. */
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { FunctionError } from "../lib";
import type { Json } from "../values";
import type { Row } from "./index-scan";
import { LIMITS } from "./usage";

export interface PageArgs {
  query: Json;
  cursor: string | null;
  endCursor?: string | null;
  pageSize: number;
  maximumRowsRead?: number | null;
  maximumBytesRead?: number | null;
}

/** @throws FunctionError, in the platform's words, for what a client may have sent as pagination options. */
export function checkPageArgs(args: PageArgs): void {
  const refuse = (value: Json, wanted: string): never => {
    throw new FunctionError(
      `Invalid arguments for \`queryPage\`: invalid type: ${nameJson(value)}, expected ${wanted}`,
    );
  };
  const isCount = (value: Json) => typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
  for (const text of [args.cursor, args.endCursor])
    if (text != null && typeof text !== "string") refuse(text, "a string");
  if (!isCount(args.pageSize)) refuse(args.pageSize, "usize");
  const limits = [args.maximumRowsRead, args.maximumBytesRead];
  for (const limit of limits) if (limit != null && !isCount(limit)) refuse(limit, "usize");
  if (args.pageSize === 0) throw new FunctionError("Must request at least 1 document while paginating");
  if (args.pageSize > LIMITS.documentsRead) throw new FunctionError(`Requested too many items: ${args.pageSize}`);
  if (limits.includes(0)) throw new FunctionError("maximumRowsRead and maximumBytesRead must be greater than 0");
}

function nameJson(value: Json): string {
  if (value === null) return "null";
  if (typeof value === "number") return `${Number.isSafeInteger(value) ? "integer" : "floating point"} \`${value}\``;
  if (typeof value === "string") return `string ${JSON.stringify(value)}`;
  if (typeof value === "boolean") return `boolean \`${value}\``;
  return Array.isArray(value) ? "sequence" : "map";
}

/** The end of a page: after the row with this key, or at the end of the query. */
export type Position = { key: Buffer } | "end";

/** Cursors carry the position and a fingerprint of the query, under a MAC: clients cannot read across their bounds. */
export class Cursors {
  readonly #secret: Buffer;

  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  write(fingerprint: string, position: Position): string {
    const body = JSON.stringify([fingerprint, position === "end" ? null : position.key.toString("base64")]);
    return `${Buffer.from(body).toString("base64url")}.${this.#mac(body)}`;
  }

  read(fingerprint: string, cursor: string): Position {
    const [encoded = "", mac = ""] = cursor.split(".");
    const body = Buffer.from(encoded, "base64url").toString("utf8");
    const expected = Buffer.from(this.#mac(body));
    const given = Buffer.from(mac);
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      throw makeInvalidCursorError("it was not made here");
    const [of, key] = JSON.parse(body) as [string, string | null];
    if (of !== fingerprint) throw makeInvalidCursorError("it belongs to a different query");
    return key === null ? "end" : { key: Buffer.from(key, "base64") };
  }

  #mac(body: string): string {
    return createHmac("sha256", this.#secret).update(body).digest("base64url").slice(0, 22);
  }
}

const makeInvalidCursorError = (reason: string) =>
  new FunctionError(`InvalidCursor: Tried to run a query starting from a cursor, but ${reason}.`);

export const fingerprintQuery = (component: string, query: Json): string =>
  createHash("sha256").update(component).update("\n").update(JSON.stringify(query)).digest("base64url").slice(0, 16);

export interface Page {
  rows: Row[];
  end: Position;
  /** The middle, where a client can split the page; null when there is nothing to split. */
  split: Position | null;
  status: "SplitRequired" | "SplitRecommended" | null;
}

/** The result as the sandbox expects it, as text. */
export function formatPage(page: Page, cursor: (position: Position) => string): string {
  const rest = {
    isDone: page.end === "end",
    continueCursor: cursor(page.end),
    splitCursor: page.split && cursor(page.split),
    pageStatus: page.status,
  };
  return `{"page":[${page.rows.map(({ document }) => document.text).join(",")}],${JSON.stringify(rest).slice(1)}`;
}

/** Carries the end of the page a paginated query reached, so that re-runs return the same interval. */
export interface PageJournal {
  /** The cursor that the previous run reached (from the client or the cache), or null on a first run. */
  previous: string | null;
  /** Set by `page`. */
  next: string | null;
}
