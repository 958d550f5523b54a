import type { JsonObject } from "../types";
import type { Index, Table } from "./catalog";
import { MAX_KEY_BYTES, type Kv } from "./kv";
import { createHash } from "node:crypto";
import { encodeKey, fieldAt } from "./values";
import { searchKeys } from "./search-terms";
import { sizeOfText } from "./text-size";

/** A stored document: its text as handed out, and its parsed form once something needed it. */
export class StoredDocument {
  private fields: JsonObject | undefined;
  private bytes: number | undefined;

  constructor(
    /** 16 raw bytes. */
    readonly internalId: Buffer,
    readonly text: string,
  ) {}

  get value(): JsonObject {
    return (this.fields ??= JSON.parse(this.text) as JsonObject);
  }

  /** In bytes, as limits count it. */
  get size(): number {
    return (this.bytes ??= sizeOfText(this.text));
  }
}

/** `d tableId id` */
export function documentKey(tableId: number, internalId: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(5 + internalId.length);
  key[0] = 0x64;
  key.writeUInt32BE(tableId, 1);
  key.set(internalId, 5);
  return key;
}

/** `i indexId key` */
export function indexRowKey(indexId: number, key: Uint8Array): Buffer {
  const row = Buffer.allocUnsafe(5 + key.length);
  row[0] = 0x69;
  row.writeUInt32BE(indexId, 1);
  row.set(key, 5);
  return row;
}
export const INDEX_ROW_PREFIX_BYTES = 5;
export const INTERNAL_ID_BYTES = 16;

/** Leaves room for the row prefix, a digest and the id. */
const MAX_SORT_KEY_BYTES = MAX_KEY_BYTES - 64;

/**
 * Sort keys of a document in an index, each ending with the 16 bytes of its id. Ordinary indexes have one, search indexes
 * one per term. Longer keys are cut and told apart by a digest: equality still holds, order beyond the cut does not.
 */
export function keysOf(index: Index, document: StoredDocument): Buffer[] {
  if (index.search) return searchKeys(index.search, document);
  const { value } = document;
  return [withId(bounded(encodeKey(index.fields.map((field) => fieldAt(value, field)))), document.internalId)];
}

export function bounded(key: Buffer): Buffer {
  if (key.length <= MAX_SORT_KEY_BYTES) return key;
  return Buffer.concat([
    key.subarray(0, MAX_SORT_KEY_BYTES),
    createHash("sha256").update(key).digest().subarray(0, 16),
  ]);
}

export const withId = (key: Buffer, internalId: Uint8Array): Buffer => Buffer.concat([key, internalId]);

/**
 * Committed documents, recently used ones kept in memory: two generations, of which the older one goes when the younger
 * is full. A time limit may end any method half-way: each statement leaves a state that is right, if not perfectly full.
 */
export class DocumentCache {
  private young = new Map<string, StoredDocument>();
  private old = new Map<string, StoredDocument>();
  private youngBytes = 0;

  constructor(
    private readonly kv: Kv,
    private readonly maxBytes = 64 * 1024 * 1024,
  ) {}

  get(table: Table, internalId: Buffer): StoredDocument | null {
    const name = nameOf(table, internalId);
    const recent = this.young.get(name);
    if (recent) return recent;
    let document = this.old.get(name);
    if (!document) {
      const text = this.kv.getText(documentKey(table.id, internalId));
      if (text === undefined) return null;
      // A copy: the id given may be part of something larger that need not stay in memory.
      document = new StoredDocument(Buffer.from(internalId), text);
    }
    this.keep(name, document);
    return document;
  }

  /** After a write to the open KV transaction. */
  set(table: Table, internalId: Buffer, document: StoredDocument | null): void {
    const name = nameOf(table, internalId);
    this.old.delete(name);
    this.young.delete(name);
    if (document) this.keep(name, document);
  }

  clear(): void {
    this.young = new Map();
    this.old = new Map();
    this.youngBytes = 0;
  }

  private keep(name: string, document: StoredDocument): void {
    this.youngBytes += document.text.length + ENTRY_OVERHEAD_BYTES;
    this.young.set(name, document);
    if (this.youngBytes <= this.maxBytes / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.youngBytes = 0;
  }
}

/** Map entry, name, id and object; parsed forms come on top. */
const ENTRY_OVERHEAD_BYTES = 200;

const nameOf = (table: Table, internalId: Buffer): string => table.id + internalId.toString("latin1");
