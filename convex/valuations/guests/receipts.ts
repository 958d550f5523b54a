/** Receipts of claims, until the account's user has seen them. The one module that writes `draftClaims`. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type Receipt = Doc<"draftClaims">;

/** At most as many reports are named. */
export const NAMED_IN_RECEIPT = 20;

export const addReceipt = (ctx: MutationCtx, fields: Omit<Receipt, "_id" | "_creationTime">) =>
  ctx.db.insert("draftClaims", fields);

/** Lists the user's receipts, newest first. */
export const listReceipts = (ctx: { db: QueryCtx["db"] }, userId: Id<"users">, limit: number): Promise<Receipt[]> =>
  ctx.db
    .query("draftClaims")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .order("desc")
    .take(limit);

/** Deletes the user's own receipt; any other id changes nothing. */
export async function dismissReceipt(ctx: MutationCtx, userId: Id<"users">, id: Receipt["_id"]): Promise<void> {
  const receipt = await ctx.db.get("draftClaims", id);
  if (receipt?.userId === userId) await ctx.db.delete("draftClaims", id);
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
