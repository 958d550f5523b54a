/** Reading ZIP archives that may be hostile: nothing is believed, and nothing is unpacked beyond a bound. */
import { Inflate } from "fflate";

export type ZipEntry = {
  name: string;
  method: number;
  encrypted: boolean;
  packed: Uint8Array;
  /** The unpacked size according to the directory, which may be wrong. */
  claimedBytes: number;
};

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const ENCRYPTED = 1;
const COMMENT_MAX = 65_535;
/** Files of the allowed types have far fewer. */
export const ENTRIES_MAX = 10_000;

const WIDE_END_LOCATOR = 0x07064b50;
const WIDE_END = 0x06064b50;
const WIDE_FIELD = 0x0001;
/** The value that takes the place of a number that only the wide (ZIP64) form has room for. */
const ELSEWHERE = 0xffffffff;

/** `shift` is how many bytes stand before the archive: positions in it are counted from its own beginning. */
type Directory = { view: DataView; at: number; count: number; shift: number };

/** Where the record at an archive's end stands, or null when there is none. */
export function findEnd(bytes: Uint8Array): number | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const lowest = Math.max(0, end - COMMENT_MAX);
  while (end >= lowest && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  return end < lowest ? null : end;
}

/** The archive's directory by the record at its end, or null when there is none. */
function readDirectory(bytes: Uint8Array): Directory | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(bytes);
  if (end === null) return null;
  const wide = findWideEnd(view, end);
  const read = wide === null ? readEnd(view, end) : readWideEnd(view, wide);
  const shift = (wide ?? end) - read.sizeBytes - read.at;
  return shift < 0 || !Number.isSafeInteger(shift) ? null : { view, at: read.at + shift, count: read.count, shift };
}

const readEnd = (view: DataView, end: number) => ({
  count: view.getUint16(end + 10, true),
  sizeBytes: view.getUint32(end + 12, true),
  at: view.getUint32(end + 16, true),
});

const readWideEnd = (view: DataView, end: number) => ({
  count: Number(view.getBigUint64(end + 32, true)),
  sizeBytes: Number(view.getBigUint64(end + 40, true)),
  at: Number(view.getBigUint64(end + 48, true)),
});

/** Where the wide end record stands: right before its locator, which comes right before the end record. */
function findWideEnd(view: DataView, end: number): number | null {
  const locator = end - 20;
  if (locator < 56 || view.getUint32(locator, true) !== WIDE_END_LOCATOR) return null;
  return view.getUint32(locator - 56, true) === WIDE_END ? locator - 56 : null;
}

/** The numbers of an entry that its wide field has in place of `ELSEWHERE`. */
function readSizes(view: DataView, at: number): { unpacked: number; packed: number; local: number } | null {
  const numbers = [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)];
  if (numbers.includes(ELSEWHERE)) {
    const end = at + 46 + view.getUint16(at + 28, true) + view.getUint16(at + 30, true);
    let field = at + 46 + view.getUint16(at + 28, true);
    while (field + 4 <= end && view.getUint16(field, true) !== WIDE_FIELD) field += 4 + view.getUint16(field + 2, true);
    for (let i = 0, next = field + 4; i < 3; i++) {
      if (numbers[i] !== ELSEWHERE) continue;
      if (next + 8 > end || next + 8 > view.byteLength) return null;
      numbers[i] = Number(view.getBigUint64(next, true));
      next += 8;
    }
  }
  const [unpacked = 0, packed = 0, local = 0] = numbers;
  return { unpacked, packed, local };
}

/** Whether the archive says that it has more entries than are looked at. */
export const isCrowded = (bytes: Uint8Array): boolean => (readDirectory(bytes)?.count ?? 0) > ENTRIES_MAX;

/**
 * The archive's entries by its directory, or null when it is broken or has too many. Sizes are those of the packed
 * bytes.
 */
export function listEntries(bytes: Uint8Array): ZipEntry[] | null {
  const directory = readDirectory(bytes);
  if (!directory || directory.count > ENTRIES_MAX) return null;
  const { view, count, shift } = directory;
  let { at } = directory;
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return null;
    const encrypted = (view.getUint16(at + 8, true) & ENCRYPTED) !== 0;
    const method = view.getUint16(at + 10, true);
    const sizes = readSizes(view, at);
    if (!sizes) return null;
    const { packed: packedSize, unpacked: claimedBytes } = sizes;
    const nameLength = view.getUint16(at + 28, true);
    const local = sizes.local + shift;
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_ENTRY) return null;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > bytes.length) return null;
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    const packed = bytes.subarray(start, start + packedSize);
    entries.push({ name, method, encrypted, packed, claimedBytes });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

const CHUNK_BYTES = 16 * 1024;
export type UnpackFailure = "tooLarge" | "encrypted" | "unknownMethod" | "broken";

/** An entry's bytes, or why there are none. `spentBytes` is how many were unpacked, also in vain. */
export type Unpacked =
  | { content: Uint8Array; spentBytes: number; failure: null }
  | { content: null; spentBytes: number; failure: UnpackFailure };

const toFailure = (failure: UnpackFailure, spentBytes = 0): Unpacked => ({ content: null, spentBytes, failure });

/** Why an entry is not unpacked at all, or null. */
function findHindrance(entry: ZipEntry, maxBytes: number): UnpackFailure | null {
  if (entry.encrypted) return "encrypted";
  if (entry.method !== 0 && entry.method !== 8) return "unknownMethod";
  return (entry.method === 0 ? entry.packed.length : entry.claimedBytes) > maxBytes ? "tooLarge" : null;
}

/**
 * The parts of an entry as they are unpacked, to at most `maxBytes` in all, whatever size the archive claims. Returns
 * why it ended before the entry did, or null.
 */
export function* unpackParts(entry: ZipEntry, maxBytes: number): Generator<Uint8Array, UnpackFailure | null> {
  const hindrance = findHindrance(entry, maxBytes);
  if (hindrance !== null) return hindrance;
  let parts: Uint8Array[] = [];
  let total = 0;
  const inflate = entry.method === 0 ? null : new Inflate((part) => void parts.push(part));
  for (let at = 0; at < entry.packed.length; at += CHUNK_BYTES) {
    const chunk = entry.packed.subarray(at, at + CHUNK_BYTES);
    try {
      if (inflate) inflate.push(chunk, at + CHUNK_BYTES >= entry.packed.length);
      else parts.push(chunk);
    } catch {
      return "broken";
    }
    for (const part of parts) {
      total += part.length;
      if (total > maxBytes) return "tooLarge";
      yield part;
    }
    parts = [];
  }
  return null;
}

/** Unpacks an entry to at most `maxBytes`. */
export function unpack(entry: ZipEntry, maxBytes: number): Unpacked {
  const parts: Uint8Array[] = [];
  let spentBytes = 0;
  const reading = unpackParts(entry, maxBytes);
  let next = reading.next();
  for (; !next.done; next = reading.next()) {
    parts.push(next.value);
    spentBytes += next.value.length;
  }
  if (next.value !== null) return toFailure(next.value, spentBytes);
  const [only] = parts;
  if (parts.length === 1 && only) return { content: only, spentBytes, failure: null };
  const content = new Uint8Array(spentBytes);
  let at = 0;
  for (const part of parts) {
    content.set(part, at);
    at += part.length;
  }
  return { content, spentBytes, failure: null };
}
