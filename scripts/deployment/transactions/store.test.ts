import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openKv } from "../storage";
import type { JsonObject } from "../values";
import { openStore } from "./store";
import {
  collect,
  freshStore,
  indexScan,
  mutate,
  reopened,
  schemaOf,
  serve,
  tableScan,
  temporaryFolder,
} from "./testing";
import type { Transaction } from "./transaction";

const CHILD = new URL("crash-child.ts", import.meta.url).pathname;

/** Lets a child commit for a moment and kills it. @returns the last turn it told of. */
async function killedAfter(folder: string, from: number, ms: number): Promise<number> {
  const child = spawn(process.execPath, ["--import", "tsx", CHILD, folder, String(from)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let told = "";
  child.stdout.on("data", (chunk: Buffer) => {
    if (told === "") setTimeout(() => child.kill("SIGKILL"), ms);
    told += chunk.toString();
  });
  await new Promise((resolve) => child.on("close", resolve));
  return Number(told.trimEnd().split("\n").at(-1));
}

test("after kill -9 every answered turn is there, and none by halves", async () => {
  const folder = temporaryFolder();
  let next = 0;
  for (const ms of [5, 40, 90]) {
    const last = await killedAfter(folder, next, ms);
    const store = openStore(folder);
    const parts = collect(store.begin("read"), tableScan("parts"));
    const turns = new Map<number, number[]>();
    for (const { turn, part } of parts)
      turns.set(turn as number, [...(turns.get(turn as number) ?? []), part as number]);
    for (const [turn, found] of turns) expect([turn, found]).toEqual([turn, [0, 1, 2, 3, 4]]);
    expect([...turns.keys()]).toEqual(Array.from({ length: turns.size }, (_, turn) => turn));
    expect(turns.size).toBeGreaterThan(last);
    expect(store.begin("read").count("", "parts")).toBe(parts.length);
    expect(last).toBeGreaterThanOrEqual(next);
    next = turns.size;
    await store.close();
  }
});

test("a folder is one process's; a lock left by a killed one does not stand in the way", async () => {
  const folder = temporaryFolder();
  const store = freshStore(folder);
  const held = readFileSync(join(folder, "lock"), "utf8");
  // Process 1 runs as long as the machine does.
  writeFileSync(join(folder, "lock"), "1");
  expect(() => openStore(folder)).toThrow(/is in use by process 1/);
  writeFileSync(join(folder, "lock"), held);
  await store.close();
  writeFileSync(join(folder, "lock"), "999999999");
  freshStore(folder);
});

test("an unreadable folder and another format are told in one line", async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, "file"), "");
  expect(() => openStore(join(folder, "file"))).toThrow(/^The data folder .* cannot be used: .*$/);
  const kv = openKv(join(folder, "db"));
  kv.transaction(() => kv.put(Buffer.from("m\0format"), Buffer.from("99")));
  await kv.close();
  expect(() => openStore(folder)).toThrow(
    /^Cannot read the data folder .*: it has format 99; this version reads format 3$/,
  );
});

test("an abandoned turn leaves nothing: documents, tables, numbers, meta, time", () => {
  const store = freshStore();
  const { value: id } = mutate(store, (tx) => tx.insert("", "kept", { n: 1 }));
  const before = store.lastTs;
  const abandonedTurn = () =>
    store.groupCommit((writer) => {
      const tx = store.begin("write");
      tx.replace("", id, { n: 2 });
      tx.insert("", "gone", {});
      tx.afterCommit(() => expect.unreachable());
      writer.commit(tx);
      store.meta.put("key", "value");
      throw new Error("abandoned");
    });
  expect(abandonedTurn).toThrow("abandoned");
  expect(store.lastTs).toBe(before);
  expect(store.meta.get("key")).toBeNull();
  expect(store.catalog.tables("").map(({ name }) => name)).toEqual(["kept"]);
  expect(JSON.parse(store.begin("read").get("", id)!)).toMatchObject({ n: 1 });
  // The table comes into being again, and those who found it missing hear of it.
  expect(mutate(store, (tx) => tx.insert("", "gone", {})).commit.writes.some(({ indexId }) => indexId === 0)).toBe(
    true,
  );
});

