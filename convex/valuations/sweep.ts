/** Crons of valuations: delete what nobody can reach any more, in batches that follow one another. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { DAY_MS } from "../lib/time";
import { closeLedger } from "./counts/ledger";
import { deleteDraftsOf } from "./drafts/drafts";
import { getExpiredGuest, retireGuest } from "./guests/guestIds";
import { deleteReceiptsBefore } from "./guests/receipts";
import { toGuestOwner } from "./guests/owners";

export { experimental_reuseContext } from "../lib/contexts";

const DRAFTS_AT_ONCE = 100;
const RECEIPTS_AT_ONCE = 200;
const RECEIPT_LIFETIME_MS = 30 * DAY_MS;

/**
 * Ends guest ids 90 days after their last use, and deletes their drafts with them: an id was the only proof of whose
 * they are. Deletes old receipts of claims too.
 */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const moreReceipts = await deleteReceiptsBefore(ctx, now - RECEIPT_LIFETIME_MS, RECEIPTS_AT_ONCE);
    const guest = await getExpiredGuest(ctx, now);
    if (guest && !(await deleteDraftsOf(ctx, toGuestOwner(guest.hash), DRAFTS_AT_ONCE))) {
      await retireGuest(ctx, guest);
      await closeLedger(ctx, toGuestOwner(guest.hash));
    }
    if (guest || moreReceipts) await ctx.scheduler.runAfter(0, internal.valuations.sweep.deleteOld, {});
    return null;
  },
});
