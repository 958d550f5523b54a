/**
 * Full-text search over term postings: at most 16 terms, the last one as a prefix, ranked by BM25, at most 1,024
 * results. Postings are index rows like any other, so searches are consistent with the transaction and reactive.
 */
import {
  type Catalog,
  type Index,
  makePartitionKey,
  SEARCH_LAYOUT,
  type SearchDefinition,
  type StoredDocument,
  type Table,
  splitIntoTerms,
} from "../documents";
import { FunctionError } from "../lib";
import { compareValues, encodeKey, readField, type Json, findPrefixEnd } from "../values";
import type { Row, ScanBounds } from "./index-scan";
import { type SearchSource, splitIndexName, decodeUndefined } from "./query-plan";

const MAX_TERMS = 16;
const MAX_FILTERS = 8;
export const MAX_RESULTS = 1_024;
/** BM25's k1 and b. */
const [SATURATION, LENGTH_WEIGHT] = [1.2, 0.75];
/** Length a document is measured against; ranking needs no exact average. */
const TYPICAL_TERMS = 16;

interface Rows {
  next(): Row | null;
}
type ScanIndex = (table: Table, index: Index, bounds: ScanBounds) => Rows;
interface Equal {
  field: string;
  value: Json | undefined;
}

export function searchDocuments(
  catalog: Catalog,
  component: string,
  source: SearchSource,
  scan: ScanIndex,
): StoredDocument[] {
  const [tableName, indexName] = splitIndexName(source.indexName);
  const table = catalog.table(component, tableName);
  const index = table?.indexes.get(indexName);
  if (!table || index?.search?.layout !== SEARCH_LAYOUT || index.staged || index.building)
    throw new FunctionError(`Search index ${source.indexName} not found.`);
  const definition = index.search;
  const { terms, equal } = readConditions(source, definition);
  const rowsFrom = (bounds: ScanBounds) => scan(table, index, bounds);
  const partitions = listPartitions(definition, equal, rowsFrom);
  const scores = new Map<string, { document: StoredDocument; score: number }>();
  for (const [at, term] of terms.entries()) {
    const matches = new Map<string, StoredDocument>();
    for (const partition of partitions) {
      const rows = rowsFrom(makeTermBounds(partition, term, at === terms.length - 1));
      for (let row = rows.next(); row; row = rows.next())
        matches.set(row.document.internalId.toString("latin1"), row.document);
    }
    for (const [id, document] of matches) {
      const score = (scores.get(id)?.score ?? 0) + weighTerm(document, definition.field, term, matches.size);
      scores.set(id, { document, score });
    }
  }
  return [...scores.values()]
    .filter(({ document }) =>
      equal.every(({ field, value }) => compareValues(readField(document.value, field), value) === 0),
    )
    .sort((a, b) => b.score - a.score || compareValues(b.document.value._creationTime, a.document.value._creationTime))
    .slice(0, MAX_RESULTS)
    .map(({ document }) => document);
}

/**
 * The parts of the index to read: one when the search filters by the index's first filter field, else all there are.
 */
function listPartitions(
  { filters }: SearchDefinition,
  equal: Equal[],
  rowsFrom: (bounds: ScanBounds) => Rows,
): Buffer[] {
  const [first] = filters;
  if (first === undefined) return [Buffer.alloc(0)];
  const filter = equal.find(({ field }) => field === first);
  if (filter) return [makePartitionKey(filter.value)];
  const partitions: Buffer[] = [];
  for (let from: Buffer | null = Buffer.alloc(0); from; from = findPrefixEnd(partitions.at(-1)!)) {
    const row = rowsFrom({ start: from, end: null }).next();
    if (!row) break;
    partitions.push(makePartitionKey(readField(row.document.value, first)));
  }
  return partitions;
}

function readConditions(
  source: SearchSource,
  { field: searched, filters }: SearchDefinition,
): { terms: string[]; equal: Equal[] } {
  const text = source.filters.find((filter) => filter.type === "Search");
  if (!text || text.fieldPath !== searched)
    throw new FunctionError(`Search index ${source.indexName} searches ${searched}.`);
  const equal = source.filters.flatMap((filter) =>
    filter.type === "Eq" ? [{ field: filter.fieldPath, value: decodeUndefined(filter.value) }] : [],
  );
  if (equal.length > MAX_FILTERS) throw new FunctionError(`A search takes at most ${MAX_FILTERS} filters.`);
  for (const { field } of equal)
    if (!filters.includes(field))
      throw new FunctionError(`Search index ${source.indexName} has no filter field ${field}.`);
  return { terms: [...new Set(splitIntoTerms(String(text.value)))].slice(0, MAX_TERMS), equal };
}

function makeTermBounds(partition: Buffer, term: string, asPrefix: boolean): ScanBounds {
  const key = Buffer.concat([partition, encodeKey([term])]);
  // A prefix leaves the terminator (two bytes) off.
  const start = asPrefix ? key.subarray(0, key.length - 2) : key;
  return { start, end: findPrefixEnd(start) };
}

function weighTerm(document: StoredDocument, field: string, term: string, documents: number): number {
  const content = readField(document.value, field);
  const words = typeof content === "string" ? splitIntoTerms(content) : [];
  const frequency = words.filter((word) => word.startsWith(term)).length;
  const length = 1 - LENGTH_WEIGHT + (LENGTH_WEIGHT * words.length) / TYPICAL_TERMS;
  const rarity = Math.log(1 + 1 / documents) + 0.1;
  return (rarity * frequency * (SATURATION + 1)) / (frequency + SATURATION * length);
}
