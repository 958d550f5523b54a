/**
 * Document ids: lower-case Crockford base32 of a varint table number, 16 bytes (14 random and a day number) and a
 * Fletcher-16 checksum; 31 to 37 characters.
 */
import { randomFillSync } from "node:crypto";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const DECODE = new Int8Array(128).fill(-1);
for (let i = 0; i < ALPHABET.length; i++) DECODE[ALPHABET.charCodeAt(i)] = i;
const DAY_MS = 86_400_000;

export interface DocumentId {
  tableNumber: number;
  internal: Buffer;
}

export function encodeId(tableNumber: number, internal: Uint8Array): string {
  const bytes: number[] = [];
  let rest = tableNumber;
  while (rest >= 0x80) {
    bytes.push((rest & 0x7f) | 0x80);
    rest >>>= 7;
  }
  bytes.push(rest, ...internal);
  const [a, b] = computeFletcher16(bytes, bytes.length);
  bytes.push(a, b);
  return encodeBase32(bytes);
}

/** Null for anything that is not a well-formed id. */
export function decodeId(id: string): DocumentId | null {
  if (id.length < 31 || id.length > 37) return null;
  const bytes = decodeBase32(id);
  if (!bytes) return null;
  let tableNumber = 0;
  let at = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    if (byte === undefined || shift > 28) return null;
    tableNumber |= (byte & 0x7f) << shift;
    if (byte & 0x80) continue;
    if (byte === 0 && shift > 0) return null;
    break;
  }
  tableNumber >>>= 0;
  if (bytes.length !== at + 18) return null;
  const [a, b] = computeFletcher16(bytes, at + 16);
  if (bytes[at + 16] !== a || bytes[at + 17] !== b) return null;
  return { tableNumber, internal: Buffer.from(bytes.subarray(at, at + 16)) };
}

let pool = Buffer.alloc(0);
let used = 0;

/** 14 random bytes and the day, so that ids of one day share a suffix as the cloud's do. */
export function makeInternalId(nowMs: number): Buffer {
  if (used + 14 > pool.length) {
    pool = randomFillSync(Buffer.allocUnsafe(14 * 512));
    used = 0;
  }
  const id = Buffer.allocUnsafe(16);
  pool.copy(id, 0, used, used + 14);
  used += 14;
  id.writeUInt16BE(Math.floor(nowMs / DAY_MS) & 0xffff, 14);
  return id;
}

function computeFletcher16(bytes: ArrayLike<number>, length: number): [number, number] {
  let a = 0;
  let b = 0;
  for (let i = 0; i < length; i++) {
    a = (a + bytes[i]!) & 0xff;
    b = (b + a) & 0xff;
  }
  return [a, b];
}

function encodeBase32(bytes: readonly number[]): string {
  let text = "";
  let bits = 0;
  let buffer = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(buffer >>> bits) & 31];
    }
    buffer &= (1 << bits) - 1;
  }
  return bits > 0 ? text + ALPHABET[(buffer << (5 - bits)) & 31] : text;
}

function decodeBase32(text: string): Uint8Array | null {
  const bytes = new Uint8Array(Math.floor((text.length * 5) / 8));
  let at = 0;
  let bits = 0;
  let buffer = 0;
  for (let i = 0; i < text.length; i++) {
    const value = DECODE[text.charCodeAt(i)] ?? -1;
    if (value < 0) return null;
    buffer = (buffer << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (buffer >>> bits) & 0xff;
      buffer &= (1 << bits) - 1;
    }
  }
  // A whole character too many, or bits that no byte has, would make two texts of one id.
  return buffer === 0 && bits < 5 ? bytes : null;
}
