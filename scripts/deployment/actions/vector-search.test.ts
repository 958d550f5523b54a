import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "../engine/testing";
import type { Json } from "../values";

const files = {
  "schema.ts": `import { defineSchema, defineTable, v } from "./server";
export default defineSchema({
  things: defineTable({ name: v.string(), kind: v.optional(v.string()), place: v.optional(v.object({ vector: v.array(v.float64()) })) })
    .vectorIndex("by_place", { vectorField: "place.vector", dimensions: 3, filterFields: ["kind"] }),
});`,
  "things.ts": `import { action, mutation, query, v } from "./server";
export const add = mutation({ args: { things: v.array(v.any()) }, handler: async (ctx, { things }) => {
  for (const thing of things) await ctx.db.insert("things", thing);
} });
export const all = query({ args: {}, handler: (ctx) => ctx.db.query("things").take(1000) });
export const like = action({ args: { index: v.optional(v.string()), vector: v.array(v.float64()), limit: v.optional(v.number()), kinds: v.optional(v.array(v.any())), by: v.optional(v.string()) },
  handler: (ctx, { index = "by_place", vector, limit, kinds, by = "kind" }) =>
    ctx.vectorSearch("things", index, { vector, limit, ...(kinds && { filter: (q) => q.or(...kinds.map((kind) => q.eq(by, kind ?? undefined))) }) }) });`,
};

let t: TestEngine;
let names: Map<string, string>;
const at = (...vector: number[]) => ({ place: { vector } });

beforeAll(async () => {
  t = await startEngine(files);
  const things = [
    { name: "east", kind: "a", ...at(1, 0, 0) },
    { name: "far east", kind: "b", ...at(100, 0, 0) },
    { name: "north-east", kind: "a", ...at(1, 1, 0) },
    { name: "north", kind: "b", ...at(0, 1, 0) },
    { name: "west", ...at(-1, 0, 0) },
    { name: "nowhere" },
    { name: "flat", ...at(1, 0) },
  ];
  await t.mutation("things:add", { things });
  // More than one slice, none of it like anything asked for.
  await t.mutation("things:add", {
    things: Array.from({ length: 600 }, (_, i) => ({ name: `up ${i}`, kind: "c", ...at(0, 0, 1) })),
  });
  names = new Map((t.query("things:all") as { _id: string; name: string }[]).map(({ _id, name }) => [_id, name]));
});
afterAll(() => t.close());

const like = async (vector: number[], options: Record<string, Json> = {}) =>
  ((await t.action("things:like", { vector, ...options })) as { _id: string; _score: number }[]).map(
    ({ _id, _score }) => [names.get(_id), Math.round(_score * 1_000) / 1_000],
  );

test("the likest come first, by direction and not by length, with their cosine", async () => {
  const found = await like([2, 0, 0], { limit: 4 });
  expect(found.slice(0, 2).sort()).toEqual([
    ["east", 1],
    ["far east", 1],
  ]);
  expect(found[2]).toEqual(["north-east", 0.707]);
  expect(found[3]![1]).toBe(0);
  expect(await like([1, 0, 0], { kinds: [null] })).toEqual([["west", -1]]);
});

test("ten results unless asked otherwise, 256 at most, from the whole table", async () => {
  expect(await like([0, 0, 1])).toHaveLength(10);
  expect(await like([0, 0, 1], { limit: 256 })).toHaveLength(256);
  for (const limit of [0, 257, 1.5]) await expect(like([0, 0, 1], { limit })).rejects.toThrow("from 1 to 256 results");
});

test("filters are one or several values of the index's filter fields", async () => {
  expect((await like([1, 0, 0], { kinds: ["a"] })).map(([name]) => name)).toEqual(["east", "north-east"]);
  expect((await like([1, 0, 0], { kinds: ["a", "b"] })).map(([name]) => name).sort()).toEqual([
    "east",
    "far east",
    "north",
    "north-east",
  ]);
  await expect(like([1, 0, 0], { kinds: ["a"], by: "name" })).rejects.toThrow("has no filter field name");
});

test("what does not fit the index is told", async () => {
  await expect(like([1, 0])).rejects.toThrow("has 3 dimensions, the vector 2");
  await expect(like([1, 0, 0], { index: "by_none" })).rejects.toThrow("Vector index things.by_none not found");
});
