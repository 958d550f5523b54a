/**
 * The built-in check of files: the test virus, programs, content that belies the name, archives that cannot be checked.
 */
import { isExecutable, findMisfit } from "./fileTypes";
import { ascii, startsWith, ZIP } from "./signatures";
import type { Verdict } from "../shapes";
import { findEnd, isCrowded, listEntries, unpack, unpackParts, type UnpackFailure, type ZipEntry } from "./zip";

/**
 * All that an archive and the archives in it may unpack to. A table of 10 MiB, the most that is taken, often unpacks to
 * twenty times as much.
 */
export const UNPACKED_MAX_BYTES = 512 * 1024 * 1024;
/** A larger part is looked through while it is unpacked, and never held as a whole. */
export const HELD_MAX_BYTES = 8 * 1024 * 1024;
/** Others get their turn after so much work. */
const STEP_BYTES = 8 * 1024 * 1024;
const NESTING_MAX = 3;
/**
 * A large part that unpacks to more than so many times its packed bytes is nobody's document: a table of one repeated
 * line is 300 times as much, and bombs are near the format's limit of 1,032.
 */
const EXPANSION_MAX = 500;

// In two parts, so that scanners do not take this file for what it looks for (eicar.org).
const EICAR = ascii(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""));

function includesBytes(bytes: Uint8Array, needle: number[]): boolean {
  const [first = 0] = needle;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1))
    if (startsWith(bytes, needle, at)) return true;
  return false;
}

/** Bytes that may still be unpacked, those since the last pause, and the first reason why a part was not checked. */
type Progress = { bytesLeft: number; stepBytes: number; unchecked: string | null };

/** Counts bytes that were unpacked. → whether a pause is due */
function spend(progress: Progress, bytes: number): boolean {
  progress.bytesLeft -= bytes;
  progress.stepBytes += bytes;
  if (progress.stepBytes < STEP_BYTES) return false;
  progress.stepBytes = 0;
  return true;
}

/** The work in steps, between which others may run; → its result. */
type Steps<Result> = Generator<void, Result>;

const VIRUS = "It is the EICAR test virus.";
const PROGRAM = "It holds a program.";

/**
 * Looks for malware in bytes and in all that is packed in them; → its description, or null when there is none. A part
 * that cannot be checked is noted, and the search goes on: malware beside it is malware still.
 */
function* findMalware(bytes: Uint8Array, progress: Progress, depth: number): Steps<string | null> {
  if (includesBytes(bytes, EICAR)) return VIRUS;
  if (isExecutable(bytes)) return PROGRAM;
  if (!startsWith(bytes, ZIP) && listEntries(bytes) === null) return null;
  if (depth > NESTING_MAX) progress.unchecked ??= "It holds archives within archives, too deep to be checked.";
  else if (isCrowded(bytes)) progress.unchecked ??= "It holds too many parts to be checked.";
  else
    for (const entry of listEntries(bytes) ?? noteUnreadable(progress, depth)) {
      const isLarge = entry.claimedBytes > HELD_MAX_BYTES;
      const found = yield* isLarge ? findInLarge(entry, progress) : findInHeld(entry, progress, depth);
      if (found) return found;
    }
  return null;
}

function* findInHeld(entry: ZipEntry, progress: Progress, depth: number): Steps<string | null> {
  const { content, spentBytes, failure } = unpack(entry, Math.min(progress.bytesLeft, HELD_MAX_BYTES));
  if (failure !== null) progress.unchecked ??= FAILURES[failure];
  if (spend(progress, spentBytes)) yield;
  return content && (yield* findMalware(content, progress, depth + 1));
}

/** As much of a part's beginning as tells what it is, and as much of its end as has an archive's last record. */
const HEAD_BYTES = 4 * 1024;
const TAIL_BYTES = 64 * 1024 + 22;

/** Looks through a part while it is unpacked. An archive of that size within the archive is not looked into. */
function* findInLarge(entry: ZipEntry, progress: Progress): Steps<string | null> {
  const parts = unpackParts(entry, Math.min(progress.bytesLeft, entry.packed.length * EXPANSION_MAX));
  let head: Uint8Array = new Uint8Array();
  let tail: Uint8Array[] = [];
  let next = parts.next();
  for (; !next.done; next = parts.next()) {
    const part = next.value;
    const isPauseDue = spend(progress, part.length);
    if (head.length < HEAD_BYTES) head = join([head, part]);
    const seam = join([(tail.at(-1) ?? head).slice(-EICAR.length), part.subarray(0, EICAR.length)]);
    if (includesBytes(part, EICAR) || includesBytes(seam, EICAR)) return VIRUS;
    tail = keepEnd([...tail, part]);
    if (isPauseDue) yield;
  }
  if (isExecutable(head)) return PROGRAM;
  if (next.value !== null) progress.unchecked ??= FAILURES[next.value];
  if (startsWith(head, ZIP) || findEnd(join(tail)) !== null) progress.unchecked ??= FAILURES.tooLarge;
  return null;
}

/** The last parts, as many as hold the end, and as long that a seam between them holds what is looked for. */
function keepEnd(parts: Uint8Array[]): Uint8Array[] {
  const last = parts.at(-1);
  const before = parts.at(-2);
  if (last && before && last.length < EICAR.length) parts.splice(-2, 2, join([before, last]));
  let bytes = parts.reduce((sum, { length }) => sum + length, 0);
  while (parts.length > 1 && bytes - parts[0]!.length >= TAIL_BYTES) bytes -= parts.shift()!.length;
  return parts;
}

function join(parts: Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

const FAILURES: Readonly<Record<UnpackFailure, string>> = {
  tooLarge: "It is too large to be checked when it is unpacked.",
  encrypted: "It is encrypted, so it cannot be checked.",
  unknownMethod: "It is packed in a way that cannot be checked.",
  broken: "It is damaged, so it cannot be checked.",
};

/** A file that is no archive is checked against its name; an archive in another that cannot be read is not checked. */
function noteUnreadable(progress: Progress, depth: number): [] {
  if (depth > 0) progress.unchecked ??= "It holds an archive that cannot be read.";
  return [];
}

/**
 * The verdict on a file of this name. Only what is named as malware is `infected`; what cannot be checked, or is not
 * what its name says, is an `error`. Archives may unpack to `unpackedMaxBytes` in all.
 */
function* inspectInSteps(fileName: string, bytes: Uint8Array, unpackedMaxBytes: number): Steps<Verdict> {
  const progress: Progress = { bytesLeft: unpackedMaxBytes, stepBytes: 0, unchecked: null };
  const malware = yield* findMalware(bytes, progress, 0);
  if (malware) return { status: "infected", reason: malware };
  const reason = progress.unchecked ?? findMisfit(fileName, bytes);
  return reason ? { status: "error", reason } : { status: "clean" };
}

/** The same at once. */
export function inspect(fileName: string, bytes: Uint8Array, unpackedMaxBytes = UNPACKED_MAX_BYTES): Verdict {
  const steps = inspectInSteps(fileName, bytes, unpackedMaxBytes);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** The same with pauses in which others may run. */
export async function inspectWithPauses(fileName: string, bytes: Uint8Array): Promise<Verdict> {
  const steps = inspectInSteps(fileName, bytes, UNPACKED_MAX_BYTES);
  for (;;) {
    const next = steps.next();
    if (next.done) return next.value;
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
