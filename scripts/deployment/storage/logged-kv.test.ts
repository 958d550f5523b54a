import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createContext, Script } from "node:vm";
import fc from "fast-check";
import { expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { temporaryFolder } from "../transactions/testing";
import { type Kv, openKv } from "./kv";
import { decodeRecords, RecordEncoder } from "./log-records";
import { openLoggedKv } from "./logged-kv";

const SMALL_SEGMENT_BYTES = 600;
const open = (folder: string) => openLoggedKv(folder, openKv(folder), SMALL_SEGMENT_BYTES);
const bytes = (text: string) => Buffer.from(text, "latin1");

/** Everything a map can be asked, of the log and of a plain model. */
function expectSame(kv: Kv, model: Map<string, string>): void {
  const names = [...model.keys()].sort();
  const texts = (keys: Buffer[]) => keys.map((key) => key.toString("latin1"));
  expect(texts(kv.keys(bytes("k"), bytes("l"), false, 1_000))).toEqual(names);
  expect(texts(kv.keys(bytes("k"), bytes("l"), true, 1_000))).toEqual([...names].reverse());
  for (const [from, to, limit] of [
    ["k1", "k3", 3],
    ["k2", "k9", 7],
    ["k4\xff", "l", 2],
  ] as const) {
    const within = names.filter((name) => name >= from && name < to);
    expect(kv.countKeys(bytes(from), bytes(to))).toBe(within.length);
    expect(texts(kv.keys(bytes(from), bytes(to), false, limit))).toEqual(within.slice(0, limit));
    expect(texts(kv.keys(bytes(from), bytes(to), true, limit))).toEqual(within.reverse().slice(0, limit));
  }
  for (let n = 0; n < 40; n++) expect(kv.getText(bytes(`k${n}`))).toBe(model.get(`k${n}`));
}

test("reads are those of a plain map, whatever is in memory, on its way or in the database", async () => {
  const write = fc.record({ key: fc.nat(39).map((n) => `k${n}`), value: fc.option(fc.string({ maxLength: 60 })) });
  const transaction = fc.record({
    writes: fc.array(write, { maxLength: 12 }),
    fails: fc.boolean(),
    pause: fc.boolean(),
    reopens: fc.nat(9),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(transaction, { minLength: 1, maxLength: 25 }), async (transactions) => {
      const folder = temporaryFolder();
      const model = new Map<string, string>();
      let kv = open(folder);
      for (const { writes, fails, pause, reopens } of transactions) {
        const next = new Map(model);
        const work = () => {
          for (const { key, value } of writes) {
            if (value === null) kv.remove(bytes(key));
            else kv.put(bytes(key), Buffer.from(value));
            if (value === null) next.delete(key);
            else next.set(key, value);
          }
          expectSame(kv, next);
          if (fails) throw new Error("taken back");
        };
        if (fails) expect(() => kv.transaction(work)).toThrow("taken back");
        else {
          kv.transaction(work);
          model.clear();
          for (const [key, value] of next) model.set(key, value);
        }
        expectSame(kv, model);
        // Lets the worker's news arrive.
        if (pause) await new Promise((resolve) => setTimeout(resolve, 5));
        if (reopens === 0) {
          await kv.close();
          kv = open(folder);
        }
        expectSame(kv, model);
      }
      await kv.close();
    }),
    { numRuns: 15 },
  );
});

test("the head of a queue is found without going through what has left it", async () => {
  const folder = temporaryFolder();
  let looks = 0;
  const name = (n: number) => bytes(`k${String(n).padStart(5, "0")}`);
  const first = openLoggedKv(folder, openKv(folder));
  first.transaction(() => {
    for (let n = 0; n < 5_000; n++) first.put(name(n), bytes("in the database"));
  });
  await first.close();

  const database = openKv(folder);
  const keys: Kv["keys"] = (...range) => {
    looks++;
    return database.keys(...range);
  };
  const kv = openLoggedKv(folder, Object.assign(Object.create(database) as Kv, { keys }));
  for (let n = 0; n < 5_000; n++) kv.transaction(() => kv.remove(name(n)));
  expect(kv.keys(bytes("k"), bytes("l"), false, 1)).toEqual([]);
  expect(looks).toBeLessThan(30);
  for (let n = 5_000; n < 10_000; n++) {
    kv.transaction(() => kv.put(name(n), bytes("in memory")));
    kv.transaction(() => kv.remove(name(n)));
  }
  kv.transaction(() => kv.put(name(10_000), bytes("the head")));
  looks = 0;
  expect(kv.keys(name(5_000), bytes("l"), false, 1)).toEqual([name(10_000)]);
  expect(looks).toBe(1);
  await kv.close();
});

test("what is in the log only is there after a crash; a torn record at its end is not", async () => {
  const folder = temporaryFolder();
  const kv = openLoggedKv(folder, openKv(folder));
  for (const value of ["first", "second", "third"]) kv.transaction(() => kv.put(bytes("k1"), Buffer.from(value)));
  const crashed = temporaryFolder();
  cpSync(folder, crashed, { recursive: true });
  const torn = temporaryFolder();
  cpSync(folder, torn, { recursive: true });
  const log = join(torn, "log", "1.log");
  const written = readFileSync(log);
  const last = written.indexOf("third");
  written.writeUInt8(0, last + 2);
  writeFileSync(log, written);
  await kv.close();

  const after = openLoggedKv(crashed, openKv(crashed));
  expect(after.getText(bytes("k1"))).toBe("third");
  await after.close();
  const afterTear = openLoggedKv(torn, openKv(torn));
  expect(afterTear.getText(bytes("k1"))).toBe("second");
  await afterTear.close();
});

test("a log with a hole is told, not read over", async () => {
  const folder = temporaryFolder();
  const kv = openLoggedKv(folder, openKv(folder));
  kv.transaction(() => kv.put(bytes("k1"), Buffer.from("x")));
  await kv.close();
  const record = new RecordEncoder().encode(9, [["k2", Buffer.from("y")]]);
  writeFileSync(join(folder, "log", "7.log"), record);
  const base = openKv(folder);
  expect(() => openLoggedKv(folder, base)).toThrow("its log lacks what came after write 1");
  await base.close();
});

test("segments are used again, and a transaction larger than one has one of its own", async () => {
  const folder = temporaryFolder();
  const kv = open(folder);
  const large = "x".repeat(5_000);
  kv.transaction(() => kv.put(bytes("k0"), Buffer.from(large)));
  const files = () => readdirSync(join(folder, "log")).length;
  const write = (n: number) => kv.transaction(() => kv.put(bytes(`k${n % 30}`), Buffer.from(`${n}`.repeat(20))));
  for (let n = 0; n < 30; n++) write(n);
  // The worker loads while others wait for nothing; from then on writers keep pace with it.
  await expect
    .poll(() => readFileSync(join(folder, "data.mdb")).includes("11".repeat(20)), { timeout: deadlineMs(30_000) })
    .toBe(true);
  const before = files();
  for (let n = 0; n < 300; n++) write(n);
  expect(files()).toBeLessThanOrEqual(before + 6);
  kv.transaction(() => kv.put(bytes("k31"), Buffer.from(large)));
  await kv.close();
  const again = open(folder);
  expect(again.getText(bytes("k31"))).toBe(large);
  expect(again.getText(bytes("k29"))).toBe("299".repeat(20));
  await again.close();
  expect(existsSync(join(folder, "data.mdb"))).toBe(true);
});

test("records come back as they were, up to the first that is not whole or does not follow", () => {
  const encoder = new RecordEncoder();
  const record = (sequence: number) =>
    Buffer.from(
      encoder.encode(sequence, [
        [`k\xff${sequence}`, Buffer.from([0, 255])],
        ["gone", null],
      ]),
    );
  const file = Buffer.concat([record(5), record(6), record(4), record(7)]);
  expect([...decodeRecords(file)]).toEqual(
    [5, 6].map((sequence) => ({
      sequence,
      entries: [
        [`k\xff${sequence}`, Buffer.from([0, 255])],
        ["gone", null],
      ],
    })),
  );
  for (let cut = 0; cut < record(5).length; cut++) expect([...decodeRecords(record(5).subarray(0, cut))]).toEqual([]);
});

test("a time limit may end a transaction's writes anywhere: nothing of them is left, and nothing is damaged", async () => {
  const folder = temporaryFolder();
  const kv = openLoggedKv(folder, openKv(folder));
  const kept = Array.from({ length: 40 }, (_, n) => [`k${n}`, `kept ${n}`] as const);
  kv.transaction(() => kept.forEach(([key, value]) => kv.put(bytes(key), Buffer.from(value))));
  const context = createContext({});
  for (let round = 0; round < 60; round++) {
    let n = 0;
    context.work = () => {
      const name = `k${(n++ * 7919) % 40}`;
      if (n % 3 === 0) kv.remove(bytes(name));
      else kv.put(bytes(n % 3 === 1 ? name : `${name}/${n}`), Buffer.from("cut"));
    };
    const cut = () => new Script("for (;;) work()").runInContext(context, { timeout: 3 });
    expect(() => kv.transaction(cut)).toThrow("timed out");
    expectSame(kv, new Map(kept));
  }
  await kv.close();
});
