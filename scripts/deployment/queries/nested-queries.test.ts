/** Queries that call queries: who runs again, who does not, and that nobody can tell the difference by the results. */
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { identity, publicCall, startEngine, type TestEngine } from "../engine/testing";
import type { QueryOutcome } from "../functions";
import type { Watch } from "./queries";

const files = {
  "schema.ts": `import { defineSchema, defineTable, v } from "./server";
export default defineSchema({
  people: defineTable({ name: v.string(), level: v.number() }).index("by_name", ["name"]),
  rooms: defineTable({ room: v.string(), level: v.number(), text: v.string() }).index("by_room_and_level", ["room", "level"]),
});`,
  "rooms.ts": `import { query, internalQuery, mutation, fn, v, ConvexError } from "./server";
export const experimental_reuseContext = true;
const person = (ctx, name) => ctx.db.query("people").withIndex("by_name", (q) => q.eq("name", name)).unique();
const entry = (ctx, room, level) => ctx.db.query("rooms").withIndex("by_room_and_level", (q) => q.eq("room", room).eq("level", level)).unique();
export const setLevel = mutation({ args: { name: v.string(), level: v.number() }, handler: async (ctx, { name, level }) => {
  const row = await person(ctx, name);
  if (row) await ctx.db.patch(row._id, { level }); else await ctx.db.insert("people", { name, level });
} });
export const setText = mutation({ args: { room: v.string(), level: v.number(), text: v.string() }, handler: async (ctx, { room, level, text }) => {
  const row = await entry(ctx, room, level);
  if (row) await ctx.db.patch(row._id, { text }); else await ctx.db.insert("rooms", { room, level, text });
} });
export const mine = internalQuery({ args: {}, handler: async (ctx) => {
  const who = await ctx.auth.getUserIdentity();
  const row = who && await person(ctx, who.name);
  if (!row) throw new ConvexError({ code: "STRANGER" });
  return row.level;
} });
export const seen = internalQuery({ args: { room: v.string(), level: v.number() }, handler: async (ctx, { room, level }) =>
  (await entry(ctx, room, level))?.text ?? null });
export const show = query({ args: { room: v.string() }, handler: async (ctx, { room }) => {
  const level = await ctx.runQuery(fn("rooms:mine"), {});
  const texts = [];
  for (let at = 0; at <= level; at++) texts.push(await ctx.runQuery(fn("rooms:seen"), { room, level: at }));
  return texts;
} });
export const beside = query({ args: { room: v.string() }, handler: async (ctx, { room }) => {
  const level = await ctx.runQuery(fn("rooms:mine"), {});
  return [level, (await entry(ctx, room, level))?.text ?? null];
} });
export const forgiving = query({ args: { room: v.string() }, handler: async (ctx, { room }) => {
  try { return await ctx.runQuery(fn("rooms:mine"), {}); } catch (error) { return error.data.code; }
} });
export const loud = internalQuery({ args: {}, handler: async () => { console.log("called"); return 1; } });
export const listening = query({ args: {}, handler: async (ctx) => await ctx.runQuery(fn("rooms:loud"), {}) });
export const chance = internalQuery({ args: {}, handler: async () => Math.random() });
export const throwing = query({ args: {}, handler: async (ctx) => [await ctx.runQuery(fn("rooms:mine"), {}), await ctx.runQuery(fn("rooms:chance"), {})] });
export const spins = internalQuery({ args: { room: v.string() }, handler: async (ctx, { room }) => {
  const row = await entry(ctx, room, 0);
  while (row === null);
  return row.text;
} });
export const waits = query({ args: { room: v.string() }, handler: async (ctx, { room }) => await ctx.runQuery(fn("rooms:spins"), { room }) });
export const many = query({ args: { times: v.number() }, handler: async (ctx, { times }) => {
  for (let i = 0; i < times; i++) await ctx.runQuery(fn("rooms:seen"), { room: "limits", level: 0 });
} });`,
};

let t: TestEngine;
let runs: string[];
beforeAll(async () => {
  t = await startEngine(files, { functionTimeoutMs: 400 });
  t.engine.onLog((record) => runs.push(record.identifier));
});
afterAll(() => t.close());
beforeEach(() => void (runs = []));

const as = (who: string, path: string, args = {}) => ({
  ...publicCall(path, args),
  identity: { ...identity(who), claims: { name: who } },
});
const valueOf = (outcome: QueryOutcome): unknown =>
  outcome.ok ? JSON.parse(outcome.value) : (outcome.errorData ?? outcome.errorMessage);
const runsOf = (path: string) => runs.filter((one) => one.replace(".js", "") === path).length;
const watch = (who: string, path: string, args = {}): Watch => t.engine.watch(as(who, path, args), null, () => {});

async function audience(room: string, size: number, path = "rooms:show"): Promise<Watch[]> {
  const names = Array.from({ length: size }, (_, i) => `${room}-${i}`);
  for (const name of names) await t.mutation("rooms:setLevel", { name, level: 0 });
  await t.mutation("rooms:setText", { room, level: 0, text: "first" });
  const watches = names.map((name) => watch(name, path, { room }));
  for (const one of watches) one.refresh();
  return watches;
}

