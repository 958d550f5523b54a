/** What a function leaves in the global scope reaches another call only where its module reuses contexts. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "./testing";

/** Places that a call can leave something in: each counts the calls that have been there. */
const PLACES = `
let variable = 0;
const map = new Map();
class Own { static count = 0; }
export function leave() {
  variable++;
  map.set("calls", (map.get("calls") ?? 0) + 1);
  Own.count++;
  const seen = [variable, map.get("calls"), Own.count];
  for (const object of new Set([globalThis, Array.prototype, Object.prototype, Promise.prototype, Math, JSON, console, process, Uint8Array.prototype, Uint8Array,
    Object.getPrototypeOf(Uint8Array.prototype), ArrayBuffer.prototype, Headers.prototype, Request.prototype, Response.prototype, URL.prototype, URLSearchParams, Blob.prototype,
    FormData.prototype, TextEncoder.prototype, ReadableStream.prototype, AbortSignal.prototype, Event.prototype, DOMException.prototype, structuredClone, atob, crypto, crypto.subtle,
    Object.getPrototypeOf(crypto.subtle), CryptoKey, fetch, setTimeout, Error, Symbol.prototype, Date.prototype, Convex, AsyncLocalStorage.prototype, performance, WebAssembly, Object.getPrototypeOf(crypto)]))
    seen.push(Object.hasOwn(object, "zz") ? (object.zz += 1) : ((object.zz = 1), 1));
  const real = Headers.prototype.get;
  seen.push(Headers.prototype.get.replaced ?? 1);
  Headers.prototype.get = Object.assign(function (name) { return real.call(this, name); }, { replaced: 2 });
  seen.push("toBase64" in Uint8Array.prototype ? 1 : 2);
  delete Uint8Array.prototype.toBase64;
  return [...new Set(seen)];
}`;
const functions = `import { query, mutation, action, internalMutation, fn } from "./server";
import { leave } from "./places";
export const asQuery = query({ args: {}, handler: async (ctx) => (await ctx.db.query("rows").first(), leave()) });
export const asMutation = mutation({ args: {}, handler: async (ctx) => (await ctx.db.insert("rows", {}), leave()) });
const host = () => [Object.getPrototypeOf(Headers.prototype), Object.getPrototypeOf(Headers)].map((object) => (object.zz = Object.hasOwn(object, "zz") ? 2 : 1));
export const inHost = mutation({ args: {}, handler: async () => host() });
export const endlessInHost = mutation({ args: {}, handler: async () => { host(); for (;;); } });
export const asAction = action({ args: {}, handler: async () => leave() });
export const calling = mutation({ args: {}, handler: async (ctx) => [leave(), await ctx.runMutation(fn(PATH + ":asMutation"), {}), await ctx.runMutation(fn(PATH + ":asMutation"), {}), Headers.prototype.zz, leave()] });
export const failing = mutation({ args: {}, handler: async () => { leave(); throw new Error("failed"); } });
export const endless = mutation({ args: {}, handler: async () => { leave(); for (;;); } });
export const hanging = mutation({ args: {}, handler: async () => { leave(); await new Promise(() => {}); } });
export const ticking = action({ args: {}, handler: async (ctx) => {
  setInterval(() => void ctx.runMutation(fn(PATH + ":asMutation"), {}), 5);
  setTimeout(() => void ctx.runMutation(fn(PATH + ":asMutation"), {}), 20);
} });
export const count = query({ args: {}, handler: async (ctx) => (await ctx.db.query("rows").collect()).length });
export const together = action({ args: {}, handler: async (ctx) => {
  Headers.prototype.own = 1;
  const inside = await ctx.runMutation(fn(PATH + ":asMutation"), {});
  await new Promise((resolve) => setTimeout(resolve, 5));
  return [inside, Headers.prototype.own];
} });
`;
const http = `import { httpRouter, httpAction } from "./server";
import { leave } from "./places";
const http = httpRouter();
http.route({ method: "GET", path: "/leave", handler: httpAction(async () => Response.json(leave())) });
export default http;`;

let t: TestEngine;
beforeAll(async () => {
  const named = (path: string) => functions.replaceAll("PATH", JSON.stringify(path));
  t = await startEngine(
    {
      "places.ts": PLACES,
      "plain.ts": named("plain"),
      "lasting.ts": `${named("lasting")}\nexport const experimental_reuseContext = true;`,
      "other.ts": `${named("other")}\nexport const experimental_reuseContext = true;`,
      "almost.ts": `${named("almost")}\nexport const experimental_reuseContext = 1;`,
      "http.ts": http,
    },
    { functionTimeoutMs: 300 },
  );
});
afterAll(() => t.close());

const FRESH = [1];
const waitForQuiet = () => new Promise((resolve) => setTimeout(resolve, 60));

test("a call finds nothing of earlier ones, however they ended", async () => {
  for (let call = 0; call < 3; call++) {
    expect(await t.mutation("plain:asMutation")).toEqual(FRESH);
    expect(t.query("plain:asQuery")).toEqual(FRESH);
    expect(await t.action("plain:asAction")).toEqual(FRESH);
    expect(await (await t.http("/leave")).json()).toEqual(FRESH);
    await waitForQuiet();
  }
  await expect(t.mutation("plain:failing")).rejects.toThrow("failed");
  expect(await t.mutation("plain:asMutation")).toEqual(FRESH);
  await expect(t.mutation("plain:endless")).rejects.toThrow("timed out");
  expect(await t.mutation("plain:asMutation")).toEqual(FRESH);
  await expect(t.mutation("plain:hanging")).rejects.toThrow("never resolves");
  expect(await t.mutation("almost:asMutation")).toEqual(FRESH);
  expect(await t.mutation("almost:asMutation")).toEqual(FRESH);
});

test("nor in the built-in classes of the host", async () => {
  expect(await t.mutation("plain:inHost")).toEqual([1, 1]);
  await expect(t.mutation("plain:endlessInHost")).rejects.toThrow("timed out");
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(await t.mutation("plain:inHost")).toEqual([1, 1]);
});

test("an action's timers end with it", async () => {
  const before = t.query("plain:count");
  await t.action("plain:ticking");
  await waitForQuiet();
  expect(t.query("plain:count")).toBe(before);
});

test("a called function has a context of its own, and its caller keeps its", async () => {
  expect(await t.mutation("plain:calling")).toEqual([FRESH, FRESH, FRESH, 1, [2]]);
  expect(await t.action("plain:together")).toEqual([FRESH, 1]);
  expect(await t.mutation("plain:asMutation")).toEqual(FRESH);
});

test("modules that reuse contexts find what calls of such modules left, and no other does", async () => {
  expect(await t.mutation("lasting:asMutation")).toEqual([1]);
  expect((await t.mutation("lasting:asMutation")) as number[]).toContain(2);
  expect((await t.mutation("other:asMutation")) as number[]).toContain(3);
  await expect(t.mutation("plain:endless")).rejects.toThrow("timed out");
  expect((await t.mutation("other:asMutation")) as number[]).toContain(4);
  expect(await t.mutation("plain:asMutation")).toEqual(FRESH);
});
