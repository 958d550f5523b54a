/** Plans a query: from the builder's JSON to bounds in an index and operators over its rows. */
import type { Catalog, StoredDocument } from "../documents";
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
  if (indexName === "by_id") return table ? { table, index: "by_id", ...makeIndexBounds(source, []), reverse } : null;
  const index = table?.indexes.get(indexName);
  if (!table) {
    if (indexName === "by_creation_time" || !catalog.schema(component)) return null;
  }
  if (!table || !index || index.staged || index.building || index.search)
    throw new FunctionError(`Index ${tableName}.${indexName} not found.`);
  return { table, index, ...makeIndexBounds(source, index.fields), reverse };
}

const EVERYTHING: ScanBounds = { start: Buffer.alloc(0), end: null };

/** A range taken apart: values of the first fields, then bounds of the one that follows. */
interface RangeParts {
  equal: (Json | undefined)[];
  lower: RangeStep | null;
  upper: RangeStep | null;
}

/** The parts of a range whose steps follow the fields, as nearly all do; of others, the parts in order. */
function splitRange(name: string, fields: string[], range: RangeStep[]): RangeParts {
  const parts: RangeParts = { equal: [], lower: null, upper: null };
  for (const step of range) {
    const bound = parts.lower ?? parts.upper;
    const side = sideOf(step);
    if (step.fieldPath !== fields[parts.equal.length] || (side === null ? bound : parts[side]))
      return splitAnyRange(name, fields, range);
    if (side === null) parts.equal.push(decodeUndefined(step.value));
    else parts[side] = step;
  }
  return parts;
}

const sideOf = ({ type }: RangeStep): "lower" | "upper" | null =>
  type === "Eq" ? null : type === "Gt" || type === "Gte" ? "lower" : "upper";

/** Values of the first fields and bounds of the next, given in any order. Errors are in the platform's words. */
function splitAnyRange(name: string, fields: string[], range: RangeStep[]): RangeParts {
  const equal = new Map<string, RangeStep>();
  const bounds: Pick<RangeParts, "lower" | "upper"> = { lower: null, upper: null };
  for (const step of range) {
    const side = sideOf(step);
    const [earlier, bound] = [equal.get(step.fieldPath), bounds.lower ?? bounds.upper];
    if (side === null) {
      if (earlier) throw makeBoundError("equality", earlier);
      equal.set(step.fieldPath, step);
    } else {
      if (bounds[side]) throw makeBoundError(side, step);
      if (bound && bound.fieldPath !== step.fieldPath)
        throw new FunctionError(
          "Upper and lower bounds in `range` can only be applied to a single index field. " +
            `This query against index ${name} attempted to set a range bound on both "${bound.fieldPath}" and ` +
            `"${step.fieldPath}". Consider using \`filter\` instead. See ${INDEX_DOCS} for more info.`,
        );
      bounds[side] = step;
    }
  }
  const bound = bounds.lower ?? bounds.upper;
  const twice = bound && equal.get(bound.fieldPath);
  if (twice) throw makeBoundError("inequality", twice);
  const indexed = `[${quoteAll(fields.slice(0, -1))}]`;
  const foreign = [...equal.keys(), ...(bound ? [bound.fieldPath] : [])].find((path) => !fields.includes(path));
  if (foreign !== undefined)
    throw new FunctionError(
      `The index range included a comparison with "${foreign}", but ${name} with fields ${indexed} doesn't index ` +
        `this field. For more information see ${INDEX_DOCS}.`,
    );
  const ordered = fields.filter((path) => equal.has(path));
  const used = bound ? [...ordered, bound.fieldPath] : ordered;
  const wrong = used.find((path, at) => path !== fields[at]);
  if (wrong !== undefined)
    throw new FunctionError(
      `Tried to query index ${name} but the query didn't use the index fields in order.\n` +
        `Index fields: ${indexed}\nQuery fields: [${quoteAll(used)}]\nFirst incorrect field: "${wrong}"\n` +
        `For more information see ${INDEX_DOCS}.`,
    );
  return { equal: ordered.map((path) => decodeUndefined(equal.get(path)!.value)), ...bounds };
}

const INDEX_DOCS = "https://docs.convex.dev/using/indexes";
const COMPARATORS = { Eq: "==", Gt: ">", Gte: ">=", Lt: "<", Lte: "<=" } as const;
const quoteAll = (paths: string[]): string => paths.map((path) => `"${path}"`).join(", ");

const makeBoundError = (kind: string, { type, fieldPath, value }: RangeStep): FunctionError =>
  new FunctionError(
    `Already defined ${kind} bound in index range. ` +
      `Can't add "${fieldPath}" ${COMPARATORS[type]} ${JSON.stringify(decodeUndefined(value)) ?? "undefined"}.`,
  );

/** Every index ends with the id, which has no more to follow it. */
function makeIndexBounds(
  { indexName, range }: { indexName: string; range: RangeStep[] },
  fields: string[],
): { bounds: ScanBounds; verify: Plan["verify"] } {
  const { equal, lower, upper } = splitRange(indexName, [...fields, "_id"], range);
  const ids = equal.splice(fields.length);
  const isOfIds = ids.length > 0 || equal.length === fields.length;
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
