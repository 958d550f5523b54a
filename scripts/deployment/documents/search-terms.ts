import { createHash } from "node:crypto";
import { encodeKey, readField, type Json } from "../values";
import type { StoredDocument } from "./document";

const MAX_TERM_BYTES = 32;

/** Lower-cased runs of letters and digits; longer ones than 32 bytes are left out. */
export function splitIntoTerms(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter(
    (term) => Buffer.byteLength(term) <= MAX_TERM_BYTES,
  );
}

/**
 * A search index: the field it searches and those it filters by. `layout` says how its postings are keyed: an index of
 * an earlier version has another one, or none, and is built anew by the next push.
 */
export interface SearchDefinition {
  field: string;
  filters: string[];
  layout: number;
}

export const SEARCH_LAYOUT = 2;

const MAX_VALUE_BYTES = 64;
/** A first byte that no value's key has. */
const DIGEST_TAG = Buffer.from([0xff]);

/** The prefix of the keys of all postings with one value of the first filter field, and of no others. */
export function makePartitionKey(value: Json | undefined): Buffer {
  const key = encodeKey([value]);
  if (key.length <= MAX_VALUE_BYTES) return key;
  return Buffer.concat([DIGEST_TAG, createHash("sha256").update(key).digest()]);
}

/**
 * One posting per distinct term: the document's value of the first filter field, if the index has one, the term, and
 * the document's id. A search that filters by the field reads nothing of other values, and runs again for none of
 * theirs.
 */
export function makeSearchKeys({ field, filters }: SearchDefinition, document: StoredDocument): Buffer[] {
  const text = readField(document.value, field);
  if (typeof text !== "string") return [];
  const partition = filters[0] === undefined ? EMPTY : makePartitionKey(readField(document.value, filters[0]));
  return [...new Set(splitIntoTerms(text))].map((term) =>
    Buffer.concat([partition, encodeKey([term]), document.internalId]),
  );
}

const EMPTY = Buffer.alloc(0);
