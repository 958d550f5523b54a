/** Plans a query: from the builder's JSON to bounds in an index and operators over its rows. */
import type { Catalog, Index, StoredDocument } from "../documents";
import { FunctionError } from "../lib";
import { MAX_KEY_BYTES } from "../storage";
import {
  compareValues,
  decodeId,
  encodeKey,
  readField,
  type Json,
  type JsonObject,
  findPrefixEnd,
  makeSuccessor,
} from "../values";
import { passesFilter } from "./filter";
import { BEYOND_ALL, type ScanBounds, type ScanRange } from "./index-scan";

interface RangeStep {
  type: "Eq" | "Gt" | "Gte" | "Lt" | "Lte";
  fieldPath: string;
  value: Json;
}
export interface SearchSource {
  type: "Search";
  indexName: string;
  filters: ({ type: "Search"; fieldPath: string; value: string } | { type: "Eq"; fieldPath: string; value: Json })[];
}
export type Source =
  | { type: "FullTableScan"; tableName: string; order: "asc" | "desc" | null }
  | { type: "IndexRange"; indexName: string; range: RangeStep[]; order: "asc" | "desc" | null }
  | SearchSource;
export type Operator = { filter: Json } | { limit: number };
export interface Query {
  source: Source;
  operators: Operator[];
}

export interface Plan extends ScanRange {
  /** Checks each row, for keys that are too long for their bounds. */
  verify: ((document: StoredDocument) => boolean) | null;
}

/** Table of a source, and the index it names. */
export function splitIndexName(name: string): [table: string, index: string] {
  const dot = name.indexOf(".");
  return [name.slice(0, dot), name.slice(dot + 1)];
}

export const readTableName = (source: Source): string =>
  source.type === "FullTableScan" ? source.tableName : splitIndexName(source.indexName)[0];

/** Null when the table does not exist, and so is empty. Throws for an index that does not. */
export function makePlan(catalog: Catalog, component: string, source: Exclude<Source, SearchSource>): Plan | null {
  const reverse = source.order === "desc";
  const table = catalog.table(component, readTableName(source));
  if (source.type === "FullTableScan")
    return table ? { table, index: table.byCreationTime, bounds: EVERYTHING, reverse, verify: null } : null;
  const [tableName, indexName] = splitIndexName(source.indexName);
  if (indexName === "by_id")
    return table
      ? { table, index: "by_id", ...makeIndexBounds({ name: "by_id", fields: [] }, source.range), reverse }
      : null;
  const index = table?.indexes.get(indexName);
  if (!table) {
    if (indexName === "by_creation_time" || !catalog.schema(component)) return null;
  }
  if (!table || !index || index.staged || index.building || index.search)
    throw new FunctionError(`Index ${tableName}.${indexName} not found.`);
  return { table, index, ...makeIndexBounds(index, source.range), reverse };
}

const EVERYTHING: ScanBounds = { start: Buffer.alloc(0), end: null };

/** A range taken apart: values of the first fields, then bounds of the one that follows. */
interface RangeParts {
  equal: (Json | undefined)[];
  lower: RangeStep | null;
  upper: RangeStep | null;
}

/**
 * Throws for what no index can answer at once: fields out of order, a second bound on one side, bounds of two fields.
 */
function splitRange(name: string, fields: string[], range: RangeStep[]): RangeParts {
  const parts: RangeParts = { equal: [], lower: null, upper: null };
  for (const step of range) {
    const expected = fields[parts.equal.length];
    if (step.fieldPath !== expected)
      throw new FunctionError(
        `Index ${name} does not take ${step.fieldPath} here; next in order is ${expected ?? "nothing"}.`,
      );
    const side = step.type === "Gt" || step.type === "Gte" ? "lower" : "upper";
    if (step.type === "Eq") {
      if (parts.lower || parts.upper)
        throw new FunctionError(
          `Index ${name}: ${step.fieldPath} already has a bound, so it cannot also equal a value.`,
        );
      parts.equal.push(decodeUndefined(step.value));
    } else {
      if (parts[side])
        throw new FunctionError(
          `Index ${name}: ${step.fieldPath} already has ${side === "lower" ? "a lower" : "an upper"} bound.`,
        );
      parts[side] = step;
    }
  }
  return parts;
}

