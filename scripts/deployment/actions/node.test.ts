import { getPriority } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import { identity, publicCall, startEngine, type TestEngine } from "../engine/testing";

const LOG_PROMISES = `handler: async () => {
  const later = Promise.resolve(1);
  await later;
  console.log(later, { deep: [crypto.subtle.digest("SHA-256", new Uint8Array(1))] });
}`;

const work = `"use node";
import { createHash } from "node:crypto";
import { getPriority } from "node:os";
import { action, internalAction, fn, v, ConvexError } from "../server";
export const hash = action({ args: { text: v.string() }, returns: v.string(), handler: async (_ctx, { text }) => {
  console.log("hashing", text);
  return createHash("sha256").update(text).digest("hex");
} });
const loadedAt = Date.now();
export const loadedFor = action({ args: {}, handler: async () => Date.now() - loadedAt });
export const length = action({ args: { text: v.string() }, handler: async (_ctx, { text }) => text.length });
export const count = action({ args: {}, handler: async (ctx) => {
  await ctx.runMutation(fn("data:add"), {});
  return { rows: await ctx.runQuery(fn("data:count"), {}), who: (await ctx.auth.getUserIdentity())?.subject ?? null };
} });
export const environment = action({ args: {}, handler: async () => [process.env.GREETING ?? null, process.env.CONVEX_SITE_URL] });
export const refused = action({ args: {}, handler: async (ctx) => {
  try { await ctx.runMutation(fn("data:refuse"), {}); } catch (error) { return [error instanceof ConvexError, error.data]; }
} });
export const fail = action({ args: {}, handler: async () => { throw new ConvexError({ code: "NODE" }); } });
export const crash = action({ args: {}, handler: () => { setTimeout(() => { throw new Error("out of order"); }, 1); return new Promise(() => {}); } });
export const exit = action({ args: {}, handler: () => process.exit(3) });
export const files = action({ args: {}, handler: async (ctx) => (await ctx.storage.get(await ctx.storage.store(new Blob(["bytes"])))).text() });
export const priority = action({ args: {}, handler: async () => [getPriority(), process.pid] });
export const promises = action({ args: {}, ${LOG_PROMISES} });
export const secret = internalAction({ args: {}, handler: async () => 1 });`;

const data = `import { action, query, mutation, ConvexError } from "./server";
export const promises = action({ args: {}, ${LOG_PROMISES} });
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("rows").collect()).length });
export const add = mutation({ args: {}, handler: async (ctx) => { await ctx.db.insert("rows", {}); } });
export const refuse = mutation({ args: {}, handler: async () => { throw new ConvexError({ code: "REFUSED" }); } });`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({ "data.ts": data, "work/node.ts": work });
});
afterAll(() => t.close());

test("a module with Node's own modules runs, its lines come back, its functions were analyzed", async () => {
  const outcome = await t.engine.action(publicCall("work/node:hash", { text: "abc" }));
  expect(outcome).toMatchObject({
    ok: true,
    value: '"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"',
    logLines: ["[LOG] 'hashing' 'abc'"],
  });
  expect(t.engine.resolve("", "work/node:secret", "public")).toBe(null);
  await expect(t.action("work/node:hash", { text: 1 })).rejects.toThrow(/ArgumentValidationError/);
});

test("it is loaded before anybody calls it", async () => {
  const engine = await startEngine({ "work/node.ts": work, "data.ts": data });
  await new Promise((resolve) => setTimeout(resolve, 1_500));
  const loadedForMs = await engine.action("work/node:loadedFor");
  await engine.close();
  expect(loadedForMs).toBeGreaterThan(500);
});

test("a promise is printed as one, without what Node notes on it", async () => {
  const printed = async (path: string) => (await t.engine.action(publicCall(path))).logLines;
  expect(await printed("work/node:promises")).toEqual(["[LOG] Promise { 1 } { deep: [ Promise { <pending> } ] }"]);
  expect(await printed("data:promises")).toEqual(["[LOG] Promise [Promise] {} {\n  deep: [ Promise [Promise] {} ]\n}"]);
});

test("it calls the database with its caller's identity, and stores files", async () => {
  expect(await t.action("work/node:count", {}, identity("ann"))).toEqual({ rows: 1, who: "ann" });
  expect(await t.action("work/node:files")).toBe("bytes");
});

test("it runs in a process of its own that gives way to this one", async () => {
  const [priority, pid] = (await t.action("work/node:priority")) as [number, number];
  expect(pid).not.toBe(process.pid);
  expect(priority).toBeGreaterThan(getPriority());
});

test("data of errors passes both ways", async () => {
  expect(await t.action("work/node:refused")).toEqual([true, { code: "REFUSED" }]);
  expect(await t.engine.action(publicCall("work/node:fail"))).toMatchObject({
    ok: false,
    errorData: '{"code":"NODE"}',
  });
});

test.each([
  ["crash", /crashed: out of order/],
  ["exit", /ended \(status 3\)/],
])("%s fails its own call and the next one works", async (name, message) => {
  await expect(t.action(`work/node:${name}`)).rejects.toThrow(message);
  expect(await t.action("work/node:hash", { text: "abc" })).toMatch(/^ba78/);
});

test("a change of environment reaches the processes", async () => {
  expect(await t.action("work/node:environment")).toEqual([null, "http://site.test"]);
  t.env.GREETING = "hello";
  t.engine.environmentChanged();
  expect(await t.action("work/node:environment")).toEqual(["hello", "http://site.test"]);
});

test("arguments have at most 5 MiB", async () => {
  expect(await t.action("work/node:length", { text: "x".repeat(4 * 2 ** 20) })).toBe(4 * 2 ** 20);
  await expect(t.action("work/node:length", { text: "x".repeat(5 * 2 ** 20) })).rejects.toThrow(/limit: 5 MiB/);
});
