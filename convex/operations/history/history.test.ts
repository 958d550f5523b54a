import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../../_generated/api";
import { countUp } from "../../lib/counters";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../lib/time";
import { newBackend, signedInUser } from "../../setup.testing";
import { FIGURES, toBuckets, type Figures } from "./buckets";

const NOON = Date.parse("2026-03-10T12:00:00Z");

beforeEach(() => void vi.useFakeTimers({ now: NOON, toFake: ["Date"] }));
afterEach(() => void vi.useRealTimers());

const figures = (given: Partial<Figures>): Figures =>
  ({ ...Object.fromEntries(FIGURES.map((name) => [name, 0])), ...given }) as Figures;

test("of gauges the highest value counts, of totals what was added; gaps stay empty, counters may begin anew", () => {
  const samples = [
    { at: 5, figures: figures({ signIns: 10 }) },
    { at: 11, figures: figures({ outboxDepth: 7, signIns: 12 }) },
    { at: 19, figures: figures({ outboxDepth: 3, signIns: 13 }) },
    { at: 31, figures: figures({ outboxDepth: 1, signIns: 20 }) },
    { at: 42, figures: figures({ signIns: 2 }) },
  ];
  const buckets = toBuckets(samples, { now: 45, widthMs: 10, count: 4 });
  expect(buckets.map(({ at }) => at)).toEqual([10, 20, 30, 40]);
  expect(buckets.map((bucket) => bucket.figures && [bucket.figures.outboxDepth, bucket.figures.signIns])).toEqual([
    [7, 3],
    null,
    [1, 7],
    [0, 0],
  ]);
  expect(toBuckets([], { now: 45, widthMs: 10, count: 2 }).every((bucket) => bucket.figures === null)).toBe(true);
});

test("samples are recorded, told to who may see them, and leave after a week", async () => {
  const t = newBackend();
  const operator = await signedInUser(t, { permissions: ["view_operations"] });
  const take = () => t.mutation(internal.operations.history.samples.take, {});
  await take();
  await t.run(async (ctx) => {
    await countUp(ctx, "sign_in", 3);
    await countUp(ctx, "http_responses focus 4xx", 2);
    await countUp(ctx, "http_responses tutoring 4xx", 1);
    await countUp(ctx, "http_responses focus 5xx", 5);
  });
  vi.setSystemTime(NOON + 16 * MINUTE_MS);
  await take();
  const { buckets, widthMs } = await operator.as.query(api.operations.state.history, { period: "day" });
  expect([buckets.length, widthMs]).toEqual([96, 15 * MINUTE_MS]);
  expect(buckets.at(-1)).toMatchObject({
    at: NOON + 15 * MINUTE_MS,
    figures: { signIns: 3, refused: 3, failed: 5, outboxDepth: 0, jobsLateMs: 0 },
  });
  expect(buckets.at(-3)!.figures).toBeNull();
  const week = await operator.as.query(api.operations.state.history, { period: "week" });
  expect([week.buckets.length, week.widthMs]).toEqual([84, 2 * HOUR_MS]);

  vi.setSystemTime(NOON + 8 * DAY_MS);
  await take();
  expect(await t.run(async (ctx) => (await ctx.db.query("operationsSamples").collect()).length)).toBe(1);
  const stranger = await signedInUser(t);
  await expect(stranger.as.query(api.operations.state.history, { period: "day" })).rejects.toThrow("view_operations");
});

test("a late job shows, now and in history; the time in which nothing ran does not", async () => {
  const t = newBackend();
  const operator = await signedInUser(t, { permissions: ["view_operations"] });
  await t.mutation(internal.operations.ticks.note, {});
  await t.mutation(internal.operations.ticks.noteLateness, { dueAt: NOON - 2_000 });
  vi.setSystemTime(NOON + 6 * HOUR_MS);
  await t.mutation(internal.operations.history.samples.take, {});
  const { buckets } = await operator.as.query(api.operations.state.history, { period: "day" });
  expect(buckets.at(-1)!.figures!.jobsLateMs).toBe(2_000);
  expect(await operator.as.query(api.operations.state.get, {})).toMatchObject({
    lastTickAt: NOON,
    lateMs: 2_000,
    webhooks: { depth: 0, oldestAt: null },
  });
});
