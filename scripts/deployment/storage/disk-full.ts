/** Recognizes a full disk and words the error so that clients may see it. */
import { statfsSync } from "node:fs";
import { constants } from "node:os";

export class DiskFullError extends Error {
  constructor() {
    super("The deployment's disk is full; nothing was saved.");
  }
}

/** Space, quota or the size a file may have, as Node names them and as LMDB numbers them. */
const NAMES = ["ENOSPC", "EDQUOT", "EFBIG"] as const;
const CODES = new Set<unknown>([...NAMES, ...NAMES.map((name) => constants.errno[name])]);
/** LMDB's error when a disk takes only the first part of a write: it is full, or it is broken. */
const PARTLY_WRITTEN = constants.errno.EIO;
/** More than one transaction of LMDB takes; with less left, the disk is full. */
const ROOM_BYTES = 32 * 1024 * 1024;

/**
 * The error of a failed write; without file names when the reason is a full disk.
 * @param folder on that disk
 */
export function describeWriteError(error: unknown, folder: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  const { code } = error as { code?: unknown };
  return CODES.has(code) || (code === PARTLY_WRITTEN && measureRoom(folder) < ROOM_BYTES) ? new DiskFullError() : error;
}

function measureRoom(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}
