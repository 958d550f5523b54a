import { expect, test } from "vitest";
import type { Json } from "../values";
import type { Store } from "./store";
import type { TableLoad } from "./table-load";
import {
  collect,
  freshStore,
  indexScan,
  keysOnDisk,
  mutate,
  reopened,
  schemaOf,
  serve,
  tableScan,
  temporaryFolder,
} from "./testing";

const goals = (extra: Record<string, string[]> = {}, documentType: Json = null): Json =>
  schemaOf({ goals: { indexes: { by_title: ["title"], ...extra }, documentType } });
const titles = (store: Store, index = "by_title") =>
  collect(store.begin("read"), indexScan(`goals.${index}`, [])).map(({ title }) => title);
const add = (store: Store, title: string) => mutate(store, (tx) => tx.insert("", "goals", { title })).value;
const turns = () => new Promise<void>((resolve) => setImmediate(resolve));

function loadOf(store: Store, count: number, replaces: boolean, number = 10_001): TableLoad {
  const load = store.load({ component: "", table: "goals", number, tableNumber: () => number, replaces });
  for (let n = 0; n < count; n++) load.add({ title: `new ${String(n).padStart(5, "0")}` });
  return load;
}

function serveLoad(store: Store, load: TableLoad) {
  const { commit } = mutate(store, (tx) => {
    load.check();
    load.serve(tx);
  });
  load.end();
  return commit;
}

test("what is added to a table joins what others write, change and remove meanwhile", async () => {
  const store = freshStore();
  serve(store, goals());
  const ids = Array.from({ length: 300 }, (_, n) => add(store, `old ${n}`));
  const load = loadOf(store, 1_500, false);
  let turn = 0;
  await load.stage(async () => {
    await turns();
    const id = ids[(turn * 31) % ids.length]!;
    mutate(store, (tx) => {
      if (tx.get("", id) !== null && turn % 2) tx.remove("", id);
      else if (tx.get("", id) !== null) tx.shallowMerge("", id, { title: `changed ${turn}` });
      tx.insert("", "goals", { title: `meanwhile ${turn++}` });
    });
  });
  expect(turn).toBeGreaterThan(20);
  const before = titles(store);
  serveLoad(store, load);
  const added = Array.from({ length: 1_500 }, (_, n) => `new ${String(n).padStart(5, "0")}`);
  expect(titles(store)).toEqual([...before, ...added].sort());
  expect(collect(store.begin("read"), tableScan("goals")).length).toBe(before.length + 1_500);
});

test("what was never served, and what is not served any more, goes; after a crash too", async () => {
  const folder = temporaryFolder();
  let store = freshStore(folder);
  serve(store, goals());
  add(store, "old");
  const kept = loadOf(store, 200, true);
  await kept.stage(turns);
  const dropped = loadOf(store, 300, true);
  await dropped.stage(turns);
  serveLoad(store, kept);
  store = await reopened(store, folder);
  let steps = 0;
  while (store.sweep()) steps++;
  expect(steps).toBeGreaterThan(1);
  expect(titles(store).length).toBe(200);
  // Three keys a row: the document and its places in two indexes.
  expect((await keysOnDisk(store, folder, "d", "j")).length).toBe(600);
});

test("a commit that replaces a table touches whoever read any of it", async () => {
  const store = freshStore();
  serve(store, goals());
  const tx = store.begin("read");
  collect(tx, indexScan("goals.by_title", []));
  const [indexId] = tx.reads.keys();
  const load = loadOf(store, 1, true);
  await load.stage(turns);
  expect(serveLoad(store, load).writes).toContainEqual({ indexId, key: null });
});

test("a push that was being checked looks at the rows that came in", async () => {
  const store = freshStore();
  serve(store, goals());
  add(store, "old");
  const type: Json = {
    type: "object",
    value: { title: { fieldType: { type: "literal", value: "old" }, optional: false } },
  };
  const [failing, fitting] = [goals({ by_two: ["title"] }, type), goals({ by_two: ["title"] })].map((schema) =>
    store.prepareSchema("", schema),
  );
  for (const build of [failing!, fitting!]) while (build.step().type !== "complete");
  const load = loadOf(store, 5, true);
  await load.stage(turns);
  serveLoad(store, load);
  let progress = failing!.step();
  while (progress.type === "inProgress") progress = failing!.step();
  expect(progress).toMatchObject({ type: "failed", table: "goals" });
  failing!.abandon();
  store.groupCommit(() => fitting!.activate());
  expect(titles(store, "by_two").length).toBe(5);
});

test("a table whose indexes changed while it was filled is not served", async () => {
  const store = freshStore();
  serve(store, goals());
  add(store, "old");
  const load = loadOf(store, 5, true);
  await load.stage(turns);
  serve(store, goals({ by_two: ["title"] }));
  expect(() => serveLoad(store, load)).toThrow("The indexes of table");
  load.end();
  expect(titles(store)).toEqual(["old"]);
});
