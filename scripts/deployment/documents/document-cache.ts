import type { Kv } from "../storage";
import { makeDocumentKey, StoredDocument } from "./document";
import type { Table } from "./table";

/**
 * Committed documents, recently used ones kept in memory: two generations, of which the older one goes when the younger
 * is full. A time limit may end any method half-way: each statement leaves a state that is right, if not perfectly
 * full.
 */
export class DocumentCache {
  #young = new Map<string, StoredDocument>();
  #old = new Map<string, StoredDocument>();
  #youngBytes = 0;
  readonly #kv: Kv;
  readonly #maxBytes: number;

  constructor(kv: Kv, maxBytes = 64 * 1024 * 1024) {
    this.#kv = kv;
    this.#maxBytes = maxBytes;
  }

  get(table: Table, internalId: Buffer): StoredDocument | null {
    const name = makeName(table, internalId);
    const recent = this.#young.get(name);
    if (recent) return recent;
    let document = this.#old.get(name);
    if (!document) {
      const text = this.#kv.getText(makeDocumentKey(table.id, internalId));
      if (text === undefined) return null;
      // A copy: the id given may be part of something larger that need not stay in memory.
      document = new StoredDocument(Buffer.from(internalId), text);
    }
    this.#keep(name, document);
    return document;
  }

  /** Called after a write to the open KV transaction. */
  set(table: Table, internalId: Buffer, document: StoredDocument | null): void {
    const name = makeName(table, internalId);
    this.#old.delete(name);
    this.#young.delete(name);
    if (document) this.#keep(name, document);
  }

  clear(): void {
    this.#young = new Map();
    this.#old = new Map();
    this.#youngBytes = 0;
  }

  #keep(name: string, document: StoredDocument): void {
    this.#youngBytes += document.text.length + ENTRY_OVERHEAD_BYTES;
    this.#young.set(name, document);
    if (this.#youngBytes <= this.#maxBytes / 2) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#youngBytes = 0;
  }
}

/** Map entry, name, id and object; parsed forms come on top. */
const ENTRY_OVERHEAD_BYTES = 200;

const makeName = (table: Table, internalId: Buffer): string => table.id + internalId.toString("latin1");