describe("of many who watch through a query that asks who they are", () => {
  test("one runs after a change that all see", async () => {
    const watches = await audience("hall", 50);
    runs = [];
    await t.mutation("rooms:setText", { room: "hall", level: 0, text: "second" });
    expect(watches.every((one) => one.dirty)).toBe(true);
    expect(watches.map((one) => valueOf(one.refresh()))).toEqual(watches.map(() => ["second"]));
    expect(runsOf("rooms:show")).toBe(1);
    for (const one of watches) one.close();
  });

  test("who is answered differently runs for themselves; the others need not", async () => {
    const watches = await audience("gate", 5);
    await t.mutation("rooms:setText", { room: "gate", level: 1, text: "inner" });
    expect(watches.some((one) => one.dirty)).toBe(false);
    await t.mutation("rooms:setLevel", { name: "gate-3", level: 1 });
    expect(watches.map((one) => one.dirty)).toEqual([false, false, false, true, false]);
    expect(valueOf(watches[3]!.refresh())).toEqual(["first", "inner"]);
    runs = [];
    await t.mutation("rooms:setText", { room: "gate", level: 0, text: "second" });
    expect(watches.map((one) => valueOf(one.refresh()))).toEqual(
      [0, 1, 2, 3, 4].map((n) => (n === 3 ? ["second", "inner"] : ["second"])),
    );
    expect(runsOf("rooms:show")).toBe(2);
    for (const one of watches) one.close();
  });

  test("what the outer query reads itself counts for all of them", async () => {
    const watches = await audience("yard", 5, "rooms:beside");
    runs = [];
    await t.mutation("rooms:setText", { room: "yard", level: 0, text: "second" });
    expect(watches.map((one) => valueOf(one.refresh()))).toEqual(watches.map(() => [0, "second"]));
    expect(runsOf("rooms:beside")).toBe(1);
    // Left by those who ran it, it still hears of changes for the others.
    watches[0]!.close();
    await t.mutation("rooms:setText", { room: "yard", level: 0, text: "third" });
    expect(watches.slice(1).map((one) => valueOf(one.refresh()))).toEqual([1, 2, 3, 4].map(() => [0, "third"]));
    for (const one of watches) one.close();
  });

  test("a stranger gets the inner query's error, with its data, and no one else's result", async () => {
    const watches = await audience("vault", 2);
    expect(t.engine.query(as("nobody", "rooms:show", { room: "vault" }))).toMatchObject({
      ok: false,
      errorData: '{"code":"STRANGER"}',
    });
    expect(valueOf(t.engine.query(as("nobody", "rooms:forgiving", { room: "vault" })))).toBe("STRANGER");
    expect(valueOf(t.engine.query(as("vault-0", "rooms:forgiving", { room: "vault" })))).toBe(0);
    for (const one of watches) one.close();
  });
});

test("what an inner query logs or draws by chance belongs to its caller", async () => {
  for (let i = 0; i < 2; i++) expect(t.engine.query(as("a", "rooms:listening")).logLines).toEqual(["[LOG] 'called'"]);
  for (const name of ["c1", "c2"]) await t.mutation("rooms:setLevel", { name, level: 0 });
  const [one, two] = ["c1", "c2"].map((name) => valueOf(t.engine.query(as(name, "rooms:throwing"))) as number[]);
  expect(one![1]).not.toBe(two![1]);
});

test("an inner query that timed out runs again when what it had read changes", async () => {
  const waiting = watch("w", "rooms:waits", { room: "late" });
  expect(waiting.refresh()).toMatchObject({ ok: false, errorMessage: expect.stringMatching(/timed out/) });
  await t.mutation("rooms:setText", { room: "late", level: 0, text: "here" });
  expect(waiting.dirty).toBe(true);
  expect(valueOf(waiting.refresh())).toBe("here");
  waiting.close();
});

test("what inner queries read counts against the caller's limits, kept or not", () => {
  expect(t.engine.query(as("l", "rooms:many", { times: 100 }))).toMatchObject({ ok: true });
  expect(t.engine.query(as("l", "rooms:many", { times: 5_000 }))).toMatchObject({
    ok: false,
    errorMessage: expect.stringMatching(/Too many reads in a single function execution/),
  });
});

test("whatever changes and whoever comes and goes: everybody sees what the data say", async () => {
  const who = fc.integer({ min: 0, max: 4 });
  const step = fc.oneof(
    fc.record({ set: who, level: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ text: fc.integer({ min: 0, max: 9 }), level: fc.integer({ min: 0, max: 2 }) }),
    fc.record({ opens: who }),
    fc.record({ closes: who }),
    fc.record({ looks: who }),
  );
  let round = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { minLength: 10, maxLength: 40 }),
      fc.constantFrom("rooms:show", "rooms:beside"),
      async (steps, path) => {
        const room = `property-${round++}`;
        const levels = new Map<string, number>();
        const texts = new Map<number, string>();
        const watches = new Map<string, Watch>();
        const expected = (name: string) => {
          const level = levels.get(name);
          if (level === undefined) return '{"code":"STRANGER"}';
          if (path === "rooms:beside") return [level, texts.get(level) ?? null];
          return Array.from({ length: level + 1 }, (_, at) => texts.get(at) ?? null);
        };
        const named = (n: number) => `${room}-${n}`;
        for (const one of steps) {
          if ("set" in one) {
            levels.set(named(one.set), one.level);
            await t.mutation("rooms:setLevel", { name: named(one.set), level: one.level });
          } else if ("text" in one) {
            texts.set(one.level, String(one.text));
            await t.mutation("rooms:setText", { room, level: one.level, text: String(one.text) });
          } else if ("opens" in one) {
            if (!watches.has(named(one.opens))) watches.set(named(one.opens), watch(named(one.opens), path, { room }));
          } else if ("closes" in one) {
            watches.get(named(one.closes))?.close();
            watches.delete(named(one.closes));
          } else
            expect(valueOf(t.engine.query(as(named(one.looks), path, { room })))).toEqual(expected(named(one.looks)));
          for (const [name, open] of watches) expect(valueOf(open.refresh())).toEqual(expected(name));
        }
        for (const open of watches.values()) open.close();
      },
    ),
    { numRuns: 40 },
  );
});
