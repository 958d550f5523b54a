/**
 * Fills the small disk of its folder, makes room and fills it again; prints refusals and contents. Run by
 * full-disk.test.ts.
 */
import { randomBytes } from "node:crypto";
import { rmSync, statfsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Kv, openKv } from "./kv";
import { openLoggedKv } from "./logged-kv";

const disk = process.argv[2]!;
const FOLDER = join(disk, "db");
const FILLER = join(disk, "filler");
/** Space that the filler leaves. */
const ROOM_BYTES = 2 * 1024 * 1024;
const START = Buffer.from("k");
const END = Buffer.from("l");
/** The worker that applies the log is a thread that keeps no process alive. */
const alive = setInterval(() => {}, 1_000);
const open = (folder: string) => openLoggedKv(folder, openKv(folder), 64 * 1024);
const written: string[] = [];
const refusals = new Set<string>();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  try {
    writeFileSync(FILLER, Buffer.alloc(Math.max(0, bavail * bsize - ROOM_BYTES)));
  } catch (error) {
    // The worker was quicker, and the filler is as large as it could be.
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

function put(kv: Kv): boolean {
  // In random order, as documents are: every page of the database changes.
  const name = `k${randomBytes(8).toString("hex")}`;
  try {
    kv.transaction(() => kv.put(Buffer.from(name), randomBytes(1_000)));
  } catch (error) {
    refusals.add((error as Error).message);
    return false;
  }
  written.push(name);
  return true;
}

/** Writes on until one is taken, or not taken. */
async function putUntil(kv: Kv, taken: boolean): Promise<void> {
  while (put(kv) !== taken) await pause(taken ? 20 : 0);
}

function isComplete(kv: Kv): boolean {
  const keys = kv.keys(START, END, false, 1_000_000).map(String);
  return keys.join() === [...written].sort().join();
}

const kv = open(FOLDER);
const complete: boolean[] = [];
for (const _ of [1, 2]) {
  fill();
  await putUntil(kv, false);
  // The worker tries again and again meanwhile.
  for (let n = 0; n < 6; n++) {
    await pause(200);
    put(kv);
  }
  complete.push(isComplete(kv));
  rmSync(FILLER);
  await putUntil(kv, true);
  for (let n = 0; n < 300; n++) await putUntil(kv, true);
}
await kv.close();
const again = open(FOLDER);
complete.push(isComplete(again));
await again.close();
process.stdout.write(JSON.stringify({ refusals: [...refusals], complete }));
clearInterval(alive);
