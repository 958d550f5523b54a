import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { DAY_MS } from "../lib/time";

const BATCH = 500;
const DEFAULT_RETENTION_DAYS = 365;

/** `AUDIT_RETENTION_DAYS` (default 365), in ms; a malformed value keeps the default rather than losing entries. */
export function retentionMs(): number {
  const days = Number(process.env.AUDIT_RETENTION_DAYS ?? DEFAULT_RETENTION_DAYS);
  return (days >= 1 ? days : DEFAULT_RETENTION_DAYS) * DAY_MS;
}

/** Cron: deletes entries past their retention, a batch at a time. The one way an entry leaves. */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const old = await ctx.db
      .query("auditEntries")
      .withIndex("by_at", (q) => q.lt("at", Date.now() - retentionMs()))
      .take(BATCH);
    for (const entry of old) await ctx.db.delete("auditEntries", entry._id);
    if (old.length === BATCH) await ctx.scheduler.runAfter(0, internal.audit.sweep.deleteOld, {});
    return null;
  },
});
