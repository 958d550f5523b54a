import { afterAll, beforeAll, expect, test } from "vitest";
import { publicCall, startEngine, type TestEngine } from "../engine/testing";

const files = {
  "schema.ts": `import { defineSchema, defineTable, v } from "./server";
export default defineSchema({ rows: defineTable({ n: v.number() }).index("by_n", ["n"]) });`,
  "rows.ts": `import { query, mutation, v } from "./server";
export const add = mutation({ args: { n: v.number() }, handler: async (ctx, { n }) => { await ctx.db.insert("rows", { n }); } });
export const page = query({ args: { cursor: v.union(v.string(), v.null()) }, handler: async (ctx, { cursor }) => {
  const page = await ctx.db.query("rows").withIndex("by_n").paginate({ numItems: 3, cursor });
  return { ...page, page: page.page.map((row) => row.n) };
} });
export const twice = query({ args: {}, handler: async (ctx) => {
  for (let i = 0; i < 2; i++) await ctx.db.query("rows").paginate({ numItems: 1, cursor: null });
} });
export const slow = query({ args: { n: v.number() }, handler: async (ctx, { n }) => {
  const found = await ctx.db.query("rows").withIndex("by_n", (q) => q.eq("n", n)).first();
  while (found === null);
  return "found";
} });
export const clock = query({ args: {}, handler: async () => Math.random() });`,
};

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine(files, { functionTimeoutMs: 400 });
  for (const n of [10, 20, 30, 40, 50]) await t.mutation("rows:add", { n });
});
afterAll(() => t.close());

interface Page {
  page: number[];
  isDone: boolean;
  continueCursor: string;
}
const pageOf = (outcome: { ok: boolean }) => JSON.parse((outcome as unknown as { value: string }).value) as Page;

test("a watched page keeps its ends while rows come in, a new reader gets a page of the asked size", async () => {
  const first = t.engine.watch(publicCall("rows:page", { cursor: null }), null, () => {});
  const start = first.refresh();
  expect(pageOf(start)).toMatchObject({ page: [10, 20, 30], isDone: false });
  const second = t.engine.watch(publicCall("rows:page", { cursor: pageOf(start).continueCursor }), null, () => {});
  expect(pageOf(second.refresh()).page).toEqual([40, 50]);
  await t.mutation("rows:add", { n: 15 });
  expect([first.dirty, second.dirty]).toEqual([true, false]);
  expect(pageOf(first.refresh()).page).toEqual([10, 15, 20, 30]);
  expect(pageOf(second.refresh()).page).toEqual([40, 50]);
  // A client that reconnects brings the journal back and sees the same page.
  expect(pageOf(t.engine.query(publicCall("rows:page", { cursor: null }), start.journal)).page).toEqual([
    10, 15, 20, 30,
  ]);
  expect(pageOf(t.engine.query(publicCall("rows:page", { cursor: null }))).page).toEqual([10, 15, 20]);
  first.close();
  second.close();
});

test("a function paginates once", () => {
  expect(() => t.query("rows:twice")).toThrow(/ran multiple paginated queries/);
});

test("a watch whose query timed out tries again when what it had read changes", async () => {
  let told = 0;
  const watch = t.engine.watch(publicCall("rows:slow", { n: 77 }), null, () => told++);
  expect(watch.refresh()).toMatchObject({ ok: false, errorMessage: expect.stringMatching(/timed out/) });
  await t.mutation("rows:add", { n: 77 });
  expect(told).toBe(1);
  expect(watch.refresh()).toMatchObject({ ok: true, value: '"found"' });
  watch.close();
});

test("a result that used chance is kept for watches, and for one-off calls a second", async () => {
  const watch = t.engine.watch(publicCall("rows:clock"), null, () => {});
  const shown = watch.refresh();
  expect(t.query("rows:clock")).toBe(shown.ok && JSON.parse(shown.value));
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  expect(t.query("rows:clock")).not.toBe(shown.ok && JSON.parse(shown.value));
  expect(watch.refresh()).toMatchObject({ ok: true, value: shown.ok && shown.value });
  watch.close();
});

test("new code reaches watches, also of functions that did not exist before", async () => {
  const told: string[] = [];
  const old = t.engine.watch(publicCall("rows:clock"), null, () => told.push("old"));
  const missing = t.engine.watch(publicCall("later:hello"), null, () => told.push("missing"));
  old.refresh();
  expect(missing.refresh()).toMatchObject({
    ok: false,
    errorMessage: expect.stringMatching(/Could not find public function/),
  });
  const later = `import { query } from "./server"; export const hello = query({ args: {}, handler: async () => "hello" });`;
  await t.push([{ path: "", definitionPath: "", files: { ...files, "later.ts": later } }]);
  expect(told.sort()).toEqual(["missing", "old"]);
  expect(missing.refresh()).toMatchObject({ ok: true, value: '"hello"' });
  old.close();
  missing.close();
});
