import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from "../lib/time";
import { newBackend, signedInUser, type T } from "../setup.testing";

const NOON = Date.parse("2026-03-10T12:00:00Z");
const MIDNIGHT = NOON - 12 * HOUR_MS;
const HEALTH = "GET /api/health/";

beforeEach(() => {
  vi.useFakeTimers({ now: NOON, toFake: ["Date"] });
  vi.stubEnv("SERVICE_KEY", "k".repeat(40));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

/** Times that other tests have left in memory are written into a deployment of its own first. */
async function withEmptyHands(): Promise<T> {
  await scrape(newBackend());
  return newBackend();
}

const ask = async (t: T, path = "/api/health/") => await (await t.fetch(path)).text();
const scrape = async (t: T) =>
  await (await t.fetch("/api/metrics/", { headers: { Authorization: `Bearer ${"k".repeat(40)}` } })).text();
const rowsOf = (t: T) => t.run(async (ctx) => await ctx.db.query("operationsDurations").collect());

test("requests are timed by operation, and written every ten seconds with a request, not with each", async () => {
  const t = await withEmptyHands();
  const { as } = await signedInUser(t, { permissions: ["view_operations"] });
  const get = (period: "day" | "week" | "month") => as.query(api.operations.latency.get, { period });
  for (let n = 0; n < 30; n++) await ask(t);
  await ask(t, "/api/nowhere/");
  expect([await get("day"), await rowsOf(t)]).toEqual([[], []]);
  vi.setSystemTime(NOON + 11 * SECOND_MS);
  await ask(t);
  const shown = await get("day");
  expect(shown).toContainEqual({ operation: HEALTH, requests: 31, failed: 0, p50Ms: 1, p95Ms: 1, p99Ms: 1 });
  expect(shown).toContainEqual(expect.objectContaining({ operation: "other", requests: 1 }));
  const rows = (await rowsOf(t)).filter(({ operation }) => operation === HEALTH);
  expect(rows.map(({ span, at, requests }) => [span, at, requests])).toEqual([
    ["hour", NOON, 31],
    ["day", MIDNIGHT, 31],
    ["all", 0, 31],
  ]);
  const stranger = await signedInUser(t);
  await expect(stranger.as.query(api.operations.latency.get, { period: "day" })).rejects.toThrow("view_operations");
});

test("requests leave the day, the week and the month, and their rows go; the figures of metrics never fall", async () => {
  const t = await withEmptyHands();
  const { as } = await signedInUser(t, { permissions: ["view_operations"] });
  const counts = async () =>
    await Promise.all(
      (["day", "week", "month"] as const).map(
        async (period) =>
          (await as.query(api.operations.latency.get, { period })).find(({ operation }) => operation === HEALTH)
            ?.requests,
      ),
    );
  const total = async () =>
    Number(/_duration_seconds_count\{operation="GET \/api\/health\/"\} (\d+)/.exec(await scrape(t))?.[1]);
  const askAt = async (at: number) => {
    vi.setSystemTime(at);
    await ask(t);
    return [await total(), await counts()];
  };
  expect(await askAt(NOON)).toEqual([1, [1, 1, 1]]);
  expect(await askAt(NOON + 23 * HOUR_MS)).toEqual([2, [2, 2, 2]]);
  expect(await askAt(NOON + 26 * HOUR_MS)).toEqual([3, [2, 3, 3]]);
  expect(await askAt(NOON + 8 * DAY_MS)).toEqual([4, [1, 1, 4]]);
  expect(await askAt(NOON + 40 * DAY_MS)).toEqual([5, [1, 1, 1]]);
  const rows = (await rowsOf(t)).filter(({ operation }) => operation === HEALTH);
  expect(rows.map(({ span, at, requests }) => [span, at, requests]).sort()).toEqual([
    ["all", 0, 5],
    ["day", MIDNIGHT + 40 * DAY_MS, 1],
    ["hour", NOON + 40 * DAY_MS, 1],
  ]);
});

test("answers of 5xx count as failures", async () => {
  const t = await withEmptyHands();
  const { as } = await signedInUser(t, { permissions: ["view_operations"] });
  await t.mutation(internal.operations.ticks.note, {});
  await ask(t);
  // The cron of each minute is silent now, so health is 503.
  vi.setSystemTime(NOON + 10 * MINUTE_MS);
  await ask(t);
  expect(await as.query(api.operations.latency.get, { period: "day" })).toContainEqual(
    expect.objectContaining({ operation: HEALTH, requests: 2, failed: 1 }),
  );
});

test("metrics have a histogram by operation", async () => {
  const t = await withEmptyHands();
  const text = await scrape(t).then(() => scrape(t));
  const lines = text.split("\n").filter((line) => line.includes("http_request_duration_seconds"));
  expect(lines[1]).toBe("# TYPE live_sessions_http_request_duration_seconds histogram");
  const operation = 'operation="GET /api/metrics/"';
  expect(lines.filter((line) => line.includes(operation))).toEqual([
    ...[0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.256, 0.512, 1.024, 2.048, 4.096, 8.192, 16.384, "+Inf"].map(
      (le) => `live_sessions_http_request_duration_seconds_bucket{${operation},le="${le}"} 2`,
    ),
    `live_sessions_http_request_duration_seconds_sum{${operation}} 0`,
    `live_sessions_http_request_duration_seconds_count{${operation}} 2`,
  ]);
});
