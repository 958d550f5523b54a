/** The built-in check of files: the test virus, programs, content that belies the name, archives that unpack too far. */
import { ascii, isExecutable, misfit, startsWith, ZIP } from "./fileTypes";
import type { Verdict } from "./shapes";
import { entriesOf, unpack } from "./zip";

/** All that an archive and the archives in it may unpack to. */
export const UNPACKED_MAX_BYTES = 50 * 1024 * 1024;
const NESTING_MAX = 3;

// In two parts, so that scanners do not take this file for what it looks for (eicar.org).
const EICAR = ascii(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join(""));

function holds(bytes: Uint8Array, needle: number[]): boolean {
  const [first = 0] = needle;
  for (let at = bytes.indexOf(first); at !== -1; at = bytes.indexOf(first, at + 1)) if (startsWith(bytes, needle, at)) return true;
  return false;
}

/** What is wrong with bytes that stand for themselves or were packed; null when nothing is. */
function danger(bytes: Uint8Array, budget: { bytes: number }, depth: number): string | null {
  if (holds(bytes, EICAR)) return "It is the EICAR test virus.";
  if (isExecutable(bytes)) return "It holds a program.";
  if (!startsWith(bytes, ZIP)) return null;
  if (depth > NESTING_MAX) return "It holds archives within archives.";
  const entries = entriesOf(bytes);
  if (!entries) return depth === 0 ? null : "It holds an archive that cannot be read.";
  for (const entry of entries) {
    const content = unpack(entry, budget.bytes);
    if (!content) return "It unpacks too far, or in a way that cannot be checked.";
    budget.bytes -= content.length;
    const found = danger(content, budget, depth + 1);
    if (found) return found;
  }
  return null;
}

/** The verdict on a file of this name. Archives may unpack to `unpackedMaxBytes` in all. */
export function inspect(fileName: string, bytes: Uint8Array, unpackedMaxBytes = UNPACKED_MAX_BYTES): Verdict {
  const reason = danger(bytes, { bytes: unpackedMaxBytes }, 0);
  if (reason) return { status: "infected", reason };
  const mismatch = misfit(fileName, bytes);
  return mismatch ? { status: "error", reason: mismatch } : { status: "clean" };
}
