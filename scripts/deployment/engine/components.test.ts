import { afterAll, beforeAll, expect, test } from "vitest";
import { identity, publicCall, startEngine, type TestEngine } from "./testing";

const compiled = (name: string) => ({
  directory: new URL(`../../../node_modules/@convex-dev/${name}/dist/component`, import.meta.url).pathname,
});

const app = `import { query, mutation, action, fn, v, componentsGeneric, createFunctionHandle } from "./server";
import { RateLimiter, MINUTE } from "@convex-dev/rate-limiter";
const components = componentsGeneric();
const limiter = new RateLimiter(components.rateLimiter, { send: { kind: "fixed window", rate: 2, period: MINUTE, start: 0 } });
export const send = mutation({ args: { key: v.string() }, handler: async (ctx, { key }) => (await limiter.limit(ctx, "send", { key })).ok });
export const check = query({ args: { key: v.string() }, handler: async (ctx, { key }) => (await limiter.check(ctx, "send", { key })).ok });
export const sendOrFail = mutation({ args: { key: v.string() }, handler: (ctx, { key }) => limiter.limit(ctx, "send", { key, throws: true }) });
export const sendFromAction = action({ args: { key: v.string() }, handler: async (ctx, { key }) => (await limiter.limit(ctx, "send", { key })).ok });
export const notes = query({ args: {}, handler: (ctx) => ctx.runQuery(components.notes.lib.list, {}) });
export const notePages = query({ args: {}, handler: async (ctx) => {
  const texts = [];
  for (let cursor = null; ; ) {
    const { page, isDone, continueCursor } = await ctx.runQuery(components.notes.lib.page, { cursor });
    texts.push(page.map(({ text }) => text));
    if (isDone) return texts;
    cursor = continueCursor;
  }
} });
export const note = mutation({ args: { text: v.string() }, handler: (ctx, { text }) => ctx.runMutation(components.notes.lib.add, { text }) });
export const noteThenFail = mutation({ args: {}, handler: async (ctx) => {
  await ctx.runMutation(components.notes.lib.add, { text: "lost" });
  throw new Error("after the note");
} });
export const hidden = mutation({ args: {}, handler: (ctx) => ctx.runMutation(components.notes.lib.secret, {}) });
export const own = query({ args: {}, handler: async (ctx) => (await ctx.db.query("notes").collect()).length });
export const environment = query({ args: {}, handler: (ctx) => ctx.runQuery(components.notes.lib.environment, {}) });
const whoAmI = async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null;
export const me = query({ args: {}, handler: whoAmI });
export const who = query({ args: {}, handler: async (ctx) => [await whoAmI(ctx), await ctx.runQuery(components.notes.lib.who, {}), await ctx.runQuery(fn("app:me"), {})] });
export const whoInMutation = mutation({ args: {}, handler: async (ctx) => [await whoAmI(ctx), await ctx.runMutation(components.notes.lib.whoInMutation, {}), await ctx.runQuery(fn("app:me"), {})] });
export const whoInAction = action({ args: {}, handler: async (ctx) => [await whoAmI(ctx), await ctx.runAction(components.notes.lib.whoInAction, {}), await ctx.runQuery(fn("app:me"), {})] });
export const whoBack = query({ args: {}, handler: async (ctx) => ctx.runQuery(components.notes.lib.ask, { handle: await createFunctionHandle(fn("app:me")) }) });
export const called = mutation({ args: { text: v.string() }, handler: async (ctx, { text }) => { await ctx.db.insert("notes", { text: "app " + text }); } });
export const callBack = mutation({ args: {}, handler: async (ctx) =>
  ctx.runMutation(components.notes.lib.callBack, { handle: await createFunctionHandle(fn("app:called")) }) });`;

const notes = `import { query, mutation, action, internalMutation, v, fn } from "./server";
const whoAmI = async (ctx) => (await ctx.auth.getUserIdentity())?.subject ?? null;
export const me = query({ args: {}, handler: whoAmI });
export const who = query({ args: {}, handler: async (ctx) => [await whoAmI(ctx), await ctx.runQuery(fn("lib:me"), {})] });
export const whoInMutation = mutation({ args: {}, handler: async (ctx) => [await whoAmI(ctx), await ctx.runQuery(fn("lib:me"), {})] });
export const whoInAction = action({ args: {}, handler: async (ctx) => [await whoAmI(ctx), await ctx.runQuery(fn("lib:me"), {})] });
export const ask = query({ args: { handle: v.string() }, handler: (ctx, { handle }) => ctx.runQuery(handle, {}) });
export const list = query({ args: {}, handler: async (ctx) => (await ctx.db.query("notes").collect()).map((note) => note.text) });
export const add = mutation({ args: { text: v.string() }, handler: (ctx, { text }) => ctx.db.insert("notes", { text }) });
export const page = query({ args: { cursor: v.union(v.string(), v.null()) }, handler: (ctx, { cursor }) => ctx.db.query("notes").paginate({ cursor, numItems: 2 }) });
export const secret = internalMutation({ args: {}, handler: async () => 1 });
export const environment = query({ args: {}, handler: async () => [process.env.GIVEN, process.env.BOUND, process.env.OTHER ?? null, process.env.CONVEX_SITE_URL] });
export const callBack = mutation({ args: { handle: v.string() }, handler: async (ctx, { handle }) => { await ctx.runMutation(handle, { text: "from below" }); } });`;

