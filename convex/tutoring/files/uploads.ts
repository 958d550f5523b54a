import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { internalMutation } from "../../_generated/server";
import { DAY_MS } from "../../lib/time";

export { experimental_reuseContext } from "../../lib/contexts";

const BATCH = 200;

/**
 * Cron: deletes stored bytes that no material names a day after they came in: an upload that was never used, was
 * refused, or repeated another under the same `Idempotency-Key`. Goes through all files a batch at a time. Materials
 * are the only thing that stores files; whatever else does one day has to be asked here.
 */
export const dropUnused = internalMutation({
  args: { olderThanMs: v.optional(v.number()), after: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { olderThanMs = DAY_MS, after = 0 }) => {
    const files = await ctx.db.system
      .query("_storage")
      .withIndex("by_creation_time", (q) => q.gt("_creationTime", after).lte("_creationTime", Date.now() - olderThanMs))
      .take(BATCH);
    for (const { _id } of files) {
      const user = await ctx.db
        .query("tutoringMaterials")
        .withIndex("by_storageId", (q) => q.eq("body.storageId", _id))
        .first();
      if (!user) await ctx.storage.delete(_id);
    }
    const last = files.at(-1);
    if (last && files.length === BATCH)
      await ctx.scheduler.runAfter(0, internal.tutoring.files.uploads.dropUnused, {
        olderThanMs,
        after: last._creationTime,
      });
    return null;
  },
});
