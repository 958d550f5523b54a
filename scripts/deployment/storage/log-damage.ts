/**
 * Distinguishes a damaged record of the log from one whose write was cut off. Only the newest record can be
 * either; one that was cut off was never answered.
 */
import { crc32 } from "node:zlib";
import { HEADER_BYTES } from "./log-records";

/** A defect where the record of this sequence should be; a crash leaves "cut off". */
export type Ending = "damaged" | "truncated" | "cut off";

/**
 * Looks for the remains of a record that is not whole.
 * @param at where the record would begin; elsewhere, bytes that happen to look like its sequence are none.
 * @param segmentBytes the least a file of the log has.
 */
export function findEnding(file: Buffer, at: number, sequence: number, segmentBytes: number): Ending | null {
  if (at + HEADER_BYTES > file.length) return null;
  const differingBits =
    countBits(file.readUInt32LE(at + 8) ^ (sequence % 2 ** 32)) +
    countBits(file.readUInt32LE(at + 12) ^ Math.floor(sequence / 2 ** 32));
  if (differingBits > 1) return null;
  if (isOneBitOff(file, at, sequence, differingBits)) return "damaged";
  if (differingBits === 1) return null;
  const length = file.readUInt32LE(at);
  // A record is only begun where it fits, and a sector is written whole or not at all.
  if (length > file.length - at && !straddlesSectors(at)) return file.length < segmentBytes ? "truncated" : "damaged";
  return "cut off";
}

const SECTOR_BYTES = 512;
const straddlesSectors = (at: number): boolean => (at % SECTOR_BYTES) + HEADER_BYTES > SECTOR_BYTES;

/**
 * Whether one bit, of the length, the checksum or what it covers, keeps this from being the record of that sequence.
 */
function isOneBitOff(file: Buffer, at: number, sequence: number, differingBits: number): boolean {
  const stored = file.readUInt32LE(at + 4);
  const checksum = (length: number) =>
    length >= HEADER_BYTES && at + length <= file.length ? crc32(file.subarray(at + 8, at + length)) : null;
  const length = file.readUInt32LE(at);
  const actual = checksum(length);
  if (differingBits === 1) {
    // A whole record of an earlier use may have a sequence that is one bit off.
    if (actual === null || actual === stored) return false;
    const corrected = Buffer.from(file.subarray(at + 8, at + length));
    corrected.writeBigUInt64LE(BigInt(sequence));
    return crc32(corrected) === stored;
  }
  if (actual !== null && isEffectOfOneBit((actual ^ stored) >>> 0, length - 8)) return true;
  for (let bit = 0; bit < 32; bit++) if (checksum((length ^ (1 << bit)) >>> 0) === stored) return true;
  return false;
}

/** Whether a difference of checksums is that of one bit: of the checksum itself, or of the bytes it covers. */
function isEffectOfOneBit(difference: number, bytes: number): boolean {
  if (countBits(difference) === 1) return true;
  // A bit's effect depends on how far from the end it is: it moves on with every byte that follows.
  let effects = Array.from({ length: 8 }, (_, bit) => BYTE_EFFECTS[1 << bit]!);
  for (let byte = 0; byte < bytes; byte++) {
    if (effects.includes(difference)) return true;
    effects = effects.map((effect) => ((effect >>> 8) ^ BYTE_EFFECTS[effect & 0xff]!) >>> 0);
  }
  return false;
}

/** The effect on a CRC-32 of each value of the last byte. */
const BYTE_EFFECTS = Array.from({ length: 256 }, (_, value) => {
  let effect = value;
  for (let bit = 0; bit < 8; bit++) effect = effect & 1 ? (effect >>> 1) ^ 0xedb88320 : effect >>> 1;
  return effect >>> 0;
});

function countBits(value: number): number {
  let count = 0;
  for (let rest = value >>> 0; rest !== 0; rest &= rest - 1) count++;
  return count;
}
