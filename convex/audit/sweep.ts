import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { readRetentionMs } from "../lib/retention";
import { deleteEntriesBefore } from "./writer";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 500;
const DEFAULT_RETENTION_DAYS = 365;

/** Cron: deletes entries older than `AUDIT_RETENTION_DAYS` (default 365), a batch at a time. */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const before = Date.now() - readRetentionMs(process.env.AUDIT_RETENTION_DAYS, DEFAULT_RETENTION_DAYS);
    if (await deleteEntriesBefore(ctx, before, BATCH))
      await ctx.scheduler.runAfter(0, internal.audit.sweep.deleteOld, {});
    return null;
  },
});
