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
  ["fields out of order", [step("Eq", "b", 1)]],
  ["a second lower bound", [step("Gt", "a", 0), step("Lt", "a", 3), step("Gte", "a", 2)]],
  ["a second upper bound", [step("Lte", "a", 1), step("Lt", "a", 3)]],
  ["bounds of two fields", [step("Gt", "a", 0), step("Lt", "b", 3)]],
  ["a value after a bound", [step("Gt", "a", 0), step("Eq", "a", 1)]],
])("an index range with %s is refused", (_what, range) => {
  const tx = storeOfNotes().begin("read");
  expect(() => collect(tx, indexScan("notes.by_a", range))).toThrow(/Index by_a/);
});

test("bounds of one field may come in either order", () => {
  const tx = storeOfNotes().begin("read");
  const range = [step("Lt", "b", 2), step("Gte", "b", 1)];
  expect(collect(tx, indexScan("notes.by_a", [step("Eq", "a", 2), ...range]))).toMatchObject([{ a: 2, b: 1 }]);
});

test("by_id takes _id alone", () => {
  const tx = storeOfNotes().begin("read");
  const [first, second, ...others] = collect(tx, indexScan("notes.by_id", [])).map(({ _id }) => _id as string);
  const found = (...range: ReturnType<typeof step>[]) =>
    collect(tx, indexScan("notes.by_id", range)).map(({ _id }) => _id);
  expect(found(step("Eq", "_id", second!))).toEqual([second]);
  expect(found(step("Gt", "_id", first!), step("Lte", "_id", second!))).toEqual([second]);
  expect(found(step("Gt", "_id", second!))).toEqual(others);
  expect(() => found(step("Eq", "_creationTime", 3))).toThrow(/Index by_id/);
  expect(() => found(step("Gt", "_id", first!), step("Gt", "_id", second!))).toThrow(/Index by_id/);
});
