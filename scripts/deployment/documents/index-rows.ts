import { createHash } from "node:crypto";
import { MAX_KEY_BYTES } from "../storage";
import { encodeKey, readField } from "../values";
import type { StoredDocument } from "./document";
import { makeSearchKeys } from "./search-terms";
import type { Index } from "./table";

/** Leaves room for the row prefix, a digest and the id. */
const MAX_SORT_KEY_BYTES = MAX_KEY_BYTES - 64;

/**
 * Sort keys of a document in an index, each ending with the 16 bytes of its id. Ordinary indexes have one, search
 * indexes one per term. Longer keys are cut and end with a digest: equality still holds, order beyond the cut does not.
 */
export function makeIndexKeys(index: Index, document: StoredDocument): Buffer[] {
  if (index.search) return makeSearchKeys(index.search, document);
  const { value } = document;
  return [appendId(boundKey(encodeKey(index.fields.map((field) => readField(value, field)))), document.internalId)];
}

function boundKey(key: Buffer): Buffer {
  if (key.length <= MAX_SORT_KEY_BYTES) return key;
  return Buffer.concat([
    key.subarray(0, MAX_SORT_KEY_BYTES),
    createHash("sha256").update(key).digest().subarray(0, 16),
  ]);
}

const appendId = (key: Buffer, internalId: Uint8Array): Buffer => Buffer.concat([key, internalId]);
