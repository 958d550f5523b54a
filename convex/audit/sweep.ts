import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { retentionMs } from "../lib/retention";

const BATCH = 500;
const DEFAULT_RETENTION_DAYS = 365;

/** Cron: deletes entries older than `AUDIT_RETENTION_DAYS` (default 365), a batch at a time. The one way an entry leaves. */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const old = await ctx.db
      .query("auditEntries")
      .withIndex("by_at", (q) =>
        q.lt("at", Date.now() - retentionMs(process.env.AUDIT_RETENTION_DAYS, DEFAULT_RETENTION_DAYS)),
      )
      .take(BATCH);
    for (const entry of old) await ctx.db.delete("auditEntries", entry._id);
    if (old.length === BATCH) await ctx.scheduler.runAfter(0, internal.audit.sweep.deleteOld, {});
    return null;
  },
});
