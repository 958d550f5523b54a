/** The scheduler's sign of life. The one module that writes `operationsTicks`. */
import { v } from "convex/values";
import { internalMutation, type QueryCtx } from "../_generated/server";

export { experimental_reuseContext } from "../lib/contexts";

/** When the scheduler last ran, ms; null before its first run. */
export const getLastTick = async (ctx: { db: QueryCtx["db"] }): Promise<number | null> =>
  (await ctx.db.query("operationsTicks").first())?.at ?? null;

/** Cron. */
export const note = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const at = Date.now();
    const row = await ctx.db.query("operationsTicks").first();
    if (row) await ctx.db.patch("operationsTicks", row._id, { at });
    else await ctx.db.insert("operationsTicks", { at });
    return null;
  },
});
