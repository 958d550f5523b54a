/**
 * The built-in check of files: the test virus, programs, content that belies the name, archives that cannot be checked.
 */
import { ascii, isExecutable, findMisfit, startsWith, ZIP } from "./fileTypes";
import type { Verdict } from "../shapes";
import { listEntries, isCrowded, unpack, type UnpackFailure } from "./zip";

/** All that an archive and the archives in it may unpack to. */
export const UNPACKED_MAX_BYTES = 50 * 1024 * 1024;
const NESTING_MAX = 3;

// In two parts, so that scanners do not take this file for what it looks for (eicar.org).
const EICAR = ascii(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""));

function includesBytes(bytes: Uint8Array, needle: number[]): boolean {
  const [first = 0] = needle;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1))
    if (startsWith(bytes, needle, at)) return true;
  return false;
}

/** Bytes that may still be unpacked, and the first reason why a part could not be checked. */
type Progress = { bytesLeft: number; unchecked: string | null };

/**
 * Looks for malware in bytes and in all that is packed in them; → its description, or null when there is none. A part
 * that cannot be checked is noted, and the search goes on: malware beside it is malware still.
 */
function findMalware(bytes: Uint8Array, progress: Progress, depth: number): string | null {
  if (includesBytes(bytes, EICAR)) return "It is the EICAR test virus.";
  if (isExecutable(bytes)) return "It holds a program.";
  if (!startsWith(bytes, ZIP) && listEntries(bytes) === null) return null;
  if (depth > NESTING_MAX) progress.unchecked ??= "It holds archives within archives, too deep to be checked.";
  else if (isCrowded(bytes)) progress.unchecked ??= "It holds too many parts to be checked.";
  else
    for (const entry of listEntries(bytes) ?? noteUnreadable(progress, depth)) {
      const { content, spentBytes, failure } = unpack(entry, progress.bytesLeft);
      progress.bytesLeft -= spentBytes;
      if (failure !== null) progress.unchecked ??= FAILURES[failure];
      const found = content && findMalware(content, progress, depth + 1);
      if (found) return found;
    }
  return null;
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
export function inspect(fileName: string, bytes: Uint8Array, unpackedMaxBytes = UNPACKED_MAX_BYTES): Verdict {
  const progress: Progress = { bytesLeft: unpackedMaxBytes, unchecked: null };
  const malware = findMalware(bytes, progress, 0);
  if (malware) return { status: "infected", reason: malware };
  const reason = progress.unchecked ?? findMisfit(fileName, bytes);
  return reason ? { status: "error", reason } : { status: "clean" };
}
