/**
 * Token buckets of rate limits: a row for each limit and key, in the transaction that the limit is for. The arithmetic
 * is `@convex-dev/rate-limiter`'s; its component would be a transaction and a context of its own for each request.
 * The one module that writes `rateBuckets`.
 */
import { calculateRateLimit, MINUTE, SECOND } from "@convex-dev/rate-limiter";
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type Bucket = { name: string; key: string; ratePerMinute: number };

const findRow = (ctx: { db: QueryCtx["db"] }, { name, key }: Bucket): Promise<Doc<"rateBuckets"> | null> =>
  ctx.db
    .query("rateBuckets")
    .withIndex("by_name_and_key", (q) => q.eq("name", name).eq("key", key))
    .unique();

function countTokens(row: Doc<"rateBuckets"> | null, { ratePerMinute }: Bucket, now: number): number {
  // A time that lies ahead is of a clock that was put back since. The bucket begins anew, for nobody is to wait longer
  // than a period; clocks are slewed by less than a second, which is no reason to.
  const isKnown = row !== null && row.countedAt - now < SECOND;
  const state = isKnown ? { value: row.tokens, ts: Math.min(row.countedAt, now) } : null;
  return calculateRateLimit(state, { kind: "token bucket", rate: ratePerMinute, period: MINUTE }, now).value;
}

/** Counts the tokens that are left, not rounded. Takes none. */
export const measureTokens = async (ctx: { db: QueryCtx["db"] }, bucket: Bucket): Promise<number> =>
  countTokens(await findRow(ctx, bucket), bucket, Date.now());

/** Takes up to `want` tokens. → how many it took, and the tokens left, not rounded */
export async function takeFromBucket(
  ctx: MutationCtx,
  bucket: Bucket,
  want: number,
): Promise<{ granted: number; left: number }> {
  const now = Date.now();
  const row = await findRow(ctx, bucket);
  const tokens = countTokens(row, bucket, now);
  const granted = Math.max(0, Math.min(want, Math.floor(tokens)));
  const left = tokens - granted;
  if (granted === 0) return { granted, left };
  const { name, key } = bucket;
  if (row) await ctx.db.patch("rateBuckets", row._id, { tokens: left, countedAt: now });
  else await ctx.db.insert("rateBuckets", { name, key, tokens: left, countedAt: now });
  return { granted, left };
}

/** Deletes buckets that nobody has used for a period, which are full again. → whether there may be more */
export async function deleteFullBuckets(ctx: MutationCtx, limit: number): Promise<boolean> {
  const full = await ctx.db
    .query("rateBuckets")
    .withIndex("by_countedAt", (q) => q.lt("countedAt", Date.now() - MINUTE))
    .take(limit);
  for (const { _id } of full) await ctx.db.delete("rateBuckets", _id);
  return full.length === limit;
}
