import { join } from "node:path";
import { expect, test } from "vitest";
import { openKv } from "../storage";
import type { Store } from "./store";
import {
  freshStore,
  keysOnDisk,
  mutate,
  reopened,
  schemaOf,
  serve,
  tableScan,
  temporaryFolder,
  watchReads,
  collect,
} from "./testing";

const count = (store: Store, table = "rows") => store.begin("read").count("", table);
const addRows = (store: Store, rows: number) =>
  mutate(store, (tx) => Array.from({ length: rows }, (_, n) => tx.insert("", "rows", { n }))).value;
const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

test("rows are counted without being read, in a transaction with those that it writes", () => {
  const watched = watchReads();
  const { store } = watched;
  const ids = addRows(store, 2_000);
  mutate(store, (tx) => {
    tx.remove("", ids[0]!);
    tx.insert("", "rows", {});
    tx.insert("", "rows", {});
    const kept = tx.fork();
    kept.remove("", ids[1]!);
    kept.remove("", ids[2]!);
    kept.replace("", ids[3]!, { changed: true });
    expect(kept.count("", "rows")).toBe(1_999);
    tx.join(kept);
    const dropped = tx.fork();
    dropped.remove("", ids[4]!);
    tx.drop(dropped);
    expect(tx.count("", "rows")).toBe(1_999);
    expect(count(store)).toBe(2_000);
  });
  watched.reset();
  expect(count(store)).toBe(1_999);
  expect(watched.rowsRead).toBe(0);
  expect(collect(store.begin("read"), tableScan("rows"))).toHaveLength(1_999);
  expect(watched.rowsRead).toBeGreaterThan(1_998);
});

test("an abandoned commit takes its rows back; the number survives a restart", async () => {
  const folder = temporaryFolder();
  const store = freshStore(folder);
  addRows(store, 10);
  expect(() =>
    store.groupCommit((writer) => {
      const tx = store.begin("write");
      tx.insert("", "rows", {});
      tx.insert("", "others", {});
      writer.commit(tx);
      expect(count(store)).toBe(11);
      throw new Error("abandoned");
    }),
  ).toThrow("abandoned");
  expect([count(store), count(store, "others")]).toEqual([10, 0]);
  const again = await reopened(store, folder);
  expect([count(again), count(again, "others")]).toEqual([10, 0]);
});

test("a folder of an earlier version is counted once", async () => {
  const folder = temporaryFolder();
  const store = freshStore(folder);
  addRows(store, 1_234);
  mutate(store, (tx) => tx.insert("", "others", {}));
  await keysOnDisk(store, folder, "m", "n");
  const kv = openKv(join(folder, "db"));
  kv.transaction(() => {
    for (const key of kv.keys(Buffer.from("m\0rows"), Buffer.from("m\0rowt"), false, 100)) kv.remove(key);
    kv.put(Buffer.from("m\0format"), Buffer.from("2"));
  });
  await kv.close();
  const again = freshStore(folder);
  expect([count(again), count(again, "others")]).toEqual([1_234, 1]);
});

test("an import replaces the number, or adds to it what others write meanwhile", async () => {
  const folder = temporaryFolder();
  const store = freshStore(folder);
  serve(store, schemaOf({ rows: {} }));
  const ids = addRows(store, 500);
  const load = async (rows: number, replaces: boolean, meanwhile: () => void) => {
    const target = { component: "", table: "rows", number: 10_001, tableNumber: () => 10_001, replaces };
    const loading = store.load(target);
    for (let n = 0; n < rows; n++) loading.add({ n });
    await loading.stage(turns);
    meanwhile();
    mutate(store, (tx) => {
      loading.check();
      loading.serve(tx);
    });
    loading.end();
  };
  await load(1_200, false, () => {
    mutate(store, (tx) => tx.remove("", ids[0]!));
    addRows(store, 3);
  });
  expect(count(store)).toBe(1_702);
  await load(20, false, () => undefined);
  expect(count(store)).toBe(1_722);
  await load(7, true, () => void addRows(store, 5));
  expect(count(store)).toBe(7);
  while (store.sweep());
  expect(count(store)).toBe(7);
  // That of the table which is served; the replaced ones have none any more.
  expect(await keysOnDisk(store, folder, "m\0rows/", "m\0rows0")).toHaveLength(1);
});
