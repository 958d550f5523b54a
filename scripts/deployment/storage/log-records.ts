/**
 * The bytes of the write-ahead log. A record is one transaction:
 *
 *     length(4) crc32(4) sequence(8)   then for each key   put?(1) keyLength(2) valueLength(4) key value
 *
 * The checksum covers the sequence and everything after it. Files are written over again, so what follows the newest
 * record may be an older one: its sequence does not continue, and reading stops there, as it does at a torn one.
 */
import { crc32 } from "node:zlib";

/** Keys as latin1 text: compares as its bytes do. Null removes. */
export type Entry = [key: string, value: Uint8Array | null];
export interface LogRecord {
  sequence: number;
  entries: Entry[];
}

export const HEADER_BYTES = 16;
const ENTRY_HEADER_BYTES = 7;

/** Overwrites the header of a record to erase it. */
export const NO_RECORD = Buffer.alloc(HEADER_BYTES);

/** Encodes one record into a buffer that is used again: the result is good until the next call. */
export class RecordEncoder {
  #buffer = Buffer.allocUnsafe(64 * 1024);

  encode(sequence: number, entries: Iterable<Entry>): Buffer {
    let at = HEADER_BYTES;
    for (const [key, value] of entries) {
      const valueLength = value?.length ?? 0;
      const end = at + ENTRY_HEADER_BYTES + key.length + valueLength;
      if (end > this.#buffer.length) this.#grow(end);
      this.#buffer[at] = value ? 1 : 0;
      this.#buffer.writeUInt16LE(key.length, at + 1);
      this.#buffer.writeUInt32LE(valueLength, at + 3);
      this.#buffer.write(key, at + ENTRY_HEADER_BYTES, "latin1");
      if (value) this.#buffer.set(value, at + ENTRY_HEADER_BYTES + key.length);
      at = end;
    }
    const record = this.#buffer.subarray(0, at);
    record.writeUInt32LE(at, 0);
    record.writeBigUInt64LE(BigInt(sequence), 8);
    record.writeUInt32LE(crc32(record.subarray(8)), 4);
    return record;
  }

  #grow(bytes: number): void {
    const larger = Buffer.allocUnsafe(Math.max(bytes, this.#buffer.length * 2));
    this.#buffer.copy(larger);
    this.#buffer = larger;
  }
}

const readSequence = (file: Buffer, at: number): number => Number(file.readBigUInt64LE(at + 8));

/** The whole records at the start of a file, in order, as long as their sequences continue. */
export function* decodeRecords(file: Buffer): Generator<LogRecord> {
  let at = 0;
  let expected: number | null = null;
  while (at + HEADER_BYTES <= file.length) {
    const length = file.readUInt32LE(at);
    const end = at + length;
    if (length < HEADER_BYTES || end > file.length) return;
    if (crc32(file.subarray(at + 8, end)) !== file.readUInt32LE(at + 4)) return;
    const sequence = readSequence(file, at);
    if (expected !== null && sequence !== expected) return;
    expected = sequence + 1;
    yield { sequence, entries: [...decodeEntries(file, at + HEADER_BYTES, end)] };
    at = end;
  }
}

/** A whole record somewhere in a file: it goes from `at` up to `end`. */
export interface FoundRecord {
  sequence: number;
  at: number;
  end: number;
}

/**
 * The whole records of a file, wherever they are: what stands before them, damage or what an earlier use left, does not
 * matter.
 */
export function* findRecords(file: Buffer): Generator<FoundRecord> {
  for (let at = 0; at + HEADER_BYTES <= file.length;) {
    // No log comes to 2^48 writes: most bytes that are no header are rejected here.
    const end = file[at + 15] === 0 && file[at + 14] === 0 ? readPlausibleEnd(file, at) : null;
    if (end !== null && isWhole(file, at, end)) {
      yield { sequence: readSequence(file, at), at, end };
      at = end;
    } else at++;
  }
}

/** The end of a record that would start here; null when no record can. */
function readPlausibleEnd(file: Buffer, at: number): number | null {
  const length = file.readUInt32LE(at);
  const end = at + length;
  return length < HEADER_BYTES || end > file.length ? null : end;
}

const isWhole = (file: Buffer, at: number, end: number): boolean =>
  crc32(file.subarray(at + 8, end)) === file.readUInt32LE(at + 4);

/** The end of the whole records at the start of a file, and the last sequence there. */
export function findWholeStart(records: FoundRecord[]): { end: number; last: number | null } {
  const start = { end: 0, last: null as number | null };
  for (const { sequence, at, end } of records) {
    if (at !== start.end || (start.last !== null && sequence !== start.last + 1)) break;
    Object.assign(start, { end, last: sequence });
  }
  return start;
}

export const readEntries = (file: Buffer, { at, end }: FoundRecord): Entry[] => [
  ...decodeEntries(file, at + HEADER_BYTES, end),
];

function* decodeEntries(file: Buffer, start: number, end: number): Generator<Entry> {
  for (let at = start; at < end;) {
    const puts = file[at] === 1;
    const keyStart = at + ENTRY_HEADER_BYTES;
    const keyEnd = keyStart + file.readUInt16LE(at + 1);
    const valueEnd = keyEnd + file.readUInt32LE(at + 3);
    yield [file.toString("latin1", keyStart, keyEnd), puts ? file.subarray(keyEnd, valueEnd) : null];
    at = valueEnd;
  }
}
