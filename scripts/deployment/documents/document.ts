import { type JsonObject, measureText } from "../values";

/** A stored document: its text as handed out, and its parsed form once something needed it. */
export class StoredDocument {
  #fields: JsonObject | undefined;
  #bytes: number | undefined;

  constructor(
    /** 16 raw bytes. */
    readonly internalId: Buffer,
    readonly text: string,
  ) {}

  get value(): JsonObject {
    return (this.#fields ??= JSON.parse(this.text) as JsonObject);
  }

  /** In bytes, as limits count it. */
  get size(): number {
    return (this.#bytes ??= measureText(this.text));
  }
}

/** `d tableId id` */
export function makeDocumentKey(tableId: number, internalId: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(5 + internalId.length);
  key[0] = 0x64;
  key.writeUInt32BE(tableId, 1);
  key.set(internalId, 5);
  return key;
}

/** `i indexId key` */
export function makeIndexRowKey(indexId: number, key: Uint8Array): Buffer {
  const row = Buffer.allocUnsafe(5 + key.length);
  row[0] = 0x69;
  row.writeUInt32BE(indexId, 1);
  row.set(key, 5);
  return row;
}
export const INDEX_ROW_PREFIX_BYTES = 5;
export const INTERNAL_ID_BYTES = 16;
