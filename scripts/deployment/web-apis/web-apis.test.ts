/** Web APIs and parts of the language that code for the hosted platform takes for granted. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "../engine/testing";
import type { Json } from "../values";

/** A module of WebAssembly that exports `add`. */
const ADD = "AGFzbQEAAAABBwFgAn9/AX8DAgEABwcBA2FkZAAACgkBBwAgACABagsACgRuYW1lAgMBAAA=";

const web = `import { action, query, mutation } from "./server";
const classes = async () => [
  crypto instanceof Crypto, crypto.subtle instanceof SubtleCrypto, (await crypto.subtle.digest("SHA-256", new Uint8Array())).byteLength,
  new ReadableStream().getReader() instanceof ReadableStreamDefaultReader, new WritableStream().getWriter() instanceof WritableStreamDefaultWriter,
  typeof ReadableStreamBYOBReader,
];
export const classesInQuery = query({ args: {}, handler: classes });
export const classesInAction = action({ args: {}, handler: classes });
export const performanceInAction = action({ args: {}, handler: async () =>
  [performance instanceof Performance, performance.mark("m") instanceof PerformanceEntry] });
const timing = async () => {
  const start = performance.mark("start", { detail: { a: [1] } });
  performance.mark("start", { startTime: 3 });
  performance.mark("end", { startTime: 10 });
  const error = (work) => { try { work(); return null; } catch (thrown) { return thrown.name; } };
  const lengths = [
    performance.measure("m", "start", "end"), performance.measure("o", { start: 2, duration: 5, detail: "d" }),
    performance.measure("e", { end: 9, duration: 4 }), performance.measure("r", { start: "start", end: 4 }),
  ].map(({ startTime, duration, detail }) => [startTime, duration, detail]);
  const found = performance.getEntriesByType("measure").map(({ name }) => name).join("");
  performance.clearMeasures("m");
  performance.clearMarks();
  return [
    start.detail, lengths, found, performance.getEntries().length, performance.getEntriesByName("o").length,
    [performance instanceof Performance, start instanceof PerformanceMark, start instanceof PerformanceEntry],
    Object.keys(performance.measure("whole").toJSON()), typeof performance.now(), typeof performance.timeOrigin,
    [() => performance.mark(), () => performance.mark("n", { startTime: -1 }), () => performance.measure("x", "none"),
      () => performance.measure("x", { start: 1, end: 2, duration: 1 }), () => new Performance(), () => new PerformanceEntry()].map(error),
  ];
};
export const timingInQuery = query({ args: {}, handler: timing });
export const timingInMutation = mutation({ args: {}, handler: timing });
export const timingInAction = action({ args: {}, handler: timing });
const q = (handler) => query({ args: {}, handler });
const wasm = Uint8Array.from(atob("${ADD}"), (c) => c.charCodeAt(0));
export const blob = q(async () => {
  const blob = new Blob(["a", new Uint8Array([98]), new Blob(["c"])], { type: "text/x" });
  const file = new File(["file"], "name.txt");
  return [await blob.text(), blob.size, blob.type, await blob.slice(1, -1).text(), (await blob.arrayBuffer()).byteLength,
    await file.text(), file.name, file instanceof Blob, blob instanceof Blob];
});
export const response = q(async () => {
  const response = new Response('{"a":1}', { status: 201 });
  const copy = response.clone();
  const { a } = await response.json();
  const again = await response.text().catch((error) => error instanceof TypeError);
  return [a, again, response.bodyUsed, await copy.text(), copy.status, await (await new Response(new Blob(["b"], { type: "text/x" })).blob()).text(),
    (await new Response(new URLSearchParams({ x: "1" })).formData()).get("x"), await Response.json({ j: 1 }).json(),
    new Response("") instanceof Response, await new Response().text()];
});
export const request = mutation({ args: {}, handler: async () => {
  const request = new Request("http://x.test/", { method: "POST", body: "sent" });
  const form = new FormData();
  form.append("k", "v");
  return [await new Request(request).text(), request.method, (await new Request("http://x.test/", { method: "POST", body: form }).formData()).get("k")];
} });
export const assembly = q(async () => {
  const { instance } = await WebAssembly.instantiate(wasm, {});
  const compiled = await WebAssembly.compile(wasm);
  const second = await WebAssembly.instantiate(compiled);
  const failed = await WebAssembly.instantiate(new Uint8Array([1])).catch((error) => error instanceof WebAssembly.CompileError);
  return [instance.exports.add(2, 3), second.exports.add(3, 4), failed];
});
export const bytes = q(async () => [Uint8Array.fromBase64("AQL/"), Uint8Array.fromHex("0aff"), Uint8Array.fromBase64("-_8", { alphabet: "base64url" })].map((b) => [...b])
  .concat([new Uint8Array([251, 255]).toBase64(), new Uint8Array([251, 255]).toBase64({ alphabet: "base64url", omitPadding: true }), new Uint8Array([1, 255]).toHex()]));
export const language = q(async () => {
  function* count() { for (let n = 0; ; n++) yield n; }
  const { promise, resolve } = Promise.withResolvers();
  resolve("resolved");
  let closed = false;
  function* watched() { try { yield 1; yield 2; } finally { closed = true; } }
  watched().take(1).toArray();
  return [
    count().filter((n) => n % 2).map((n) => n * 10).drop(1).take(3).toArray(), closed,
    Iterator.from(new Set([1, 2])).reduce((a, b) => a + b), [1, 2].values().flatMap((n) => [n, n]).toArray(), count().find((n) => n > 4),
    count().take(0).toArray(), [1].values() instanceof Iterator,
    await Array.fromAsync([Promise.resolve(1), 2], (n) => n + 1), await promise, await Promise.try(() => 7),
    Object.groupBy([1, 2, 3], (n) => (n % 2 ? "odd" : "even")), [...Map.groupBy([1, 2, 3], (n) => n % 2).get(1)],
    [...new Set([1, 2]).union(new Set([3]))], [...new Set([1, 2]).intersection(new Set([2]))], [...new Set([1, 2]).symmetricDifference(new Set([2, 3]))],
    new Set([1]).isSubsetOf(new Set([1, 2])), new Map().getOrInsert("a", 1),
  ];
});`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({ "web.ts": web });
});
afterAll(() => t.close());

