/** Receipts of claims, until the account's user has seen them. The one module that writes `draftClaims`. */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { UserAct, Viewer } from "../../identity/act";

type Receipt = Doc<"draftClaims">;

/** At most as many reports are named. */
export const NAMED_IN_RECEIPT = 20;

export const addReceipt = (ctx: MutationCtx, fields: Omit<Receipt, "_id" | "_creationTime">) =>
  ctx.db.insert("draftClaims", fields);

/** Lists the viewer's receipts, newest first. */
export const listReceipts = ({ db, principal }: Viewer, limit: number): Promise<Receipt[]> =>
  db
    .query("draftClaims")
    .withIndex("by_userId", (q) => q.eq("userId", principal.user._id))
    .order("desc")
    .take(limit);

/** Deletes the user's own receipt; any other id changes nothing. */
export async function dismissReceipt({ db, principal }: UserAct, id: Receipt["_id"]): Promise<void> {
  const receipt = await db.get("draftClaims", id);
  if (receipt?.userId === principal.user._id) await db.delete("draftClaims", id);
}

/** Deletes up to `limit` receipts of `before` (ms) or earlier; returns whether there may be more. */
export async function deleteReceiptsBefore(ctx: MutationCtx, before: number, limit: number): Promise<boolean> {
  const receipts = await ctx.db
    .query("draftClaims")
    .withIndex("by_at", (q) => q.lte("at", before))
    .take(limit);
  for (const { _id } of receipts) await ctx.db.delete("draftClaims", _id);
  return receipts.length === limit;
}
