import { spawnSync } from "node:child_process";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { canHaveSmallDisks, onSmallDisk } from "../../lib/folders/small-disk.testing";
import { temporaryFolder } from "../transactions/testing";
import type { Kv } from "./kv";

/** The disk: it takes `freeBytes` more, and fails before or after the last of them is written. */
const disk = vi.hoisted(() => ({ freeBytes: Infinity, failsLate: false }));
vi.mock("node:fs", async (original) => {
  const real = await original<typeof import("node:fs")>();
  const full = () => Object.assign(new Error("ENOSPC: no space left on device, write"), { code: "ENOSPC" });
  return {
    ...real,
    writeSync(handle: number, data: Uint8Array, offset = 0, length = data.length - offset, position?: number) {
      if (disk.failsLate) {
        real.writeSync(handle, data, offset, length, position);
        throw full();
      }
      const taken = Math.min(length, disk.freeBytes);
      if (taken === 0) throw full();
      disk.freeBytes -= taken;
      return real.writeSync(handle, data, offset, taken, position);
    },
    writeFileSync(path: string, data: Uint8Array, options: object) {
      real.writeFileSync(path, data.subarray(0, disk.freeBytes), options);
      if (data.length > disk.freeBytes) throw full();
    },
  };
});

// Files share their modules: these are loaded anew, over that disk, and leave none behind.
vi.resetModules();
const { openKv } = await import("./kv");
const { openLoggedKv } = await import("./logged-kv");
afterAll(() => {
  vi.resetModules();
});

const FULL = "The deployment's disk is full; nothing was saved.";
const SEGMENT_BYTES = 2_000;
const CHILD = new URL("full-disk-child.ts", import.meta.url).pathname;
const key = (name: string) => Buffer.from(name);
const put = (kv: Kv, name: string, value: string) => kv.transaction(() => kv.put(key(name), Buffer.from(value)));
const open = (folder: string) => openLoggedKv(folder, openKv(folder), SEGMENT_BYTES);

/** Returns the values that a crash at this moment would leave. */
async function afterCrash(folder: string, names: string[]): Promise<(string | undefined)[]> {
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  const kv = open(copy);
  const values = names.map((name) => kv.getText(key(name)));
  await kv.close();
  return values;
}

beforeEach(() => {
  Object.assign(disk, { freeBytes: Infinity, failsLate: false });
});

test("a write that the disk takes only in part is refused and leaves nothing; the next one goes on", async () => {
  const folder = temporaryFolder();
  const kv = open(folder);
  put(kv, "a", "first");
  disk.freeBytes = 30;
  expect(() => put(kv, "a", "second".repeat(10))).toThrow(FULL);
  expect(() => put(kv, "b", "more")).toThrow(FULL);
  expect([kv.getText(key("a")), kv.keys(key("a"), key("c"), false, 9).length]).toEqual(["first", 1]);
  expect(await afterCrash(folder, ["a", "b"])).toEqual(["first", undefined]);
  disk.freeBytes = Infinity;
  put(kv, "b", "third");
  expect(await afterCrash(folder, ["a", "b"])).toEqual(["first", "third"]);
  await kv.close();
});

test("a refused write that reached the disk after all does not come back, nor stand before a later one", async () => {
  const folder = temporaryFolder();
  const kv = open(folder);
  put(kv, "a", "first");
  disk.failsLate = true;
  expect(() => put(kv, "a", "refused")).toThrow(FULL);
  disk.failsLate = false;
  // Too large for what is left of the segment, so that the record refused would stay where it is.
  put(kv, "b", "x".repeat(SEGMENT_BYTES));
  expect(await afterCrash(folder, ["a", "b"])).toEqual(["first", "x".repeat(SEGMENT_BYTES)]);
  disk.failsLate = true;
  expect(() => put(kv, "a", "y".repeat(2 * SEGMENT_BYTES))).toThrow(FULL);
  disk.failsLate = false;
  put(kv, "c", "last");
  expect(await afterCrash(folder, ["a", "c"])).toEqual(["first", "last"]);
  await kv.close();
});

test("attempts to make room in the log leave no files behind", async () => {
  const folder = temporaryFolder();
  const kv = open(folder);
  put(kv, "a", "first");
  const before = readdirSync(join(folder, "log"));
  disk.freeBytes = 100;
  for (let n = 0; n < 20; n++) expect(() => put(kv, "a", "x".repeat(SEGMENT_BYTES))).toThrow(FULL);
  expect(readdirSync(join(folder, "log"))).toEqual(before);
  disk.freeBytes = Infinity;
  put(kv, "a", "x".repeat(SEGMENT_BYTES));
  expect(await afterCrash(folder, ["a"])).toEqual(["x".repeat(SEGMENT_BYTES)]);
  await kv.close();
});

test.runIf(canHaveSmallDisks())(
  "a disk that is really full, log and database: refused clearly, read on, written again once there is room",
  () => {
    const disk = temporaryFolder();
    const [file, ...args] = onSmallDisk(disk, "12m", process.execPath, "--import", "tsx", CHILD, disk);
    // LMDB itself may write a line of its own to stderr.
    const { status, stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
    expect(status, stderr).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ refusals: [FULL], complete: [true, true, true] });
  },
);
