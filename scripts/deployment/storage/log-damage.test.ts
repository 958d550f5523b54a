import { cpSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { temporaryFolder } from "../transactions/testing";
import { applyEntries } from "./apply-log";
import { openKv } from "./kv";
import { findRecords, HEADER_BYTES, RecordEncoder } from "./log-records";
import { openLoggedKv } from "./logged-kv";

const SEGMENT_BYTES = 6_000;
const TURNS = 120;
const key = (n: number) => Buffer.from(`k${String(n).padStart(4, "0")}`);

interface Log {
  folder: string;
  file: string;
  bytes: Buffer;
}

/** A folder as a crash leaves it. Turn n writes the keys n to n + 2; their values say which turn it was. */
async function crashed(turns: number, segmentBytes = SEGMENT_BYTES, pause = false, reopens = false): Promise<string> {
  const folder = temporaryFolder();
  let kv = openLoggedKv(folder, openKv(folder), segmentBytes);
  for (let turn = 1; turn <= turns; turn++) {
    kv.transaction(() => {
      for (const n of [turn, turn + 1, turn + 2])
        kv.put(key(n), Buffer.from(`turn ${turn} ${"x".repeat((turn * 7) % 60)}`));
    });
    // Lets the worker apply segments, which are then written over.
    if (reopens && turn === turns / 2) {
      await kv.close();
      kv = openLoggedKv(folder, openKv(folder), segmentBytes);
    }
    if (pause && turn % 10 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const copy = temporaryFolder();
  cpSync(folder, copy, { recursive: true });
  await kv.close();
  return copy;
}

/** The file with the newest record. */
function newestLog(folder: string): Log {
  const logs = readdirSync(join(folder, "log")).map((name) => {
    const file = join(folder, "log", name);
    const bytes = readFileSync(file);
    return { folder, file, bytes, newest: Math.max(0, ...[...findRecords(bytes)].map(({ sequence }) => sequence)) };
  });
  return logs.sort((a, b) => b.newest - a.newest)[0]!;
}

function contents(folder: string): Map<string, string> {
  const names = [...readdirSync(join(folder, "log")).map((name) => join("log", name)), "data.mdb"];
  return new Map(names.map((name) => [name, readFileSync(join(folder, name)).toString("latin1")]));
}

/** Starts on a folder. Returns how many turns it finds, each whole, or why it refuses and leaves the folder alone. */
async function start(folder: string, segmentBytes = SEGMENT_BYTES): Promise<number | string> {
  const before = contents(folder);
  const base = openKv(folder);
  try {
    const kv = openLoggedKv(folder, base, segmentBytes);
    const keys = kv.keys(key(0), Buffer.from("l"), false, 10_000);
    const turns = keys.length - 2;
    for (const [n, name] of keys.entries()) expect(kv.getText(name)).toMatch(`turn ${Math.min(n + 1, turns)} `);
    await kv.close();
    return turns;
  } catch (error) {
    await base.close();
    expect(contents(folder)).toEqual(before);
    return (error as Error).message;
  }
}

/** A copy of the folder with its newest log changed. */
function withLog(log: Log, change: (bytes: Buffer) => Buffer | void): string {
  const folder = temporaryFolder();
  cpSync(log.folder, folder, { recursive: true });
  const bytes = Buffer.from(log.bytes);
  writeFileSync(join(folder, "log", basename(log.file)), change(bytes) ?? bytes);
  return folder;
}

const flip = (bytes: Buffer, bit: number): void => void (bytes[bit >> 3]! ^= 1 << (bit & 7));
const recordsOf = ({ bytes }: Log) => [...findRecords(bytes)];

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => {}));
afterEach(() => void vi.restoreAllMocks());

test("one flipped bit anywhere in the log loses nothing, or is told and leaves the folder as it is", async () => {
  const log = newestLog(await crashed(TURNS, 64 * 1024));
  const end = recordsOf(log).at(-1)!.end;
  await fc.assert(
    fc.asyncProperty(fc.nat(end * 8 - 1), async (bit) => {
      const outcome = await start(withLog(log, (bytes) => flip(bytes, bit)));
      if (outcome !== TURNS)
        expect(outcome).toMatch(
          /its log lacks what came after write \d+: the file .*1\.log is damaged at byte \d+\. Nothing was changed\. Restore/,
        );
    }),
    { numRuns: 150 },
  );
});

test("the same where segments have been applied and are written over", async () => {
  const folder = await crashed(TURNS, SEGMENT_BYTES, true);
  for (const name of readdirSync(join(folder, "log"))) {
    const file = join(folder, "log", name);
    const log = { folder, file, bytes: readFileSync(file) };
    await fc.assert(
      fc.asyncProperty(fc.nat(log.bytes.length * 8 - 1), async (bit) => {
        const outcome = await start(withLog(log, (bytes) => flip(bytes, bit)));
        if (outcome !== TURNS) expect(outcome).toContain("its log lacks what came after write");
      }),
      { numRuns: 40 },
    );
  }
});

test.each([
  ["first", 0],
  ["middle", 60],
  ["last", TURNS - 1],
])("every bit of the %s record's header is told, with file and offset", async (_name, n) => {
  const log = newestLog(await crashed(TURNS, 64 * 1024));
  const { at } = recordsOf(log)[n]!;
  for (let bit = at * 8; bit < (at + HEADER_BYTES) * 8; bit += 5) {
    const folder = withLog(log, (bytes) => flip(bytes, bit));
    const reason = await start(folder);
    expect(reason).toContain(
      `its log lacks what came after write ${n}: the file ${join(folder, "log", "1.log")} is damaged at byte ${at}.`,
    );
  }
});

test("the way out that is told leads out: what came before the damage is there", async () => {
  const log = newestLog(await crashed(TURNS, 64 * 1024));
  const { at } = recordsOf(log)[60]!;
  const folder = withLog(log, (bytes) => void bytes.fill(0xa5, at + 10, at + 40));
  const file = join(folder, "log", "1.log");
  expect(await start(folder)).toContain(`truncate -s ${at} "${file}"`);
  truncateSync(file, at);
  expect(await start(folder)).toBe(60);
});

test("damage in an older segment names it, and the later ones that have to go with it", async () => {
  const folder = await crashed(TURNS, SEGMENT_BYTES);
  const firsts = readdirSync(join(folder, "log")).sort();
  expect(firsts.length).toBeGreaterThan(2);
  const file = join(folder, "log", firsts[0]!);
  const bytes = readFileSync(file);
  const broken = [...findRecords(bytes)].at(-1)!;
  bytes.fill(0, broken.at, broken.end);
  writeFileSync(file, bytes);
  const reason = await start(folder);
  expect(reason).toContain(`${file} is damaged at byte ${broken.at}.`);
  expect(reason).toContain(`and remove ${firsts.slice(1).join(", ")} beside it`);
});

test("a write that a crash cut off is left out, whichever of its sectors are there and whatever is behind", async () => {
  const log = newestLog(await crashed(20, 64 * 1024, false, true));
  const { end } = recordsOf(log).find(({ sequence }) => sequence === 20)!;
  const next = Buffer.from(new RecordEncoder().encode(21, [["k9999", Buffer.from("y".repeat(5_000))]]));
  // One bit of its sequence apart from the next.
  const older = Buffer.from(new RecordEncoder().encode(5, [["k9998", Buffer.from("old")]]));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }),
      fc.boolean(),
      async (written, leftovers) => {
        fc.pre(written.slice(0, Math.ceil((next.length + (end % 512)) / 512)).includes(false));
        const folder = withLog(log, (bytes) => {
          if (leftovers)
            for (let at = end; at + older.length <= bytes.length; at += older.length) older.copy(bytes, at);
          for (let at = 0; at < next.length; at++)
            if (written[Math.floor(((end % 512) + at) / 512)]) bytes[end + at] = next[at]!;
        });
        expect(await start(folder)).toBe(20);
      },
    ),
    { numRuns: 40 },
  );
});