test("$commitTs becomes the commit's time, in documents and in indexes", () => {
  const store = freshStore();
  serve(store, schemaOf({ rows: { indexes: { by_at: ["at"] } } }));
  const { value: id, commit } = mutate(store, (tx) => tx.insert("", "rows", { at: { $commitTs: null } }));
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(commit.ts);
  const at = { $integer: bytes.toString("base64") };
  expect(JSON.parse(store.begin("read").get("", id)!)).toMatchObject({ at });
  const found = collect(store.begin("read"), indexScan("rows.by_at", [{ type: "Eq", fieldPath: "at", value: at }]));
  expect(found).toHaveLength(1);
});

test("time and creation times only grow, over restarts too", async () => {
  const folder = temporaryFolder();
  let store = freshStore(folder);
  const times: number[] = [];
  let last = 0n;
  for (let run = 0; run < 3; run++) {
    for (let n = 0; n < 20; n++) {
      const { value: id, commit } = mutate(store, (tx) => tx.insert("", "rows", {}));
      expect(commit.ts).toBeGreaterThan(last);
      last = commit.ts;
      times.push((JSON.parse(store.begin("read").get("", id)!) as JsonObject)._creationTime as number);
    }
    store = await reopened(store, folder);
    expect(store.lastTs).toBe(last);
  }
  for (let n = 1; n < times.length; n++) expect(times[n]).toBeGreaterThan(times[n - 1]!);
});

test("the deployment's own reads are not limited, a function's are", () => {
  const store = freshStore();
  for (let batch = 0; batch < 3; batch++)
    mutate(store, (tx) => {
      for (let n = 0; n < 11_000; n++) tx.insert("", "rows", {});
    });
  expect(() => collect(store.begin("read"), tableScan("rows"))).toThrow(
    "Too many documents read in a single function execution (limit: 32000)",
  );
  expect(collect(store.begin("read", { unlimited: true }), tableScan("rows"))).toHaveLength(33_000);
});

test("a function writes at most 16,000 documents; what it read at most 4,096 ranges", () => {
  const store = freshStore();
  const tx = store.begin("write");
  for (let n = 0; n < 16_000; n++) tx.insert("", "rows", {});
  expect(() => tx.insert("", "rows", {})).toThrow(
    "Too many documents written in a single function execution (limit: 16000)",
  );
  const { value: ids } = mutate(store, (other) => Array.from({ length: 4_097 }, () => other.insert("", "rows", {})));
  const reading = store.begin("read");
  // Ranges that were read before do not count again.
  for (let round = 0; round < 2; round++) for (const id of ids.slice(0, 4_096)) reading.get("", id);
  expect(() => reading.get("", ids[4_096]!)).toThrow("Too many reads in a single function execution (limit: 4096)");
});

test("an id that names no document of the table is refused in the platform's words", () => {
  const store = freshStore();
  const id = mutate(store, (tx) => tx.insert("", "notes", { text: "one" })).value;
  mutate(store, (tx) => tx.insert("", "lists", {}));
  const other = 'expected to be an Id<"lists">, got Id<"notes"> instead.';
  const calls: [(tx: Transaction) => unknown, string][] = [
    [(tx) => tx.get("", id, "lists"), `Invalid argument \`id\` for \`db.get\`: ${other}`],
    [(tx) => tx.shallowMerge("", id, {}, "lists"), `Invalid argument \`id\` for \`db.patch\`: ${other}`],
    [(tx) => tx.replace("", id, {}, "lists"), `Invalid argument \`id\` for \`db.replace\`: ${other}`],
    [(tx) => tx.remove("", id, "lists"), `Invalid argument \`id\` for \`db.delete\`: ${other}`],
    [(tx) => tx.get("", "abc"), "Invalid argument `id` for `db.get`: Unable to decode ID: Invalid ID length 3"],
    [(tx) => tx.get("", "a-b"), "Invalid argument `id` for `db.get`: Unable to decode ID: ID wasn't valid base32"],
  ];
  for (const [call, message] of calls) expect(() => mutate(store, call)).toThrow(message);
  mutate(store, (tx) => tx.remove("", id, "notes"));
  for (const [call, message] of [
    [(tx: Transaction) => tx.shallowMerge("", id, {}), `Update on nonexistent document ID ${id}`],
    [(tx: Transaction) => tx.replace("", id, {}), `Replace on nonexistent document ID ${id}`],
    [(tx: Transaction) => tx.remove("", id), `Delete on nonexistent document ID ${id}`],
  ] as const)
    expect(() => mutate(store, call)).toThrow(message);
});
