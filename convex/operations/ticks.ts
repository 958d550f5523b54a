/** The scheduler's sign of life. The one module that writes `operationsTicks`. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation, type QueryCtx } from "../_generated/server";
import { MINUTE_MS } from "../lib/time";

export { experimental_reuseContext } from "../lib/contexts";

/** When the scheduler last ran, ms; null before its first run. */
export const getLastTick = async (ctx: { db: QueryCtx["db"] }): Promise<number | null> =>
  (await ctx.db.query("operationsTicks").first())?.at ?? null;

/** How late the scheduler last ran a job, ms; null before it was measured. */
export const getLateness = async (ctx: { db: QueryCtx["db"] }): Promise<number | null> =>
  (await ctx.db.query("operationsTicks").first())?.lateMs ?? null;

/** Each measurement is a call of its own. */
export const LATENESS_EVERY_TICKS = 10;

/** A job of which only the time counts at which it runs. */
export const noteLateness = internalMutation({
  args: { dueAt: v.number() },
  returns: v.null(),
  handler: async (ctx, { dueAt }) => {
    const row = await ctx.db.query("operationsTicks").first();
    if (row) await ctx.db.patch("operationsTicks", row._id, { lateMs: Math.max(0, Date.now() - dueAt) });
    return null;
  },
});

/** Cron. */
export const note = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const at = Date.now();
    if (Math.floor(at / MINUTE_MS) % LATENESS_EVERY_TICKS === 0)
      await ctx.scheduler.runAt(at, internal.operations.ticks.noteLateness, { dueAt: at });
    const row = await ctx.db.query("operationsTicks").first();
    if (row) await ctx.db.patch("operationsTicks", row._id, { at });
    else await ctx.db.insert("operationsTicks", { at });
    return null;
  },
});
