/**
 * A guest's drafts move into an account (valuations/README §4.7). The guest's key changes hands, which is one step
 * whatever hangs on it; the drafts are then put under the account's own key, the first at once and the others in
 * transactions of their own. To every reader they belong to the account from the first step on.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import { internal } from "../../_generated/api";
import { draftsClaimed } from "../../events/valuations";
import { requireUserRow, setDraftOwners } from "../../identity/users";
import * as Audit from "../../audit/writer";
import type { Client } from "../../identity/caller";
import { createUuid } from "../../lib/ids";
import { moveDrafts, type Draft } from "../drafts/drafts";
import { findGuestInForce, retireGuest } from "./guestIds";
import { closeLedger, countDrafts, countUncounted } from "../counts/ledger";
import { queryDrafts } from "../drafts/lists";
import { addReceipt, NAMED_IN_RECEIPT } from "./receipts";
import { toGuestOwner, listKeys, toUserOwner } from "./owners";

/** The most that one transaction puts under another key. */
const MOVED_AT_ONCE = { drafts: 100, bytes: 4 * 1024 * 1024 };

/** A user whom drafts go to, on a device; every user's act is one. */
export type Claimant = MutationCtx & { principal: { user: Doc<"users"> }; client: Client };

/**
 * Everything of a guest id goes to the user, and the id is retired. An id that is not in force moves nothing. Returns
 * how many drafts moved.
 */
export async function claimGuest(claimant: Claimant, hash: string): Promise<number> {
  const guest = await findGuestInForce(claimant, hash);
  if (!guest) return 0;
  await retireGuest(claimant, guest);
  return await claimKeys(claimant, [toGuestOwner(hash)]);
}

/**
 * The drafts of an anonymous user go to the account they sign in to; one who creates an account becomes it. A named
 * account's drafts never move this way.
 */
export async function claimAnonymous(claimant: Claimant, from: Id<"users">): Promise<number> {
  const { user } = claimant.principal;
  const guest = await claimant.db.get("users", from);
  if (!guest?.isAnonymous || user.isAnonymous || guest._id === user._id) return 0;
  const keys = listKeys(guest);
  await setDraftOwners(claimant, guest._id, [`${toUserOwner(guest)}/${createUuid()}`]);
  return await claimKeys(claimant, keys);
}

async function claimKeys(ctx: Claimant, given: string[]): Promise<number> {
  const { user } = ctx.principal;
  for (const key of given) await countUncounted(ctx, key);
  const [visible, deleted] = [await countDrafts(ctx, given, null), await countDrafts(ctx, given, "DELETED")];
  const count = visible + deleted;
  if (count === 0) return 0;
  const named = (await Promise.all(given.map((key) => queryDrafts(ctx, key, null).take(NAMED_IN_RECEIPT)))).flat();
  const left = await settleKeys(ctx, user._id, [...listKeys(user), ...given]);
  if (left.length > 1) {
    await setDraftOwners(ctx, user._id, left);
    await ctx.scheduler.runAfter(0, internal.valuations.claims.settleClaims, { userId: user._id });
  }
  if (visible > 0)
    await addReceipt(ctx, {
      userId: user._id,
      at: Date.now(),
      count: visible,
      reportIds: named
        .sort((a, b) => b.updatedAt - a.updatedAt)
        .slice(0, NAMED_IN_RECEIPT)
        .map(({ reportId }) => reportId),
    });
  await Audit.appendAct(ctx, { action: "drafts_claimed", target: `${count} drafts` });
  return count;
}

/** Goes on with what a claim has left under other keys; itself again until nothing is. */
export async function settleUser(ctx: MutationCtx, userId: Id<"users">): Promise<void> {
  const user = await requireUserRow(ctx, userId);
  const left = await settleKeys(ctx, userId, listKeys(user));
  await setDraftOwners(ctx, userId, left.length === 1 && left[0] === toUserOwner(user) ? undefined : left);
  if (left.length > 1) await ctx.scheduler.runAfter(0, internal.valuations.claims.settleClaims, { userId });
}

/**
 * Puts drafts of the second key under the first, as many as one transaction takes; returns the keys that still matter.
 */
async function settleKeys(ctx: MutationCtx, userId: Id<"users">, [to, from, ...others]: string[]): Promise<string[]> {
  if (to === undefined || from === undefined) return to === undefined ? [] : [to];
  const drafts: Draft[] = [];
  let bytes = 0;
  let more = false;
  const range = ctx.db
    .query("valuationDrafts")
    .withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.eq("owner", from));
  for await (const draft of range) {
    more = drafts.length >= MOVED_AT_ONCE.drafts || bytes >= MOVED_AT_ONCE.bytes;
    if (more) break;
    drafts.push(draft);
    bytes += (draft.formData?.length ?? 0) + (draft.valuationResult?.length ?? 0);
  }
  await moveDrafts(ctx, drafts, to);
  await draftsClaimed(ctx, drafts, userId);
  if (more) return [to, from, ...others];
  await closeLedger(ctx, from);
  return [to, ...others];
}
