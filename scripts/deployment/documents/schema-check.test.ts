import { defineSchema, defineTable, type GenericSchema, type TableDefinition } from "convex/server";
import { v } from "convex/values";
import { expect, test } from "vitest";
import { collect, freshStore, mutate, schemaOf, serve, tableScan } from "../transactions/testing";
import type { SchemaJson } from "./schema";
import { checkSchema } from "./schema-check";

/** Checks what `schema.export()`, which is internal to the package, gives. */
const check = (tables: GenericSchema) =>
  checkSchema(JSON.parse((defineSchema(tables) as unknown as { export(): string }).export()) as SchemaJson);

const note = v.object({
  text: v.string(),
  at: v.optional(v.object({ place: v.string() })),
  tags: v.record(v.string(), v.number()),
  vector: v.array(v.float64()),
});
const notes = () => defineTable(v.union(note, v.object({ other: v.any(), _creationTime: v.number() })));

const named = (count: number) => Array.from({ length: count }, (_, n) => `x${n}`);
const withIndexes = (names: string[]) =>
  names.reduce((table, name) => table.index(name, ["x"]), defineTable(v.any()) as TableDefinition);

test("a schema of every kind of index is good", () => {
  check({
    notes: notes()
      .index("by_text", ["text"])
      .index("by_place", ["at.place", "other.anything", "tags.x"])
      .searchIndex("search", { searchField: "text", filterFields: ["at.place"] })
      .vectorIndex("near", { vectorField: "vector", dimensions: 3, filterFields: ["text"] }),
    anything: defineTable(v.any()).index("by_x", ["x"]),
  });
});

test.each<[string, () => GenericSchema, RegExp]>([
  ["a table name", () => ({ "a-b": defineTable({}) }), /Table name "a-b"/],
  ["a system's table name", () => ({ _a: defineTable({}) }), /Table name "_a"/],
  ["a field name", () => ({ a: defineTable({ "a-b": v.string() }) }), /field "a-b"/],
  ["a field name in a field", () => ({ a: defineTable({ x: v.array(v.object({ "1": v.null() })) }) }), /field "1"/],
  ["a system's field name", () => ({ a: defineTable({ _a: v.string() }) }), /field "_a"/],
  ["an index name", () => ({ notes: notes().index("a-b", ["text"]) }), /index "a-b"/],
  ["a reserved index name", () => ({ notes: notes().index("by_id", ["text"]) }), /"by_id".*reserved/],
  [
    "a name for two indexes",
    () => ({ notes: notes().index("x", ["text"]).searchIndex("x", { searchField: "text" }) }),
    /"x".*same name/,
  ],
  [
    "an index of _creationTime",
    () => ({ notes: notes().index("x", ["text", "_creationTime" as "text"]) }),
    /ends with "_creationTime" by itself/,
  ],
  ["documents that are no objects", () => ({ a: defineTable(v.string() as never) }), /union of objects.*Found string/],
  [
    "documents that may be no objects",
    () => ({ a: defineTable(v.union(v.object({}), v.null()) as never) }),
    /union of objects.*Found null/,
  ],
  [
    "a vector of one number",
    () => ({ notes: notes().vectorIndex("near", { vectorField: "vector", dimensions: 1 }) }),
    /"near".*between 2 and 4096/,
  ],
  [
    "a vector of more numbers than any",
    () => ({ notes: notes().vectorIndex("near", { vectorField: "vector", dimensions: 4_097 }) }),
    /"near".*between 2 and 4096/,
  ],
  ["an index of _id", () => ({ notes: notes().index("x", ["_id" as "text"]) }), /"_id"/],
  ["an index with a field twice", () => ({ notes: notes().index("x", ["text", "text"]) }), /twice/],
  [
    "an index of a field nobody has",
    () => ({ notes: notes().index("x", ["texts" as "text"]) }),
    /"texts" does not exist/,
  ],
  [
    "an index below a field of text",
    () => ({ notes: notes().index("x", ["text.a" as "text"]) }),
    /"text.a" does not exist/,
  ],
  [
    "a search of a field nobody has",
    () => ({ notes: notes().searchIndex("x", { searchField: "body" as "text" }) }),
    /"body" does not exist/,
  ],
  [
    "an index of 17 fields",
    () => ({ a: defineTable(v.any()).index("wide", named(17) as ["x"]) }),
    /"wide".*17 fields; 16 are allowed/,
  ],
  ["a table of 65 indexes", () => ({ a: withIndexes(named(65)) }), /65 indexes; 64 are allowed/],
])("%s that cannot be is refused", (_what, tables, message) => {
  expect(() => check(tables())).toThrow(message);
});

test("tables that the schema does not name take any document", () => {
  const store = freshStore();
  serve(store, schemaOf({ notes: { documentType: { type: "object", value: {} } } }));
  mutate(store, (tx) => tx.insert("", "others", { any: "thing" }));
  expect(collect(store.begin("read"), tableScan("others"))).toMatchObject([{ any: "thing" }]);
});
