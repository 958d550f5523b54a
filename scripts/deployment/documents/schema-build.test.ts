import { describe, expect, test } from "vitest";
import type { Store } from "../transactions";
import {
  collect,
  freshStore,
  indexScan,
  keysOnDisk,
  mutate,
  reopened,
  schemaOf,
  serve,
  temporaryFolder,
  watchReads,
} from "../transactions/testing";
import type { Json, JsonObject } from "../values";

const byA = (value: number) => indexScan("rows.by_x", [{ type: "Eq", fieldPath: "a", value }]);
const byB = (value: number) => indexScan("rows.by_x", [{ type: "Eq", fieldPath: "b", value }]);
const onA = schemaOf({ rows: { indexes: { by_x: ["a"] } } });
const onB = schemaOf({ rows: { indexes: { by_x: ["b"] } } });

const numbered = (store: Store, from: number, to: number) =>
  mutate(store, (tx) => {
    for (let n = from; n < to; n++) tx.insert("", "rows", { a: n % 3, b: n % 5, n });
  });
const numbers = (rows: JsonObject[]) => rows.map(({ n }) => n);
const expected = (count: number, by: number, rest: number) =>
  Array.from({ length: count }, (_, n) => n).filter((n) => n % by === rest);
const typed = (type: string) =>
  schemaOf({
    rows: { documentType: { type: "object", value: { n: { fieldType: { type }, optional: false } } } },
  });

describe("schema builds", () => {
  test("an index over existing rows holds those written while it is built, and survives a restart", async () => {
    const folder = temporaryFolder();
    const store = freshStore(folder);
    numbered(store, 0, 1_000);
    const build = store.prepareSchema("", onA);
    let total = 1_000;
    while (build.step().type === "inProgress") {
      expect(() => collect(store.begin("read"), byA(1))).toThrow("Index rows.by_x not found.");
      numbered(store, total, (total += 7));
    }
    numbered(store, total, (total += 7));
    const { added, removed } = store.groupCommit(() => build.activate());
    expect(added).toEqual([{ table: "rows", name: "by_x", fields: ["a", "_creationTime"] }]);
    expect(removed).toEqual([]);
    expect(numbers(collect(store.begin("read"), byA(1)))).toEqual(expected(total, 3, 1));
    const again = await reopened(store, folder);
    expect(numbers(collect(again.begin("read"), byA(1)))).toEqual(expected(total, 3, 1));
  });

  test("an index whose fields change serves the old ones until the switch", () => {
    const store = freshStore();
    serve(store, onA);
    numbered(store, 0, 500);
    const build = store.prepareSchema("", onB);
    while (build.step().type !== "complete") expect(collect(store.begin("read"), byA(2))).not.toEqual([]);
    numbered(store, 500, 600);
    expect(numbers(collect(store.begin("read"), byA(2)))).toEqual(expected(600, 3, 2));
    store.groupCommit(() => build.activate());
    expect(() => collect(store.begin("read"), byA(2))).toThrow("doesn't index this field");
    expect(numbers(collect(store.begin("read"), byB(2)))).toEqual(expected(600, 5, 2));
  });

  test("an abandoned build leaves no trace; neither does one that a restart ended", async () => {
    const folder = temporaryFolder();
    const store = freshStore(folder);
    serve(store, onA);
    numbered(store, 0, 100);
    const abandoned = store.prepareSchema("", onB);
    while (abandoned.step().type !== "complete");
    abandoned.abandon();
    const { commit } = mutate(store, (tx) => tx.insert("", "rows", { a: 1, b: 1, n: -1 }));
    // by_id, by_creation_time, by_x.
    expect(commit.writes).toHaveLength(3);
    const forgotten = store.prepareSchema("", onB);
    while (forgotten.step().type !== "complete");
    const again = await reopened(store, folder);
    expect(mutate(again, (tx) => tx.insert("", "rows", { a: 1, b: 1, n: -2 })).commit.writes).toHaveLength(3);
    expect(collect(again.begin("read"), byA(1))).toHaveLength(35);
  });

  test("rows that do not match fail the build and leave what is served as it was", () => {
    const store = freshStore();
    serve(store, onA);
    numbered(store, 0, 300);
    const build = store.prepareSchema("", typed("string"));
    let progress = build.step();
    while (progress.type === "inProgress") progress = build.step();
    expect(progress).toMatchObject({
      type: "failed",
      table: "rows",
      error: expect.stringContaining("does not match the schema"),
    });
    build.abandon();
    expect(store.catalog.schema("")).toEqual(onA);
    expect(numbers(collect(store.begin("read"), byA(0)))).toEqual(expected(300, 3, 0));
  });

  test("a row written behind the check fails the switch, unless it is put right in time", () => {
    const store = freshStore();
    mutate(store, (tx) => tx.insert("", "rows", { n: 1 }));
    const build = store.prepareSchema("", typed("number"));
    while (build.step().type !== "complete");
    const { value: id } = mutate(store, (tx) => tx.insert("", "rows", { n: "text" }));
    mutate(store, (tx) => tx.replace("", id, { n: 2 }));
    expect(build.step().type).toBe("complete");
    mutate(store, (tx) => tx.insert("", "rows", { n: "text" }));
    expect(() => store.groupCommit(() => build.activate())).toThrow("does not match the schema");
    expect(store.catalog.schema("")).toBeNull();
  });

  test("a turn abandoned after the switch takes it back; the build can be served again", () => {
    const store = freshStore();
    numbered(store, 0, 50);
    const build = store.prepareSchema("", onA);
    while (build.step().type !== "complete");
    const abandonedTurn = () =>
      store.groupCommit(() => {
        build.activate();
        throw new Error("abandoned");
      });
    expect(abandonedTurn).toThrow("abandoned");
    expect(store.catalog.schema("")).toBeNull();
    expect(() => collect(store.begin("read"), byA(1))).toThrow("not found");
    numbered(store, 50, 60);
    store.groupCommit(() => build.activate());
    expect(numbers(collect(store.begin("read"), byA(1)))).toEqual(expected(60, 3, 1));
  });

  test("a build first prepared inside an abandoned turn starts over", () => {
    const store = freshStore();
    numbered(store, 0, 20);
    const build = store.prepareSchema("", onA);
    const abandonedTurn = () =>
      store.groupCommit(() => {
        build.activate();
        throw new Error("abandoned");
      });
    expect(abandonedTurn).toThrow("abandoned");
    store.groupCommit(() => build.activate());
    expect(numbers(collect(store.begin("read"), byA(1)))).toEqual(expected(20, 3, 1));
  });

  test("staged indexes are kept up to date but not served until they are no longer staged", () => {
    const store = freshStore();
    numbered(store, 0, 30);
    serve(store, schemaOf({ rows: { staged: { by_x: ["a"] } } }));
    expect(() => collect(store.begin("read"), byA(1))).toThrow("Index rows.by_x not found.");
    numbered(store, 30, 40);
    serve(store, onA);
    expect(numbers(collect(store.begin("read"), byA(1)))).toEqual(expected(40, 3, 1));
  });
});

