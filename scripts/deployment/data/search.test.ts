import { beforeEach, describe, expect, test } from "vitest";
import type { JsonObject, Store } from "../types";
import { collect, freshStore, mutate, schemaOf, searchFor, serve } from "./testing";

const search = (text: string, equal: JsonObject = {}) => searchFor("notes.by_text", "text", text, equal);
const notes = [
  { text: "The quick brown fox", kind: "a" },
  { text: "A quicker fox, and another fox: foxes!", kind: "b" },
  { text: "Käse über alles", kind: "a" },
  { text: 7, kind: "a" },
];

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
    expect(() => collect(store.begin("read"), searchFor("notes.by_text", "kind", "a"))).toThrow(
      "searches text",
    );
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
    store.turn((writer) => writer.commit(tx));
    expect(found("fox").sort()).toEqual([1, 2]);
    expect(found("brown")).toEqual([]);
  });
});
