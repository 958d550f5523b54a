/** Around a claim: what would move, the receipt of what has moved, and the claims that sign-ins make. */
import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { vClient } from "../identity/caller";
import { userMutation, userQuery } from "../identity/builders";
import { requireUserRow } from "../identity/users";
import { hashSha256 } from "../lib/ids";
import { claimGuest, settleUser } from "./guests/claim";
import { findGuestInForce } from "./guests/guestIds";
import { showSummary, vSummary } from "./drafts/liveShapes";
import { queryDrafts } from "./drafts/lists";
import { dismissReceipt, listReceipts } from "./guests/receipts";
import { toGuestOwner } from "./guests/owners";

export { experimental_reuseContext } from "../lib/contexts";

const PREVIEWED = 100;
const SHOWN_RECEIPTS = 10;

/**
 * The drafts that claiming a guest id would move, last changed first, at most 100; none for an id that is not in force.
 */
export const preview = userQuery({
  args: { guestSessionId: v.string() },
  returns: v.array(vSummary),
  handler: async (ctx, { guestSessionId }) => {
    const hash = await hashSha256(guestSessionId);
    if (!(await findGuestInForce(ctx, hash))) return [];
    return (await queryDrafts(ctx, toGuestOwner(hash), null).take(PREVIEWED)).map(showSummary);
  },
});

/** Receipts of drafts that have moved into the caller's account, as long as they are not dismissed, newest first. */
export const receipts = userQuery({
  args: {},
  returns: v.array(
    v.object({ id: v.id("draftClaims"), at: v.number(), count: v.number(), reportIds: v.array(v.string()) }),
  ),
  handler: async (ctx) => {
    const rows = await listReceipts(ctx, SHOWN_RECEIPTS);
    return rows.map(({ _id, at, count, reportIds }) => ({ id: _id, at, count, reportIds }));
  },
});

/** Puts a receipt away. */
export const dismiss = userMutation({
  args: { id: v.id("draftClaims") },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await dismissReceipt(ctx, id);
    return null;
  },
});

/** The claim of a REST sign-in. Returns how many drafts moved. */
export const afterSignIn = internalMutation({
  args: { userId: v.id("users"), guestHash: v.string(), client: vClient },
  returns: v.number(),
  handler: async (ctx, { userId, guestHash, client }) =>
    await claimGuest({ ...ctx, principal: { user: await requireUserRow(ctx, userId) }, client }, guestHash),
});

/** Settles what claims too large for one transaction have left. */
export const settleClaims = internalMutation({
  args: { userId: v.id("users") },
  returns: v.null(),
  handler: async (ctx, { userId }) => {
    await settleUser(ctx, userId);
    return null;
  },
});
