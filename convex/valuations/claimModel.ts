/** A guest's drafts move into an account (contracts §4.7). */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { internal } from "../_generated/api";
import * as Audit from "../audit/model";
import type { Client } from "../lib/caller";
import { recount } from "./counter";
import { guestOwner, userOwner } from "./draftModel";
import { findGuest } from "./guestModel";

/** What one transaction moves at most; a guest with more has the rest follow at once in transactions of their own. */
export const MOVED_AT_ONCE = { drafts: 500, bytes: 4 * 1024 * 1024 };
/** Receipts name at most as many reports. */
const NAMED_IN_RECEIPT = 20;

/** Moves drafts from one owner to another, keeping `updatedAt`; returns those that moved in this transaction. */
export async function moveDrafts(ctx: MutationCtx, from: string, to: string): Promise<Doc<"valuationDrafts">[]> {
  const range = ctx.db
    .query("valuationDrafts")
    .withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.eq("owner", from));
  const drafts: Doc<"valuationDrafts">[] = [];
  let bytes = 0;
  let more = false;
  for await (const draft of range) {
    more = drafts.length >= MOVED_AT_ONCE.drafts || bytes >= MOVED_AT_ONCE.bytes;
    if (more) break;
    drafts.push(draft);
    bytes += (draft.formData?.length ?? 0) + (draft.valuationResult?.length ?? 0);
  }
  for (const draft of drafts) {
    await ctx.db.patch("valuationDrafts", draft._id, { owner: to });
    await recount(ctx, draft, { ...draft, owner: to });
  }
  if (more) await ctx.scheduler.runAfter(0, internal.valuations.claims.continueMove, { from, to });
  return drafts;
}

/** Everything of a guest id goes to the user, and the id is retired. An id that is not in force moves nothing. */
export async function claimGuest(ctx: MutationCtx, user: Doc<"users">, hash: string, client: Client): Promise<number> {
  const guest = await findGuest(ctx, hash);
  if (!guest) return 0;
  await ctx.db.delete("guestSessions", guest._id);
  return await claim(ctx, user, guestOwner(hash), client);
}

/**
 * Everything of an anonymous user goes to the account they sign in to or create. A named account's drafts never move this
 * way.
 */
export async function claimAnonymous(ctx: MutationCtx, user: Doc<"users">, from: Id<"users">, client: Client): Promise<number> {
  const guest = await ctx.db.get("users", from);
  if (!guest?.isAnonymous || user.isAnonymous || guest._id === user._id) return 0;
  return await claim(ctx, user, userOwner(from), client);
}

async function claim(ctx: MutationCtx, user: Doc<"users">, from: string, client: Client): Promise<number> {
  const moved = await moveDrafts(ctx, from, userOwner(user._id));
  if (moved.length === 0) return 0;
  const visible = moved.filter(({ deleted }) => !deleted);
  if (visible.length > 0)
    await ctx.db.insert("draftClaims", {
      userId: user._id,
      at: Date.now(),
      count: visible.length,
      reportIds: visible.slice(-NAMED_IN_RECEIPT).map(({ reportId }) => reportId).reverse(),
    });
  await Audit.append(ctx, { action: "drafts_claimed", target: `${moved.length} drafts`, actor: { user }, client });
  return moved.length;
}
