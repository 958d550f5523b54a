/**
 * Full-text search over term postings: at most 16 terms, the last one as a prefix, ranked by BM25, at most 1,024 results.
 * Postings are index rows like any other, so searches are consistent with the transaction and reactive.
 */
import { FunctionError } from "../types";
import type { Index, StoreCatalog, Table } from "./catalog";
import { splitIndexName, undefinedOr, type SearchSource } from "./query";
import type { StoredDocument } from "./records";
import type { Row, ScanBounds } from "./scan";
import { termsOf } from "./search-terms";
import { compareValues, encodeKey, fieldAt, prefixEnd } from "./values";

const MAX_TERMS = 16;
const MAX_FILTERS = 8;
export const MAX_RESULTS = 1_024;
const K1 = 1.2;
const B = 0.75;
/** Length a document is measured against; ranking needs no exact average. */
const TYPICAL_TERMS = 16;

type ScanIndex = (table: Table, index: Index, bounds: ScanBounds) => { next(): Row | null };

export function search(catalog: StoreCatalog, component: string, source: SearchSource, scan: ScanIndex): StoredDocument[] {
  const [tableName, indexName] = splitIndexName(source.indexName);
  const table = catalog.table(component, tableName);
  const index = table?.indexes.get(indexName);
  if (!table || !index?.search || index.staged || index.building)
    throw new FunctionError(`Search index ${source.indexName} not found.`);
  const { terms, equal } = conditions(source, index);
  const scores = new Map<StoredDocument, number>();
  for (const [at, term] of terms.entries()) {
    const matches = new Map<StoredDocument, number>();
    const rows = scan(table, index, termBounds(term, at === terms.length - 1));
    for (let row = rows.next(); row; row = rows.next()) matches.set(row.document, (matches.get(row.document) ?? 0) + 1);
    for (const document of matches.keys())
      scores.set(document, (scores.get(document) ?? 0) + weight(document, index.search.field, term, matches.size));
  }
  return [...scores]
    .filter(([document]) => equal.every(({ field, value }) => compareValues(fieldAt(document.value, field), value) === 0))
    .sort(([a, scoreA], [b, scoreB]) => scoreB - scoreA || compareValues(b.value._creationTime, a.value._creationTime))
    .slice(0, MAX_RESULTS)
    .map(([document]) => document);
}

function conditions(source: SearchSource, index: Index) {
  const text = source.filters.find((filter) => filter.type === "Search");
  if (!text || text.fieldPath !== index.search!.field)
    throw new FunctionError(`Search index ${source.indexName} searches ${index.search!.field}.`);
  const equal = source.filters.flatMap((filter) =>
    filter.type === "Eq" ? [{ field: filter.fieldPath, value: undefinedOr(filter.value) }] : [],
  );
  if (equal.length > MAX_FILTERS) throw new FunctionError(`A search takes at most ${MAX_FILTERS} filters.`);
  for (const { field } of equal)
    if (!index.search!.filters.includes(field))
      throw new FunctionError(`Search index ${source.indexName} has no filter field ${field}.`);
  return { terms: [...new Set(termsOf(String(text.value)))].slice(0, MAX_TERMS), equal };
}

function termBounds(term: string, asPrefix: boolean): ScanBounds {
  const key = encodeKey([term]);
  // A prefix leaves the terminator (two bytes) off.
  const start = asPrefix ? key.subarray(0, key.length - 2) : key;
  return { start, end: prefixEnd(start) };
}

function weight(document: StoredDocument, field: string, term: string, documents: number): number {
  const content = fieldAt(document.value, field);
  const words = typeof content === "string" ? termsOf(content) : [];
  const frequency = words.filter((word) => word.startsWith(term)).length;
  const length = 1 - B + (B * words.length) / TYPICAL_TERMS;
  const rarity = Math.log(1 + 1 / documents) + 0.1;
  return (rarity * frequency * (K1 + 1)) / (frequency + K1 * length);
}
