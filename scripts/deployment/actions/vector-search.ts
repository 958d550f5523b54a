/** Vector search: cosine similarity over every row of the table. Exact, and quick enough for what one machine holds. */
import { compareValues, jsonToConvex, type Value } from "convex/values";
import { FunctionError } from "../lib";
import type { Store } from "../transactions";
import type { Json } from "../values";

const DEFAULT_RESULTS = 10;
const MAX_RESULTS = 256;
const MAX_FILTERS = 64;
/** Rows examined before other work may run. */
const SLICE_ROWS = 256;

/** As the client library sends it to `1.0/actions/vectorSearch`. */
interface VectorQuery {
  indexName: string;
  limit?: number;
  vector: number[];
  expressions: Json;
}

interface VectorIndex {
  indexDescriptor: string;
  vectorField: string;
  dimensions: number;
  filterFields: string[];
}
type Row = Record<string, Json>;
interface Found {
  _id: string;
  _score: number;
}

/**
 * Ids and scores of the rows most like `query.vector`, the likest first, as JSON text. Each slice of the table is read
 * as it is then, so a row that changes during a long search is seen in either state.
 *
 * @throws FunctionError when there is no such index, or the vector, the limit or the filter does not fit it.
 */
export async function searchVectors(store: Store, component: string, query: VectorQuery): Promise<string> {
  const [table = "", name = ""] = query.indexName.split(".");
  const index = findIndex(store.catalog.schema(component), table, name);
  if (!index) throw new FunctionError(`Vector index ${query.indexName} not found.`);
  const limit = query.limit ?? DEFAULT_RESULTS;
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_RESULTS)
    throw new FunctionError(`A vector search gives from 1 to ${MAX_RESULTS} results, not ${limit}.`);
  if (query.vector.length !== index.dimensions)
    throw new FunctionError(
      `Vector index ${query.indexName} has ${index.dimensions} dimensions, the vector ${query.vector.length}.`,
    );
  const matches = compileFilter(query.expressions, query.indexName, index.filterFields);
  const wanted = normalizeVector(query.vector);
  let best: Found[] = [];
  for await (const rows of readSlices(store, component, table)) {
    const found = rows.flatMap((row): Found[] => {
      const vector = readField(row, index.vectorField);
      if (!isVector(vector, index.dimensions) || !matches(row)) return [];
      return [{ _id: row._id as string, _score: multiplyVectors(wanted, normalizeVector(vector)) }];
    });
    best = [...best, ...found].sort((a, b) => b._score - a._score).slice(0, limit);
  }
  return JSON.stringify({ results: best });
}

function findIndex(schema: Json, table: string, name: string): VectorIndex | undefined {
  const { tables } = (schema ?? { tables: [] }) as unknown as {
    tables: { tableName: string; vectorIndexes?: VectorIndex[] }[];
  };
  return tables
    .find(({ tableName }) => tableName === table)
    ?.vectorIndexes?.find(({ indexDescriptor }) => indexDescriptor === name);
}

async function* readSlices(store: Store, component: string, tableName: string): AsyncGenerator<Row[]> {
  const query = { source: { type: "FullTableScan", tableName, order: "asc" }, operators: [] };
  for (let cursor: string | null = null; ;) {
    const args = { query, cursor, pageSize: SLICE_ROWS };
    const tx = store.begin("read", { unlimited: true });
    const slice = JSON.parse(tx.readPage(component, args, { previous: null, next: null })) as {
      page: Row[];
      isDone: boolean;
      continueCursor: string;
    };
    yield slice.page;
    if (slice.isDone) return;
    cursor = slice.continueCursor;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Equality of filter fields and any one of several, which is all that the client library can express. */
function compileFilter(expressions: Json, indexName: string, fields: string[]): (row: Row) => boolean {
  if (expressions === null) return () => true;
  let terms = 0;
  const compile = (expression: Json): ((row: Row) => boolean) => {
    const { $or, $eq } = expression as { $or?: Json[]; $eq?: [{ $field: string }, { $literal: Json }] };
    if ($or) {
      const parts = $or.map(compile);
      return (row) => parts.some((matches) => matches(row));
    }
    if (!$eq) throw new FunctionError("A vector search is filtered by q.eq and q.or only.");
    if (++terms > MAX_FILTERS) throw new FunctionError(`A vector search takes at most ${MAX_FILTERS} filters.`);
    const [{ $field }, { $literal }] = $eq;
    if (!fields.includes($field)) throw new FunctionError(`Vector index ${indexName} has no filter field ${$field}.`);
    const wanted = decodeValue($literal);
    return (row) => compareValues(decodeValue(readField(row, $field)), wanted) === 0;
  };
  return compile(expressions);
}

/** The client library writes an absent value as `{$undefined: null}`. */
const decodeValue = (json: Json | undefined): Value | undefined =>
  json === undefined || (typeof json === "object" && json !== null && "$undefined" in json)
    ? undefined
    : jsonToConvex(json);

const readField = (row: Row, path: string): Json | undefined =>
  path
    .split(".")
    .reduce<Json | undefined>(
      (at, name) => (typeof at === "object" && at !== null ? (at as Row)[name] : undefined),
      row,
    );

const isVector = (value: Json | undefined, dimensions: number): value is number[] =>
  Array.isArray(value) && value.length === dimensions && value.every((part) => typeof part === "number");

const multiplyVectors = (a: number[], b: number[]): number => a.reduce((sum, part, i) => sum + part * b[i]!, 0);

/** Scales a vector to length 1; the zero vector resembles nothing and stays as it is. */
function normalizeVector(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((part) => part / length);
}
