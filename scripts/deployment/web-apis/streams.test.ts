/** Streams, forms and copies in queries and mutations, which never wait for the event loop. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startEngine, type TestEngine } from "../engine/testing";

const web = String.raw`import { query, mutation } from "./server";
const q = (handler) => query({ args: {}, handler });
const numbers = () => new ReadableStream({ start(c) { for (const n of [1, 2, 3]) c.enqueue(n); c.close(); } });
const all = async (stream) => { const found = []; for await (const part of stream) found.push(part); return found; };
const text = async (stream) => (await all(stream.pipeThrough(new TextDecoderStream()))).join("");
const failure = async (work) => { try { await work(); return "worked"; } catch (error) { return error.name; } };
export const reading = q(async () => {
  const reader = numbers().getReader();
  const first = await reader.read();
  reader.releaseLock();
  const [left, right] = numbers().tee();
  const doubled = new TransformStream({ transform: (n, c) => c.enqueue(n * 2), flush: (c) => c.enqueue(-1) });
  const written = [];
  await numbers().pipeTo(new WritableStream({ write: (n) => void written.push(n) }));
  const cancelled = numbers();
  await cancelled.cancel();
  const pulled = new ReadableStream({ pull(c) { this.n = (this.n ?? 0) + 1; if (this.n > 2) c.close(); else c.enqueue(this.n); } });
  return [first.value, await all(left), await all(right), await all(numbers().pipeThrough(doubled)), written, await all(cancelled), await all(pulled),
    await all(ReadableStream.from(["a", "b"])), numbers() instanceof ReadableStream,
    await failure(() => all(new ReadableStream({ start() { throw new RangeError("no"); } })))];
});
export const bytes = q(async () => {
  const stream = new ReadableStream({ type: "bytes", start(c) { c.enqueue(new Uint8Array([1, 2, 3])); c.close(); } });
  const reader = stream.getReader({ mode: "byob" });
  const { value } = await reader.read(new Uint8Array(2));
  return [...value];
});
export const coding = q(async () => {
  const source = () => ReadableStream.from([new TextEncoder().encode("a€").slice(0, 2), new TextEncoder().encode("a€").slice(2)]);
  const halves = ReadableStream.from(["a\uD83D", "\uDE00b"]).pipeThrough(new TextEncoderStream());
  const sizes = [];
  for (const format of ["gzip", "deflate", "deflate-raw"]) {
    const packed = new Blob(["x".repeat(1000)]).stream().pipeThrough(new CompressionStream(format));
    const bytes = await new Response(packed).bytes();
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format));
    sizes.push(bytes.length < 100, (await text(unpacked)).length);
  }
  const broken = () => text(new Blob(["no gzip"]).stream().pipeThrough(new DecompressionStream("gzip")));
  return [await text(source()), await text(halves), sizes, await failure(broken), await failure(() => new CompressionStream("br")), new TextDecoderStream().encoding];
});
export const bodies = mutation({ args: {}, handler: async () => {
  const streamed = new Response(ReadableStream.from([new Uint8Array([104]), new Uint8Array([105])]));
  const copy = streamed.clone();
  const form = new FormData();
  form.append("name", "Ann \"A\"");
  form.append("lines", "a\nb");
  form.append("file", new File([new Uint8Array([0, 13, 10, 255])], "a.bin", { type: "x/y" }));
  form.append("name", "again");
  const sent = await new Response(form).formData();
  const raw = '--b\r\nContent-Disposition: form-data; name="k"\r\n\r\nv\r\n--b\r\nContent-Disposition: form-data; name="f"; filename="n.txt"\r\nContent-Type: text/plain\r\n\r\ntext\r\n--b--\r\n';
  const parsed = await new Request("http://x.test", { method: "POST", body: raw, headers: { "content-type": "multipart/form-data; boundary=b" } }).formData();
  const reader = new Response("abc").body.getReader();
  const read = new Response("abc");
  await read.text();
  const moved = new Request("http://x.test/", { method: "POST", body: "sent", headers: { a: "1" } });
  const second = new Request(moved, { headers: { a: "2" } });
  return [
    await copy.text(), await streamed.json().catch((error) => error.name), streamed.bodyUsed,
    sent.getAll("name"), sent.get("lines"), [...(await sent.get("file").bytes())], sent.get("file").name, sent.get("file").type, sent.has("no"),
    parsed.get("k"), await parsed.get("f").text(), parsed.get("f").name,
    new TextDecoder().decode((await reader.read()).value), read.body.locked, await failure(() => read.text()), new Response().body,
    [moved.bodyUsed, second.headers.get("a"), second.method, await second.text()],
    await failure(() => new Request("http://x.test", { body: "x" })), await failure(() => new Response(null, { status: 99 })), await failure(() => new Response("x", { status: 204 })),
    await failure(() => new Response("x", { headers: { "content-type": "text/plain" } }).formData()), new Response("x").headers.get("content-type"),
    (await new Response(new Blob(["b"], { type: "Text/X" })).blob()).type, Response.redirect("http://x.test/a").headers.get("location"),
    await failure(() => Response.json(undefined)), await new Response(new URLSearchParams({ a: "1 2" })).text(), [...new Uint8Array(await new Response(new Uint8Array([7]).buffer).arrayBuffer())],
  ];
} });
export const clones = q(async () => {
  const cyclic = { list: [1, { at: new Date(5) }], map: new Map([["k", new Set([1])]]), view: new Uint8Array([1, 2]).subarray(1), error: new TypeError("wrong", { cause: "c" }), expression: /a/gi, nothing: undefined };
  cyclic.self = cyclic;
  const copy = structuredClone(cyclic);
  const buffer = new ArrayBuffer(4);
  const moved = structuredClone({ buffer }, { transfer: [buffer] });
  return [copy !== cyclic, copy.self === copy, copy.list instanceof Array, copy.list[1].at.getTime(), copy.map.get("k").has(1), [...copy.view], copy.error instanceof TypeError, copy.error.message, copy.error.cause,
    copy.expression.flags, "nothing" in copy, Object.getPrototypeOf(copy) === Object.prototype, buffer.byteLength, moved.buffer.byteLength,
    await failure(() => structuredClone(() => 1)), await failure(() => structuredClone({ s: Symbol("s") })), await structuredClone(new Blob(["b"])).text()];
});
export const language = q(async () => {
  const order = [];
  queueMicrotask(() => order.push("microtask"));
  await null;
  const controller = new AbortController();
  controller.signal.addEventListener("abort", () => order.push("aborted"));
  controller.abort();
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("a"));
  return [order, controller.signal.aborted, AbortSignal.any([controller.signal]).aborted, new Uint8Array(digest).toHex().slice(0, 8),
    [...new Float16Array([1.5, 2049])], Math.f16round(1.337), new DataView(new Uint8Array([0x3e, 0]).buffer).getFloat16(0),
    RegExp.escape("1.a-b"), new RegExp("^" + RegExp.escape("a.b*c d/") + "$").test("a.b*c d/"), Error.isError(new Error("e")), Error.isError({}),
    new Intl.NumberFormat("de-DE").format(1234.5), [3, 1].toSorted(), [1, 2].with(0, 9), "a".isWellFormed(), [1, 2, 3].findLast((n) => n < 3)];
});`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({ "web.ts": web });
});
afterAll(() => t.close());

test("streams are read, piped, teed and cancelled", () => {
  expect(t.query("web:reading")).toEqual([
    1,
    [1, 2, 3],
    [1, 2, 3],
    [2, 4, 6, -1],
    [1, 2, 3],
    [],
    [1, 2],
    ["a", "b"],
    true,
    "RangeError",
  ]);
  expect(t.query("web:bytes")).toEqual([1, 2]);
});

test("streams decode, encode, compress and decompress", () => {
  const sizes = [true, 1000, true, 1000, true, 1000];
  expect(t.query("web:coding")).toEqual(["a€", "a😀b", sizes, "TypeError", "TypeError", "utf-8"]);
});

test("bodies are streams and forms", async () => {
  expect(await t.mutation("web:bodies")).toEqual([
    ...["hi", "SyntaxError", true, ['Ann "A"', "again"], "a\r\nb", [0, 13, 10, 255], "a.bin", "x/y", false],
    ...["v", "text", "n.txt", "abc", false, "TypeError", null, [true, "2", "POST", "sent"]],
    ...["TypeError", "RangeError", "TypeError", "TypeError", "text/plain;charset=UTF-8"],
    ...["text/x", "http://x.test/a", "TypeError", "a=1+2", [7]],
  ]);
});

test("copies are of the function's own classes", () => {
  expect(t.query("web:clones")).toEqual([
    ...[true, true, true, 5, true, [2], true, "wrong", "c", "gi", true, true, 0, 4],
    ...["DataCloneError", "DataCloneError", "b"],
  ]);
});

test("the language and the rest of the web are as new as on the hosted platform", () => {
  expect(t.query("web:language")).toEqual([
    ...[["microtask", "aborted"], true, true, "ca978112", [1.5, 2048], 1.3369140625, 1.5],
    ...["\\x31\\.a\\x2db", true, true, false, "1.234,5", [1, 3], [9, 2], true, 2],
  ]);
});