test("bytes that happen to be the next sequence are no record", async () => {
  // The key of the number 1, as indexes have it, is the sequence of the turn that comes next.
  const one = Buffer.from([0xbf, 0xf0, 0, 0, 0, 0, 0, 0]);
  const folder = temporaryFolder();
  const encoder = new RecordEncoder();
  const kv = openLoggedKv(folder, openKv(folder), 64 * 1024);
  await kv.close();
  const last = Number(one.readBigUInt64LE()) - 1;
  const base = openKv(folder);
  applyEntries(base, [], last - 1);
  await base.close();
  const record = Buffer.from(encoder.encode(last, [["a", Buffer.concat([Buffer.alloc(8, 0xff), one])]]));
  writeFileSync(join(folder, "log", "1.log"), Buffer.concat([record, Buffer.alloc(64 * 1024 - record.length)]));
  const reopened = openLoggedKv(folder, openKv(folder), 64 * 1024);
  expect(reopened.get(Buffer.from("a"))?.subarray(8)).toEqual(one);
  await reopened.close();
});

test("a log that ends within a record was truncated", async () => {
  const log = newestLog(await crashed(TURNS, 64 * 1024));
  for (const n of [0, 60, TURNS - 1]) {
    const { at, end } = recordsOf(log)[n]!;
    for (const size of [at + 5, at + HEADER_BYTES, end - 1]) {
      const folder = withLog(log, (bytes) => bytes.subarray(0, size));
      expect(await start(folder, 64 * 1024)).toContain(`${join(folder, "log", "1.log")} is truncated at byte ${at}.`);
    }
  }
});
