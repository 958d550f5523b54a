/**
 * Numbers of events since the deployment began, for metrics. Each is spread over rows of which a transaction takes one
 * at random, so that those that count at the same time seldom meet. The one module that writes `counters`.
 */
import type { MutationCtx, QueryCtx } from "../_generated/server";

const SHARDS = 16;

/** Adds to a counter. */
export async function countUp(ctx: MutationCtx, name: string, by = 1): Promise<void> {
  const shard = Math.floor(Math.random() * SHARDS);
  const row = await ctx.db
    .query("counters")
    .withIndex("by_name_and_shard", (q) => q.eq("name", name).eq("shard", shard))
    .unique();
  if (row) await ctx.db.patch("counters", row._id, { value: row.value + by });
  else await ctx.db.insert("counters", { name, shard, value: by });
}

/** All counters that have counted anything. Their names are few and fixed. */
export async function readCounters(ctx: { db: QueryCtx["db"] }): Promise<Map<string, number>> {
  const totals = new Map<string, number>();
  for await (const { name, value } of ctx.db.query("counters")) totals.set(name, (totals.get(name) ?? 0) + value);
  return totals;
}
