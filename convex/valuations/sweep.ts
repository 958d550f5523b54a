/** Crons of valuations: what nobody can reach any more leaves. Batches that follow one another. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { DAY_MS } from "../lib/time";
import { closeLedger, record } from "./counts/ledger";
import { guestOwner } from "./guests/owners";

const DRAFTS_AT_ONCE = 100;
const RECEIPTS_AT_ONCE = 200;
const RECEIPT_LIFETIME_MS = 30 * DAY_MS;

/**
 * Ends guest ids 90 days after their last use, and deletes their drafts with them: an id was the only proof of whose they
 * are. Old receipts of claims leave too.
 */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const receipts = await ctx.db
      .query("draftClaims")
      .withIndex("by_at", (q) => q.lte("at", now - RECEIPT_LIFETIME_MS))
      .take(RECEIPTS_AT_ONCE);
    for (const receipt of receipts) await ctx.db.delete("draftClaims", receipt._id);
    const guest = await ctx.db
      .query("guestSessions")
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", now))
      .first();
    if (guest) {
      const drafts = await ctx.db
        .query("valuationDrafts")
        .withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.eq("owner", guestOwner(guest.hash)))
        .take(DRAFTS_AT_ONCE);
      for (const draft of drafts) {
        if (draft.partsId) await ctx.db.delete("valuationParts", draft.partsId);
        await ctx.db.delete("valuationDrafts", draft._id);
      }
      await record(
        ctx,
        drafts.map((draft) => ({ before: draft, after: null })),
      );
      if (drafts.length < DRAFTS_AT_ONCE) {
        await ctx.db.delete("guestSessions", guest._id);
        await closeLedger(ctx, guestOwner(guest.hash));
      }
    }
    if (guest || receipts.length === RECEIPTS_AT_ONCE)
      await ctx.scheduler.runAfter(0, internal.valuations.sweep.deleteOld, {});
    return null;
  },
});
