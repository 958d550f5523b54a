import { beforeEach, describe, expect, test } from "vitest";
import { ReadSetIndex } from "../queries/read-set-index";
import type { JsonObject } from "../values";
import type { Commit } from "./read-set";
import { MAX_RESULTS } from "./search";
import type { Store } from "./store";
import { collect, freshStore, mutate, schemaOf, searchFor, serve } from "./testing";
import type { Transaction } from "./transaction";

const search = (text: string, equal: JsonObject = {}) => searchFor("notes.by_text", "text", text, equal);
const notes = [
  { text: "The quick brown fox", kind: "a" },
  { text: "A quicker fox, and another fox: foxes!", kind: "b" },
  { text: "Käse über alles", kind: "a" },
  { text: 7, kind: "a" },
];

/** Whether a query that read this has to run again after the commit. */
function overlaps(tx: Transaction, { writes }: Commit): boolean {
  const readers = new ReadSetIndex<string>();
  readers.add("query", tx.reads);
  return readers.findTouched(writes).size > 0;
}

describe("full-text search", () => {
  let store: Store;
  let ids: string[];
  beforeEach(() => {
    store = freshStore();
    serve(store, schemaOf({ notes: { search: { by_text: { field: "text", filters: ["kind"] } } } }, false));
    ids = mutate(store, (tx) => notes.map((note) => tx.insert("", "notes", note))).value;
  });
  const found = (text: string, equal?: JsonObject) =>
    collect(store.begin("read"), search(text, equal)).map(({ _id }) => ids.indexOf(_id as string));

  test("whole words match, the last one by its beginning, whatever the case", () => {
    expect(found("QUICK").sort()).toEqual([0, 1]);
    expect(found("quick brown")).toEqual([0]);
    expect(found("qui fox").sort()).toEqual([0, 1]);
    expect(found("über")).toEqual([2]);
    expect(found("uick")).toEqual([]);
    expect(found("")).toEqual([]);
  });

  test("rarer and more frequent words rank higher", () => {
    expect(found("brown fox")[0]).toBe(0);
    expect(found("fox")[0]).toBe(1);
  });

  test("filters are on the fields the index has", () => {
    expect(found("fox", { kind: "b" })).toEqual([1]);
    expect(() => found("fox", { other: 1 })).toThrow("has no filter field other");
    expect(() => collect(store.begin("read"), searchFor("notes.by_text", "kind", "a"))).toThrow("searches text");
    expect(() => collect(store.begin("read"), searchFor("notes.none", "text", "a"))).toThrow("not found");
  });

  test("a transaction finds its own changes, and nobody else does before the commit", () => {
    const tx = store.begin("write");
    tx.remove("", ids[0]!);
    tx.replace("", ids[2]!, { text: "a fox too", kind: "a" });
    expect(
      collect(tx, search("fox"))
        .map(({ _id }) => _id)
        .sort(),
    ).toEqual([ids[1], ids[2]].sort());
    expect(found("fox").sort()).toEqual([0, 1]);
    store.groupCommit((writer) => writer.commit(tx));
    expect(found("fox").sort()).toEqual([1, 2]);
    expect(found("brown")).toEqual([]);
  });

  test("a search by the first filter reads, and depends on, nothing of its other values", () => {
    const tx = store.begin("read");
    const before = tx.metrics.documentsRead;
    expect(collect(tx, search("fox", { kind: "a" }))).toHaveLength(1);
    expect(tx.metrics.documentsRead - before).toBe(1);
    const elsewhere = mutate(store, (writing) => writing.insert("", "notes", { text: "fox", kind: "b" })).commit;
    expect(overlaps(tx, elsewhere)).toBe(false);
    const here = mutate(store, (writing) => writing.insert("", "notes", { text: "foxglove", kind: "a" })).commit;
    expect(overlaps(tx, here)).toBe(true);
  });

  test("a search without filters finds every value of theirs, and those that come later", () => {
    const kinds = [
      ...Array.from({ length: 2_000 }, (_, n) => `kind ${n}`),
      "x".repeat(5_000),
      "x".repeat(5_001),
      7,
      null,
      undefined,
    ];
    mutate(store, (tx) =>
      kinds.forEach((kind) => tx.insert("", "notes", { text: "a badger", ...(kind !== undefined && { kind }) })),
    );
    const tx = store.begin("read");
    const badgers = search("badger hedgehog sett owl bad");
    expect(() => collect(tx, badgers)).toThrow("Search query scanned too many documents (fetched 1024).");
    const limited = (limit: number) => ({ ...badgers, operators: [{ limit }] });
    expect(collect(tx, limited(MAX_RESULTS))).toHaveLength(MAX_RESULTS);
    expect(() => collect(tx, limited(MAX_RESULTS + 1))).toThrow("scanned too many documents");
    const page = (pageSize: number, cursor: string | null) =>
      JSON.parse(
        tx.readPage("", { query: badgers, cursor, endCursor: null, pageSize }, { previous: null, next: null }),
      ) as { page: unknown[]; isDone: boolean; continueCursor: string };
    const first = page(1_000, null);
    expect([first.page.length, first.isDone]).toEqual([1_000, false]);
    const second = page(1_000, first.continueCursor);
    expect([second.page.length, second.isDone]).toEqual([MAX_RESULTS - 1_000, true]);
    expect(() => page(1_025, null)).toThrow("scanned too many documents");
    expect(collect(tx, search("badger", { kind: "x".repeat(5_001) }))).toHaveLength(1);
    const later = mutate(store, (writing) => writing.insert("", "notes", { text: "badger", kind: "new" })).commit;
    expect(overlaps(tx, later)).toBe(true);
  });

  test("an index of an earlier layout is not served before a push has built it anew", () => {
    const definition = store.catalog.table("", "notes")!.indexes.get("by_text")!.search!;
    definition.layout = 1;
    expect(() => found("fox")).toThrow("Search index notes.by_text not found.");
    serve(store, schemaOf({ notes: { search: { by_text: { field: "text", filters: ["kind"] } } } }, false));
    expect(found("brown fox")[0]).toBe(0);
  });
});
