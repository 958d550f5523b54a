import fc from "fast-check";
import { expect, test } from "vitest";
import type { JsonObject } from "../values";
import type { Store } from "./store";
import { freshStore, indexScan, mutate, schemaOf, serve, tableScan } from "./testing";
import type { Transaction } from "./transaction";

interface Page {
  page: JsonObject[];
  isDone: boolean;
  continueCursor: string;
  splitCursor: string | null;
  pageStatus: string | null;
}

const schema = schemaOf({ rows: { indexes: { by_n: ["n"] } } });
const byN = (order: "asc" | "desc") => indexScan("rows.by_n", [], order);
const seeded = (numbers: number[]): Store => {
  const store = freshStore();
  serve(store, schema);
  insert(store, numbers);
  return store;
};
const insert = (store: Store, numbers: number[]) =>
  mutate(store, (tx) => {
    for (const n of numbers) tx.insert("", "rows", { n });
  });
function page(
  tx: Transaction,
  query: JsonObject,
  cursor: string | null,
  options: JsonObject = {},
  previous: string | null = null,
) {
  const journal = { previous, next: null as string | null };
  const found = JSON.parse(tx.readPage("", { query, cursor, pageSize: 3, ...options }, journal)) as Page;
  return { ...found, numbers: found.page.map(({ n }) => n as number), journal: journal.next };
}

test("pages that re-run under concurrent inserts neither gap nor overlap", () => {
  const number = fc.integer({ min: 0, max: 50 });
  fc.assert(
    fc.property(
      fc.array(number, { maxLength: 20 }),
      fc.array(fc.array(number, { maxLength: 4 }), { maxLength: 8 }),
      fc.constantFrom("asc" as const, "desc" as const),
      (first, later, order) => {
        const store = seeded(first);
        const all = [...first];
        // Each page's start and journal, as a client holds them.
        const pages: { cursor: string | null; journal: string | null }[] = [];
        for (let cursor: string | null = null, done = false; !done;) {
          const more = later.shift() ?? [];
          insert(store, more);
          all.push(...more);
          const found = page(store.begin("read"), byN(order), cursor);
          pages.push({ cursor, journal: found.journal });
          cursor = found.continueCursor;
          done = found.isDone;
        }
        for (const more of later) {
          insert(store, more);
          all.push(...more);
        }
        const tx = store.begin("read");
        const together = pages.flatMap(({ cursor, journal }) => page(tx, byN(order), cursor, {}, journal).numbers);
        expect(together).toEqual(all.sort((a, b) => (order === "asc" ? a - b : b - a)));
      },
    ),
    { numRuns: 40 },
  );
});

test("an end cursor stands whatever the page size; a split cursor halves a page without a gap", () => {
  const store = seeded([1, 2, 3, 4, 5, 6, 7, 8]);
  const query = byN("asc");
  const first = page(store.begin("read"), query, null);
  insert(store, [1, 1, 2, 2, 3, 3]);
  const grown = page(store.begin("read"), query, null, { endCursor: first.continueCursor });
  // The threes come after the position the first page ended at.
  expect(grown.numbers).toEqual([1, 1, 1, 2, 2, 2, 3]);
  expect(grown.pageStatus).toBeNull();
  const left = page(store.begin("read"), query, null, { endCursor: grown.splitCursor });
  const right = page(store.begin("read"), query, grown.splitCursor, { endCursor: grown.continueCursor });
  expect([...left.numbers, ...right.numbers]).toEqual(grown.numbers);
});

test("what a page may read is limited: it ends early and asks to be split", () => {
  const store = seeded(Array.from({ length: 20 }, (_, n) => n));
  const odd = { ...byN("asc"), operators: [{ filter: { $eq: [{ $mod: [{ $field: "n" }, 2] }, 1] } }] };
  const found = page(store.begin("read"), odd, null, { pageSize: 10, maximumRowsRead: 8 });
  expect(found).toMatchObject({ numbers: [1, 3, 5, 7], isDone: false, pageStatus: "SplitRequired" });
  expect(page(store.begin("read"), odd, found.continueCursor).numbers).toEqual([9, 11, 13]);
});

test("a page with an end is read up to there, whatever it may read, and recommends to be split", () => {
  const store = seeded([10, 20, 30, 40]);
  const query = byN("asc");
  const { continueCursor } = page(store.begin("read"), query, null);
  insert(store, [1, 2, 3, 4, 5]);
  const grown = page(store.begin("read"), query, null, { maximumRowsRead: 4 }, continueCursor);
  expect(grown).toMatchObject({ numbers: [1, 2, 3, 4, 5, 10, 20, 30], continueCursor, pageStatus: "SplitRecommended" });
});

test("cursors of other queries, and changed ones, are refused", () => {
  const store = seeded([1, 2, 3, 4]);
  const { continueCursor } = page(store.begin("read"), byN("asc"), null);
  expect(() => page(store.begin("read"), tableScan("rows"), continueCursor)).toThrow("InvalidCursor");
  expect(() => page(store.begin("read"), byN("asc"), `A${continueCursor.slice(1)}`)).toThrow("InvalidCursor");
});

test.each<[string, JsonObject, string]>([
  ["nothing", { pageSize: 0 }, "Must request at least 1 document while paginating"],
  ["more than a function may read", { pageSize: 40_000 }, "Requested too many items: 40000"],
  ["a part of a document", { pageSize: 1.5 }, "invalid type: floating point `1.5`, expected usize"],
  ["NaN, which JSON has as null", { pageSize: null }, "invalid type: null, expected usize"],
  ["no rows", { maximumRowsRead: 0 }, "maximumRowsRead and maximumBytesRead must be greater than 0"],
  ["no bytes", { maximumBytesRead: 0 }, "maximumRowsRead and maximumBytesRead must be greater than 0"],
  ["fewer than no rows", { maximumRowsRead: -1 }, "invalid type: integer `-1`, expected usize"],
  ["bytes as a text", { maximumBytesRead: "9" }, 'invalid type: string "9", expected usize'],
  ["a cursor that is a number", { cursor: 5 }, "invalid type: integer `5`, expected a string"],
])("a page of %s is refused in the platform's words", (_what, options, message) => {
  const tx = seeded([1, 2, 3, 4]).begin("read");
  expect(() => page(tx, byN("asc"), null, options)).toThrow(message);
  expect(() => page(tx, tableScan("absent"), null, options)).toThrow(message);
});

test("limits that are null are none", () => {
  const found = page(seeded([1, 2]).begin("read"), byN("asc"), null, { maximumRowsRead: null, maximumBytesRead: null });
  expect(found).toMatchObject({ numbers: [1, 2], isDone: true, pageStatus: null });
});

test("a page that is nearly as long as a list may be recommends to be split", () => {
  const store = seeded(Array.from({ length: 6_145 }, (_, n) => n));
  const status = (pageSize: number) => page(store.begin("read"), byN("asc"), null, { pageSize }).pageStatus;
  expect([status(6_144), status(6_145)]).toEqual([null, "SplitRecommended"]);
});
