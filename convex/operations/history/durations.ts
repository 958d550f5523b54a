/**
 * Times of REST requests by operation, of each hour of 30 days and of all time. The one module that writes
 * `operationsDurations`.
 */
import { v, type Infer } from "convex/values";
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from "../../_generated/server";
import { addCounts } from "../../lib/numbers/histogram";
import { DAY_MS, HOUR_MS } from "../../lib/time";
import { vDurations } from "./tables";

export { experimental_reuseContext } from "../../lib/contexts";

export type Durations = Infer<typeof vDurations>;

const KEPT_MS = 30 * DAY_MS;
/** More than an hour's row, so that what is kept does not grow. */
const DELETED_AT_ONCE = 10;
/** Rows of a week, and some for a clock that was put back. */
const HOURS_MAX = 200;

/** Adds what a process has measured to the rows of its hours, and to that of all time. */
export const add = internalMutation({
  args: { measured: v.array(v.object({ hourAt: v.number(), ...vDurations.fields })) },
  returns: v.null(),
  handler: async (ctx, { measured }) => {
    const hours = new Map<number | null, Durations[]>([[null, []]]);
    for (const { hourAt, ...durations } of measured)
      for (const hour of [hourAt, null]) hours.set(hour, [...(hours.get(hour) ?? []), durations]);
    for (const [hourAt, durations] of hours) await addTo(ctx, hourAt, durations);
    return null;
  },
});

async function addTo(ctx: MutationCtx, hourAt: number | null, durations: Durations[]): Promise<void> {
  const row = await findRow(ctx, hourAt);
  if (row)
    return await ctx.db.patch("operationsDurations", row._id, { operations: sumUp([...row.operations, ...durations]) });
  await ctx.db.insert("operationsDurations", { hourAt, operations: sumUp(durations) });
  if (hourAt !== null) await deleteBefore(ctx, hourAt - KEPT_MS);
}

const findRow = (ctx: { db: QueryCtx["db"] }, hourAt: number | null) =>
  ctx.db
    .query("operationsDurations")
    .withIndex("by_hourAt", (q) => q.eq("hourAt", hourAt))
    .unique();

async function deleteBefore(ctx: MutationCtx, before: number): Promise<void> {
  const old = await ctx.db
    .query("operationsDurations")
    .withIndex("by_hourAt", (q) => q.gte("hourAt", 0).lt("hourAt", before))
    .take(DELETED_AT_ONCE);
  for (const { _id } of old) await ctx.db.delete("operationsDurations", _id);
}

/** One entry for each operation. */
function sumUp(durations: readonly Durations[]): Durations[] {
  const sums = new Map<string, Durations>();
  for (const one of durations) {
    const sum = sums.get(one.operation);
    sums.set(one.operation, sum ? addDurations(sum, one) : one);
  }
  return [...sums.values()];
}

const addDurations = (a: Durations, b: Durations): Durations => ({
  operation: a.operation,
  requests: a.requests + b.requests,
  failed: a.failed + b.failed,
  totalMs: a.totalMs + b.totalMs,
  counts: addCounts(a.counts, b.counts),
});

/** The durations of all hours that end after `from`, by operation. */
export async function listDurations(ctx: { db: QueryCtx["db"] }, from: number): Promise<Durations[]> {
  const rows = await ctx.db
    .query("operationsDurations")
    .withIndex("by_hourAt", (q) => q.gt("hourAt", from - HOUR_MS))
    .take(HOURS_MAX);
  return sumUp(rows.flatMap(({ operations }) => operations));
}

/** The durations since the deployment began, by operation, for metrics. */
export const listAll = internalQuery({
  args: {},
  returns: v.array(vDurations),
  handler: async (ctx) => (await findRow(ctx, null))?.operations ?? [],
});
