/** Reading ZIP archives that may be hostile: nothing is believed, and nothing is unpacked beyond a bound. */
import { Inflate } from "fflate";

export type ZipEntry = {
  name: string;
  method: number;
  packed: Uint8Array;
  /** What the directory says it unpacks to; not to be believed when it is small. */
  claimedBytes: number;
};

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const COMMENT_MAX = 65_535;
/** Files of the allowed types have far fewer. */
export const ENTRIES_MAX = 10_000;

/** The archive's entries by its directory, or null when it is broken or has too many. Sizes are those of the packed bytes. */
export function entriesOf(bytes: Uint8Array): ZipEntry[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  const lowest = Math.max(0, end - COMMENT_MAX);
  while (end >= lowest && view.getUint32(end, true) !== END_OF_DIRECTORY) end--;
  if (end < lowest) return null;
  const count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (count > ENTRIES_MAX) return null;
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== DIRECTORY_ENTRY) return null;
    const method = view.getUint16(at + 10, true);
    const packedSize = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true);
    if (local + 30 > bytes.length || view.getUint32(local, true) !== LOCAL_ENTRY) return null;
    const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    if (start + packedSize > bytes.length) return null;
    const name = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.push({ name, method, packed: bytes.subarray(start, start + packedSize), claimedBytes: view.getUint32(at + 24, true) });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

const CHUNK_BYTES = 16 * 1024;

/**
 * The entry's bytes, or null when it is broken, packed in an unknown way, or unpacks to more than `maxBytes`; unpacking
 * stops there, whatever size the archive claims.
 */
export function unpack(entry: ZipEntry, maxBytes: number): Uint8Array | null {
  if (entry.method === 0) return entry.packed.length > maxBytes ? null : entry.packed;
  if (entry.method !== 8 || entry.claimedBytes > maxBytes) return null;
  const parts: Uint8Array[] = [];
  let total = 0;
  const inflate = new Inflate((part) => {
    total += part.length;
    if (total <= maxBytes) parts.push(part);
  });
  try {
    for (let at = 0; at < entry.packed.length && total <= maxBytes; at += CHUNK_BYTES)
      inflate.push(entry.packed.subarray(at, at + CHUNK_BYTES), at + CHUNK_BYTES >= entry.packed.length);
  } catch {
    return null;
  }
  if (total > maxBytes) return null;
  const whole = new Uint8Array(total);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
