import { encodeKey, fieldAt } from "./values";
import type { StoredDocument } from "./records";

const MAX_TERM_BYTES = 32;

/** Lower-cased runs of letters and digits; longer ones than 32 bytes are left out. */
export function termsOf(text: string): string[] {
  return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).filter((term) => Buffer.byteLength(term) <= MAX_TERM_BYTES);
}

/** One posting per distinct term: the term, then the document's id. */
export function searchKeys(field: string, document: StoredDocument): Buffer[] {
  const text = fieldAt(document.value, field);
  if (typeof text !== "string") return [];
  return [...new Set(termsOf(text))].map((term) => Buffer.concat([encodeKey([term]), document.internalId]));
}