const notesHttp = `import { httpRouter, httpAction, fn } from "./server";
const http = httpRouter();
http.route({ path: "/all", method: "GET", handler: httpAction(async (ctx) => Response.json(await ctx.runQuery(fn("lib:list"), {}))) });
export default http;`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine(
    { "app.ts": app },
    {
      components: [
        {
          path: "rateLimiter",
          definitionPath: "rate-limiter",
          files: compiled("rate-limiter"),
          children: { batchWorker: "rateLimiter/batchWorker" },
        },
        { path: "rateLimiter/batchWorker", definitionPath: "batch-worker", files: compiled("batch-worker") },
        {
          path: "notes",
          definitionPath: "notes",
          files: { "lib.ts": notes, "http.ts": notesHttp },
          httpPrefix: "/notes/",
          env: { GIVEN: { type: "value", value: "fixed" }, BOUND: { type: "envVar", name: "APP_NAME" } },
        },
      ],
    },
  );
});
afterAll(() => t.close());

test("the rate limiter limits, for queries, mutations and actions", async () => {
  expect(t.query("app:check", { key: "ann" })).toBe(true);
  expect(await t.mutation("app:send", { key: "ann" })).toBe(true);
  expect(await t.action("app:sendFromAction", { key: "ann" })).toBe(true);
  expect(await t.mutation("app:send", { key: "ann" })).toBe(false);
  expect(t.query("app:check", { key: "ann" })).toBe(false);
  expect(await t.mutation("app:send", { key: "bob" })).toBe(true);
  await expect(t.mutation("app:sendOrFail", { key: "ann" })).rejects.toThrow(/RateLimited/);
});

test("a component's tables are its own, and its writes roll back with the caller's", async () => {
  await t.mutation("app:note", { text: "kept" });
  await expect(t.mutation("app:noteThenFail")).rejects.toThrow("after the note");
  expect(t.query("app:notes")).toEqual(["kept"]);
  expect(t.query("app:own")).toBe(0);
});

test("a component reads its tables page by page", async () => {
  const before = t.query("app:notes") as string[];
  for (const text of ["one", "two", "three"]) await t.mutation("app:note", { text });
  const pages = t.query("app:notePages") as string[][];
  expect(pages.flat()).toEqual([...before, "one", "two", "three"]);
  expect(pages.every(({ length }) => length <= 2)).toBe(true);
  await t.mutation("app:note", { text: "later" });
  expect((t.query("app:notePages") as string[][]).flat()).toContain("later");
});

test("a write inside a component wakes the app's query that called it", async () => {
  const before = t.query("app:notes") as string[];
  await t.mutation("app:note", { text: "more" });
  expect(t.query("app:notes")).toEqual([...before, "more"]);
});

test("internal functions of a component are out of reach, for its parent and for clients", async () => {
  await expect(t.mutation("app:hidden")).rejects.toThrow(/is not exported by component "notes"/);
  expect(t.engine.resolve("", "lib:add", "public")).toBe(null);
  expect(t.engine.resolve("notes", "lib:add", "all")).toBe("mutation");
});

test("a component sees its bindings and the URLs only, a handle leads back into the app", async () => {
  t.env.APP_NAME = "demo";
  t.env.OTHER = "not for components";
  t.engine.environmentChanged();
  expect(t.query("app:environment")).toEqual(["fixed", "demo", null, "http://site.test/notes"]);
  await t.mutation("app:callBack");
  expect(t.query("app:own")).toBe(1);
});

test("a call into a component does not say who is asking", async () => {
  for (const name of ["ann", "bob"]) {
    const who = identity(name);
    const expected = [name, [null, null], name];
    expect(t.query("app:who", {}, who)).toEqual(expected);
    expect(await t.mutation("app:whoInMutation", {}, who)).toEqual(expected);
    expect(await t.action("app:whoInAction", {}, who)).toEqual(expected);
    expect(t.query("app:whoBack", {}, who)).toBe(null);
  }
  const direct = { ...publicCall("lib:who", {}, identity("ann")), component: "notes", reach: "all" as const };
  expect(t.engine.query(direct)).toMatchObject({ ok: true, value: '["ann","ann"]' });
});

test("a component's routes are mounted under its prefix", async () => {
  expect(await (await t.http("/notes/all")).json()).toEqual(t.query("app:notes"));
  expect((await t.http("/all")).status).toBe(404);
});