/** Every index ends with the id, which has no more to follow it. */
function makeIndexBounds(
  index: Pick<Index, "name" | "fields">,
  range: RangeStep[],
): { bounds: ScanBounds; verify: Plan["verify"] } {
  const { equal, lower, upper } = splitRange(index.name, [...index.fields, "_id"], range);
  const ids = equal.splice(index.fields.length);
  const isOfIds = ids.length > 0 || equal.length === index.fields.length;
  const prefix = encodeKey(equal);
  const keyOf = (step: RangeStep | null) =>
    isOfIds ? null : step && encodeKey([...equal, decodeUndefined(step.value)]);
  const [low, high] = [keyOf(lower), keyOf(upper)];
  if (Math.max(prefix.length, low?.length ?? 0, high?.length ?? 0) > CUT) {
    // Bounds reach only as far as keys do; each row is checked by value.
    const cut = prefix.subarray(0, CUT);
    return { bounds: { start: cut, end: findPrefixEnd(cut) }, verify: (document) => isInRange(document, range) };
  }
  if (isOfIds) return { bounds: extendBounds(prefix, makeIdBounds(ids, lower, upper)), verify: null };
  const start = low && lower?.type === "Gt" ? (findPrefixEnd(low) ?? BEYOND_ALL) : low;
  const end = high && upper?.type === "Lte" ? findPrefixEnd(high) : high;
  return { bounds: { start: start ?? prefix, end: high ? end : findPrefixEnd(prefix) }, verify: null };
}

const CUT = MAX_KEY_BYTES - 128;

function isInRange(document: StoredDocument, range: RangeStep[]): boolean {
  return range.every(({ type, fieldPath, value }) => {
    const order = compareValues(readField(document.value, fieldPath), decodeUndefined(value));
    if (type === "Eq") return order === 0;
    if (type === "Gt") return order > 0;
    if (type === "Gte") return order >= 0;
    return type === "Lt" ? order < 0 : order <= 0;
  });
}

/** Ids order as their bytes do; null for text that is no id, which bounds nothing. */
function makeIdBounds(
  equal: (Json | undefined)[],
  lower: RangeStep | null,
  upper: RangeStep | null,
): ScanBounds | null {
  const idOf = (value: Json | undefined) => (typeof value === "string" ? decodeId(value)?.internal : undefined);
  if (equal.length > 0) {
    const id = idOf(equal[0]);
    return id ? { start: id, end: makeSuccessor(id) } : null;
  }
  const [low, high] = [lower && idOf(lower.value), upper && idOf(upper.value)];
  if (low === undefined || high === undefined) return null;
  return {
    start: low && lower?.type === "Gt" ? makeSuccessor(low) : (low ?? EVERYTHING.start),
    end: high && upper?.type === "Lte" ? makeSuccessor(high) : high,
  };
}

/** Bounds of what follows a prefix, as bounds of whole keys. */
function extendBounds(prefix: Buffer, bounds: ScanBounds | null): ScanBounds {
  if (!bounds) return { start: BEYOND_ALL, end: BEYOND_ALL };
  return {
    start: Buffer.concat([prefix, bounds.start]),
    end: bounds.end ? Buffer.concat([prefix, bounds.end]) : findPrefixEnd(prefix),
  };
}

export function decodeUndefined(value: Json): Json | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) && "$undefined" in value
    ? undefined
    : value;
}

/** Runs the builder's filters and limits, in their order, over documents. */
export class Operators {
  readonly #left: (number | null)[];
  finished = false;
  readonly #operators: Operator[];

  constructor(operators: Operator[]) {
    this.#operators = operators;

    this.#left = operators.map((operator) => ("limit" in operator ? operator.limit : null));
    this.finished = this.#left.includes(0);
  }

  /** Whether the document passes; `finished` once a limit is used up. */
  accept(document: JsonObject | (() => JsonObject)): boolean {
    for (const [at, operator] of this.#operators.entries()) {
      if ("filter" in operator) {
        if (!passesFilter(operator.filter, typeof document === "function" ? document() : document)) return false;
      } else {
        const left = this.#left[at]! - 1;
        this.#left[at] = left;
        if (left <= 0) this.finished = true;
        if (left < 0) return false;
      }
    }
    return true;
  }

  /** Rows that will probably be needed. */
  get expected(): number {
    const limits = this.#left.filter((limit): limit is number => limit !== null);
    return limits.length > 0 ? Math.min(...limits) : 64;
  }
}
