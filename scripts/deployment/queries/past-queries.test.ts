import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { publicCall, startEngine, type TestEngine } from "../engine/testing";

const rows = `import { query, mutation, fn, v } from "./server";
export const all = query({ args: {}, handler: async (ctx) => [
  (await ctx.db.query("rows").withIndex("by_n").collect()).map(({ n }) => n),
  (await ctx.db.query("rows").withIndex("by_n", (q) => q.gt("n", 10).lt("n", 60)).order("desc").take(3)).map(({ n }) => n),
  (await ctx.db.query("rows").withSearchIndex("by_text", (q) => q.search("text", "odd")).collect()).length,
  (await ctx.db.query("rows").paginate({ numItems: 2, cursor: null })).page.length,
  await ctx.runQuery(fn("rows:count"), {}),
] });
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("rows").collect()).length });
export const change = mutation({ args: { seed: v.number() }, handler: async (ctx, { seed }) => {
  const rows = await ctx.db.query("rows").collect();
  for (const [index, row] of rows.entries()) {
    if ((index + seed) % 5 === 0) await ctx.db.delete(row._id);
    else if ((index + seed) % 3 === 0) await ctx.db.patch(row._id, { n: (row.n * 7 + seed) % 100 });
  }
  for (let i = 0; i < 3; i++) {
    const n = (seed * 31 + i * 17) % 100;
    await ctx.db.insert("rows", { n, text: n % 2 ? "odd" : "even" });
  }
} });
export const bigger = mutation({ args: {}, handler: async (ctx) => {
  for (const row of await ctx.db.query("big").collect()) await ctx.db.delete(row._id);
  for (let i = 0; i < 8; i++) await ctx.db.insert("big", { text: "x".repeat(900_000) });
} });
export const endless = query({ args: {}, handler: async () => { for (;;); } });`;
const schema = `import { defineSchema, defineTable, v } from "./server";
export default defineSchema({
  rows: defineTable({ n: v.number(), text: v.string() }).index("by_n", ["n"]).searchIndex("by_text", { searchField: "text" }),
  big: defineTable({ text: v.string() }),
});`;
const files = { "rows.ts": rows, "schema.ts": schema };

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine(files, { functionTimeoutMs: 2_000 });
});
afterAll(() => t.close());

const readAt = (ts: bigint, path = "rows:all") => t.engine.queryAt(publicCall(path), ts);

test("each earlier time is read as it was, by index, search, page and nested query", async () => {
  const states: { ts: bigint; value: unknown }[] = [];
  for (let seed = 0; seed < 12; seed++) {
    states.push({ ts: t.store.keepTs(), value: t.query("rows:all") });
    await t.mutation("rows:change", { seed });
  }
  expect(new Set(states.map(({ value }) => JSON.stringify(value))).size).toBeGreaterThan(8);
  for (const { ts, value } of states) expect(JSON.parse((readAt(ts) as { value: string }).value)).toEqual(value);
  expect(readAt(t.store.lastTs)).toMatchObject({ ok: true, value: JSON.stringify(t.query("rows:all")) });
  expect(readAt(t.store.lastTs + 1n)).toBeNull();
});

test("failures and the time limit are the function's", () => {
  expect(readAt(t.store.keepTs(), "rows:none")).toMatchObject({ ok: false });
  expect(readAt(t.store.keepTs(), "rows:change")).toMatchObject({ ok: false });
  expect(readAt(t.store.keepTs(), "rows:endless")).toMatchObject({
    ok: false,
    errorMessage: expect.stringContaining("timed out") as string,
  });
});

test("a time is kept for half a minute, within bounded memory, and until a push", async () => {
  let ts = t.store.keepTs();
  await t.mutation("rows:change", { seed: 1 });
  const laterMs = performance.now() + 31_000;
  vi.spyOn(performance, "now").mockImplementation(() => laterMs);
  expect(readAt(ts)).toBeNull();
  await t.mutation("rows:change", { seed: 2 });
  vi.restoreAllMocks();

  ts = t.store.keepTs();
  for (let i = 0; i < 6; i++) await t.mutation("rows:bigger");
  expect(readAt(ts)).toBeNull();

  ts = t.store.keepTs();
  await t.mutation("rows:change", { seed: 3 });
  expect(readAt(ts)).not.toBeNull();
  await t.push([{ path: "", definitionPath: "", files }]);
  expect(readAt(ts)).toBeNull();
});