describe("what a build reads", () => {
  const typedRows = (type: string, indexes: Record<string, string[]> = {}) => {
    const [rows] = (typed(type) as { tables: JsonObject[] }).tables;
    const others = schemaOf({
      others: {
        indexes,
        documentType: { type: "object", value: { m: { fieldType: { type: "any" }, optional: true } } },
      },
    }) as { tables: JsonObject[] };
    return { tables: [rows!, ...others.tables], schemaValidation: true };
  };
  const finish = (store: Store, schema: Json) => {
    const build = store.prepareSchema("", schema);
    for (let progress = build.step(); progress.type !== "complete"; progress = build.step())
      if (progress.type === "failed") throw new Error(progress.error);
    return build;
  };
  const filled = () => {
    const watched = watchReads();
    serve(watched.store, typedRows("number"));
    mutate(watched.store, (tx) => {
      for (let n = 0; n < 500; n++) tx.insert("", "rows", { n });
      tx.insert("", "others", { m: 1 });
    });
    watched.reset();
    return watched;
  };

  test("nothing for the schema that is served", () => {
    const watched = filled();
    const build = finish(watched.store, typedRows("number"));
    watched.store.groupCommit(() => build.activate());
    expect(watched.rowsRead).toBe(0);
  });

  test("only tables whose type or indexes change", () => {
    const watched = filled();
    serve(watched.store, typedRows("number", { by_m: ["m"] }));
    expect(watched.rowsRead).toBeLessThan(5);
    watched.reset();
    serve(watched.store, typedRows("any"));
    expect(watched.rowsRead).toBeGreaterThan(500);
  });

  test("all tables once a schema is enforced that was not", () => {
    const watched = filled();
    serve(watched.store, { ...typedRows("number"), schemaValidation: false });
    mutate(watched.store, (tx) => tx.insert("", "rows", { n: "text" }));
    expect(() => serve(watched.store, typedRows("number"))).toThrow("does not match the schema");
  });
});

test("a commit that drops an index removes none of its rows; sweeps do, after a crash too", async () => {
  const folder = temporaryFolder();
  let store = freshStore(folder);
  serve(store, onA);
  numbered(store, 0, 3_000);
  serve(store, schemaOf({ rows: {} }));
  expect(() => collect(store.begin("read"), byA(1))).toThrow("Index rows.by_x not found.");
  expect(store.sweep()).toBe(true);
  const build = store.prepareSchema("", onB);
  build.step();
  store = await reopened(store, folder);
  numbered(store, 3_000, 3_001);
  let sweeps = 1;
  while (store.sweep()) sweeps++;
  expect(sweeps).toBeGreaterThan(5);
  expect(collect(store.begin("read"), indexScan("rows.by_creation_time", []))).toHaveLength(3_001);
  expect(await keysOnDisk(store, folder, "i", "j")).toHaveLength(3_001);
});
