/**
 * Times of REST requests by operation: of each hour of two days, of each day of 30, and of all time. The one module
 * that writes `operationsDurations`.
 */
import { v, type Infer } from "convex/values";
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from "../../_generated/server";
import { addCounts } from "../../lib/numbers/histogram";
import { DAY_MS, HOUR_MS } from "../../lib/time";
import { vDurations, type vSpan } from "./tables";

export { experimental_reuseContext } from "../../lib/contexts";

type ReadCtx = { db: QueryCtx["db"] };
export type Durations = Infer<typeof vDurations>;
type Span = Infer<typeof vSpan>;
/** A time of a kind by the moment at which it began, ms; that of all time began at 0. */
type Place = { span: Span; at: number };

const LENGTH_MS = { hour: HOUR_MS, day: DAY_MS };
const KEPT_MS = { hour: 2 * DAY_MS, day: 30 * DAY_MS };
/** More than one, so that what is kept does not grow. */
const DELETED_AT_ONCE = 5;
/** Rows that are read at once: those of a hundred operations in 30 days, and some. */
const ROWS_MAX = 4_000;

const toPlaces = (at: number): Place[] => [
  { span: "hour", at: Math.floor(at / HOUR_MS) * HOUR_MS },
  { span: "day", at: Math.floor(at / DAY_MS) * DAY_MS },
  { span: "all", at: 0 },
];

/** Adds what a process has measured, each with the hour in which it was. */
export const add = internalMutation({
  args: { measured: v.array(v.object({ hourAt: v.number(), ...vDurations.fields })) },
  returns: v.null(),
  handler: async (ctx, { measured }) => {
    for (const { hourAt, ...durations } of measured)
      for (const place of toPlaces(hourAt)) await addTo(ctx, place, durations);
    return null;
  },
});

async function addTo(ctx: MutationCtx, place: Place, durations: Durations): Promise<void> {
  const { span, at } = place;
  const row = await ctx.db
    .query("operationsDurations")
    .withIndex("by_span_and_at_and_operation", (q) =>
      q.eq("span", span).eq("at", at).eq("operation", durations.operation),
    )
    .unique();
  if (row) return await ctx.db.patch("operationsDurations", row._id, sumOf(row, durations));
  await ctx.db.insert("operationsDurations", { span, at, ...durations });
  if (span !== "all") await deleteBefore(ctx, span, at - KEPT_MS[span]);
}

async function deleteBefore(ctx: MutationCtx, span: Span, before: number): Promise<void> {
  const old = await ctx.db
    .query("operationsDurations")
    .withIndex("by_span_and_at_and_operation", (q) => q.eq("span", span).lt("at", before))
    .take(DELETED_AT_ONCE);
  for (const { _id } of old) await ctx.db.delete("operationsDurations", _id);
}

const sumOf = (a: Durations, b: Durations): Durations => ({
  operation: a.operation,
  requests: a.requests + b.requests,
  failed: a.failed + b.failed,
  totalMs: a.totalMs + b.totalMs,
  counts: addCounts(a.counts, b.counts),
});

/** The durations of the last hours or days, the one that runs among them, by operation. */
export async function listDurations(ctx: ReadCtx, span: "hour" | "day", count: number): Promise<Durations[]> {
  const from = Date.now() - count * LENGTH_MS[span];
  const rows = await ctx.db
    .query("operationsDurations")
    .withIndex("by_span_and_at_and_operation", (q) => q.eq("span", span).gt("at", from))
    .take(ROWS_MAX);
  const sums = new Map<string, Durations>();
  for (const row of rows) {
    const sum = sums.get(row.operation);
    sums.set(row.operation, sum ? sumOf(sum, row) : row);
  }
  return [...sums.values()];
}

/** The durations since the deployment began, by operation, for metrics. */
export const listAll = internalQuery({
  args: {},
  returns: v.array(vDurations),
  handler: async (ctx) => {
    const rows = await ctx.db
      .query("operationsDurations")
      .withIndex("by_span_and_at_and_operation", (q) => q.eq("span", "all"))
      .take(ROWS_MAX);
    return rows.map(({ operation, requests, failed, totalMs, counts }) => ({
      operation,
      requests,
      failed,
      totalMs,
      counts,
    }));
  },
});