test("blobs and files are read in queries", () => {
  expect(t.query("web:blob")).toEqual(["abc", 3, "text/x", "b", 3, "file", "name.txt", true, true]);
});

test("the classes of what is there are there", async () => {
  const all = [true, true, 32, true, true, "function"];
  expect(t.query("web:classesInQuery")).toEqual(all);
  expect(await t.action("web:classesInAction")).toEqual(all);
  expect(await t.action("web:performanceInAction")).toEqual([true, true]);
});

test("marks and measures are taken in every kind of function", async () => {
  const taken = [
    { a: [1] },
    [
      [3, 7, null],
      [2, 5, "d"],
      [5, 4, null],
      [3, 1, null],
    ],
    "omre",
    3,
    1,
    [true, true, true],
    ["name", "entryType", "startTime", "duration", "detail"],
    "number",
    "number",
    ["TypeError", "TypeError", "SyntaxError", "TypeError", "TypeError", "TypeError"],
  ];
  expect(t.query("web:timingInQuery")).toEqual(taken);
  expect(await t.mutation("web:timingInMutation")).toEqual(taken);
  const inAction = (await t.action("web:timingInAction")) as Json[];
  expect([...inAction.slice(0, 3), ...inAction.slice(4, 6)]).toEqual([...taken.slice(0, 3), ...taken.slice(4, 6)]);
});

test("bodies of requests and responses are read in queries and mutations", async () => {
  expect(t.query("web:response")).toEqual([1, true, true, '{"a":1}', 201, "b", "1", { j: 1 }, true, ""]);
  expect(await t.mutation("web:request")).toEqual(["sent", "POST", "v"]);
});

test("WebAssembly is compiled and instantiated in queries", () => {
  expect(t.query("web:assembly")).toEqual([5, 7, true]);
});

test("bytes are written and read as base64 and in hexadecimal", () => {
  expect(t.query("web:bytes")).toEqual([[1, 2, 255], [10, 255], [251, 255], "+/8=", "-_8", "01ff"]);
});

test("newer built-ins of the language are there", () => {
  expect(t.query("web:language")).toEqual([
    [30, 50, 70],
    true,
    3,
    [1, 1, 2, 2],
    5,
    [],
    true,
    [2, 3],
    "resolved",
    7,
    { odd: [1, 3], even: [2] },
    [1, 3],
    [1, 2, 3],
    [2],
    [1, 3],
    true,
    1,
  ]);
});
