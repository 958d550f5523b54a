import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { readRetentionMs } from "../lib/retention";
import { deleteNotifications } from "./model";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 500;
const DEFAULT_RETENTION_DAYS = 180;

/**
 * Cron: deletes notifications older than `NOTIFICATION_RETENTION_DAYS` (default 180), read or not, a batch at a time.
 */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const before = Date.now() - readRetentionMs(process.env.NOTIFICATION_RETENTION_DAYS, DEFAULT_RETENTION_DAYS);
    const old = await ctx.db
      .query("notifications")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", before))
      .take(BATCH);
    await deleteNotifications(ctx, old);
    if (old.length === BATCH) await ctx.scheduler.runAfter(0, internal.notifications.sweep.deleteOld, {});
    return null;
  },
});
