import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { chooseCoding, encode, isCompressible, varyByEncoding } from "./compression";

test.each([
  [undefined, null],
  ["", null],
  ["identity", null],
  ["deflate", null],
  ["gzip, deflate, br, zstd", "br"],
  ["gzip", "gzip"],
  ["GZip;Q=1", "gzip"],
  ["x-gzip", "gzip"],
  ["br;q=0.5, gzip;q=0.8", "gzip"],
  ["br;q=0, gzip;q=0", null],
  ["*", "br"],
  ["*;q=0", null],
  ["br;q=0, *", "gzip"],
  ["gzip;q=0.5, identity", null],
  ["gzip;q=0.5, identity;q=0.4", "gzip"],
  ["gzip;q=nonsense", null],
  [", ;q=1, gzip", "gzip"],
] as const)("Accept-Encoding: %s is answered in %s", (accepted, coding) => {
  expect(chooseCoding(accepted)).toBe(coding);
});

const answer = (type: string | null, headers: Record<string, string> = {}, status = 200) => ({
  status,
  type,
  get: (name: string) => headers[name] ?? null,
});

test.each([
  "application/json",
  "application/problem+json; charset=utf-8",
  "text/csv",
  "text/calendar",
  "image/svg+xml",
])("%s is compressed from one KiB on", (type) => {
  expect([isCompressible(answer(type), 1023), isCompressible(answer(type), 1024)]).toEqual([false, true]);
});

test.each<[string, ReturnType<typeof answer>]>([
  ["an image", answer("image/png")],
  ["an archive", answer("application/zip")],
  ["a stream of events", answer("text/event-stream")],
  ["something without a type", answer(null)],
  ["what is coded already", answer("text/plain", { "content-encoding": "gzip" })],
  ["what says that it must not be", answer("text/plain", { "cache-control": "public, no-transform" })],
  ["what a strong ETag names", answer("application/json", { etag: '"3"' })],
  ["a part of a file", answer("text/plain", {}, 206)],
  ["an answer without a body", answer("text/plain", {}, 304)],
])("%s goes out as it is", (_, given) => {
  expect(isCompressible(given, 100_000)).toBe(false);
});

test("a weak ETag stands for every coding", () => {
  expect(isCompressible(answer("application/json", { etag: 'W/"3"' }), 2_000)).toBe(true);
});

test("bodies come out as they went in", async () => {
  const text = "naïve 数学 ".repeat(500);
  expect(gunzipSync(await encode(text, "gzip")).toString()).toBe(text);
  const bytes = Buffer.from(`x${text}`).subarray(1);
  expect(brotliDecompressSync(await encode(bytes, "br")).toString()).toBe(text);
});

test("Vary keeps what it says", () => {
  expect([null, "Origin", "accept-encoding", "Origin, Accept-Encoding", "*"].map(varyByEncoding)).toEqual([
    "Accept-Encoding",
    "Origin, Accept-Encoding",
    "accept-encoding",
    "Origin, Accept-Encoding",
    "*",
  ]);
});
