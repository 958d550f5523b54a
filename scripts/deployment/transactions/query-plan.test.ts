import { expect, test } from "vitest";
import { collect, freshStore, indexScan, mutate, schemaOf, serve } from "./testing";

function storeOfNotes() {
  const store = freshStore();
  serve(store, schemaOf({ notes: { indexes: { by_a: ["a", "b"] } } }));
  mutate(store, (tx) => {
    for (const [a, b] of [
      [1, 1],
      [1, 2],
      [2, 1],
      [2, 2],
    ])
      tx.insert("", "notes", { a: a!, b: b! });
  });
  return store;
}

const step = (type: string, fieldPath: string, value: number | string) => ({ type, fieldPath, value });

test.each([
  [
    "a field left out",
    [step("Eq", "b", 1)],
    "Tried to query index notes.by_a but the query didn't use the index fields in order.\n" +
      'Index fields: ["a", "b", "_creationTime"]\nQuery fields: ["b"]\nFirst incorrect field: "b"\n',
  ],
  [
    "a field that it has not",
    [step("Eq", "a", 1), step("Eq", "c", 1)],
    'The index range included a comparison with "c", but notes.by_a with fields ["a", "b", "_creationTime"] ' +
      "doesn't index this field.",
  ],
  [
    "a second lower bound",
    [step("Gt", "a", 0), step("Lt", "a", 3), step("Gte", "a", 2)],
    'Already defined lower bound in index range. Can\'t add "a" >= 2.',
  ],
  [
    "a second upper bound",
    [step("Lte", "a", 1), step("Lt", "a", 3)],
    'Already defined upper bound in index range. Can\'t add "a" < 3.',
  ],
  [
    "bounds of two fields",
    [step("Gt", "a", 0), step("Lt", "b", 3)],
    'This query against index notes.by_a attempted to set a range bound on both "a" and "b".',
  ],
  [
    "a value after a bound",
    [step("Gt", "a", 0), step("Eq", "a", 1)],
    'Already defined inequality bound in index range. Can\'t add "a" == 1.',
  ],
  [
    "two values of a field",
    [step("Eq", "a", 1), step("Eq", "a", 2)],
    'Already defined equality bound in index range. Can\'t add "a" == 1.',
  ],
])("an index range with %s is refused in the platform's words", (_what, range, message) => {
  const tx = storeOfNotes().begin("read");
  expect(() => collect(tx, indexScan("notes.by_a", range))).toThrow(message);
});

test("the steps of a range may come in any order", () => {
  const tx = storeOfNotes().begin("read");
  const found = (...range: ReturnType<typeof step>[]) => collect(tx, indexScan("notes.by_a", range));
  expect(found(step("Eq", "b", 2), step("Eq", "a", 1))).toMatchObject([{ a: 1, b: 2 }]);
  expect(found(step("Gt", "b", 1), step("Eq", "a", 2), step("Lt", "b", 3))).toMatchObject([{ a: 2, b: 2 }]);
});

test("bounds of one field may come in either order", () => {
  const tx = storeOfNotes().begin("read");
  const range = [step("Lt", "b", 2), step("Gte", "b", 1)];
  expect(collect(tx, indexScan("notes.by_a", [step("Eq", "a", 2), ...range]))).toMatchObject([{ a: 2, b: 1 }]);
});

test("every index ends with _id", () => {
  const store = freshStore();
  serve(store, schemaOf({ notes: { indexes: { by_a: ["a"] } } }));
  mutate(store, (tx) => {
    // Rows that nothing but the id tells apart.
    for (let i = 0; i < 4; i++) tx.system.insert("", "notes", { a: 1, _creationTime: 5 });
    tx.system.insert("", "notes", { a: 1, _creationTime: 6 });
    tx.system.insert("", "notes", { a: "x".repeat(4_000), _creationTime: 5 });
  });
  const tx = store.begin("read");
  const idsOf = (query: ReturnType<typeof indexScan>) => collect(tx, query).map(({ _id }) => _id as string);
  const same = [step("Eq", "a", 1), step("Eq", "_creationTime", 5)];
  const ids = idsOf(indexScan("notes.by_a", same));
  expect(ids).toHaveLength(4);
  const found = (...range: ReturnType<typeof step>[]) => idsOf(indexScan("notes.by_a", [...same, ...range]));
  expect(found(step("Gt", "_id", ids[1]!))).toEqual(ids.slice(2));
  expect(found(step("Gte", "_id", ids[1]!), step("Lt", "_id", ids[3]!))).toEqual(ids.slice(1, 3));
  expect(found(step("Lte", "_id", ids[1]!))).toEqual(ids.slice(0, 2));
  expect(found(step("Eq", "_id", ids[2]!))).toEqual([ids[2]]);
  expect(found(step("Gt", "_id", "no id"))).toEqual([]);
  expect(
    idsOf(indexScan("notes.by_creation_time", [step("Eq", "_creationTime", 5), step("Gt", "_id", ids[2]!)])),
  ).toContain(ids[3]);
  expect(() => found(step("Eq", "_id", ids[2]!), step("Gt", "_id", ids[1]!))).toThrow(
    "Already defined inequality bound",
  );

  const long = [step("Eq", "a", "x".repeat(4_000)), step("Eq", "_creationTime", 5)];
  const [longId] = idsOf(indexScan("notes.by_a", long));
  expect(idsOf(indexScan("notes.by_a", [...long, step("Eq", "_id", longId!)]))).toEqual([longId]);
  expect(idsOf(indexScan("notes.by_a", [...long, step("Gt", "_id", longId!)]))).toEqual([]);
});

test("by_id takes _id alone", () => {
  const tx = storeOfNotes().begin("read");
  const [first, second, ...others] = collect(tx, indexScan("notes.by_id", [])).map(({ _id }) => _id as string);
  const found = (...range: ReturnType<typeof step>[]) =>
    collect(tx, indexScan("notes.by_id", range)).map(({ _id }) => _id);
  expect(found(step("Eq", "_id", second!))).toEqual([second]);
  expect(found(step("Gt", "_id", first!), step("Lte", "_id", second!))).toEqual([second]);
  expect(found(step("Gt", "_id", second!))).toEqual(others);
  expect(() => found(step("Eq", "_creationTime", 3))).toThrow("doesn't index this field");
  expect(() => found(step("Gt", "_id", first!), step("Gt", "_id", second!))).toThrow("Already defined lower bound");
});
