/** Figures as they were, every five minutes of a week. The one module that writes `operationsSamples`. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { internalMutation, type QueryCtx } from "../../_generated/server";
import { nameResponses, RESPONSES } from "../../rest/tally";
import { DAY_MS, MINUTE_MS } from "../../lib/time";
import type { Figures, Sample } from "./buckets";

export { experimental_reuseContext } from "../../lib/contexts";

export const SAMPLE_INTERVAL_MS = 5 * MINUTE_MS;
const KEPT_MS = 7 * DAY_MS;
/** Rows of the time kept, and some for a clock that was put back. */
const KEPT_MAX = KEPT_MS / SAMPLE_INTERVAL_MS + 100;
/** At least as many as come, so that what is kept does not grow. */
const DELETED_AT_ONCE = 20;

/** Cron. */
export const take = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const at = Date.now();
    await ctx.db.insert("operationsSamples", { at, figures: await readFigures(ctx, at) });
    const old = await ctx.db
      .query("operationsSamples")
      .withIndex("by_at", (q) => q.lt("at", at - KEPT_MS))
      .take(DELETED_AT_ONCE);
    for (const { _id } of old) await ctx.db.delete("operationsSamples", _id);
    return null;
  },
});

/** The figures now. */
export async function readFigures(ctx: Pick<QueryCtx, "runQuery">, now: number): Promise<Figures> {
  const { counters, outbox, webhooks, lateMs } = await ctx.runQuery(internal.operations.measures.measure, {});
  const ageOf = (since: number | null) => (since === null ? 0 : Math.max(0, now - since));
  return {
    outboxDepth: outbox.depth,
    outboxOldestMs: ageOf(outbox.oldestAt),
    webhooksDepth: webhooks.depth,
    webhooksOldestMs: ageOf(webhooks.oldestAt),
    // Where jobs do not run at all, nothing is recorded either.
    jobsLateMs: lateMs ?? 0,
    outboxDelivered: counters.outbox_delivered ?? 0,
    outboxFailed: counters.outbox_failed ?? 0,
    webhooksDelivered: counters.webhooks_delivered ?? 0,
    webhooksFailed: counters.webhooks_failed ?? 0,
    signIns: counters.sign_in ?? 0,
    signInFailures: counters.sign_in_failed ?? 0,
    refused: sumResponses(counters, 400),
    failed: sumResponses(counters, 500),
  };
}

/** Answers of a class, such as 4xx, over all domains. */
function sumResponses(counters: Record<string, number>, status: number): number {
  const ending = nameResponses("", status).slice(RESPONSES.length + 1);
  return Object.entries(counters)
    .filter(([name]) => name.startsWith(`${RESPONSES} `) && name.endsWith(ending))
    .reduce((sum, [, value]) => sum + value, 0);
}

/** Samples since `from`, oldest first. */
export const listSamples = (ctx: { db: QueryCtx["db"] }, from: number): Promise<Sample[]> =>
  ctx.db
    .query("operationsSamples")
    .withIndex("by_at", (q) => q.gte("at", from))
    .take(KEPT_MAX);
