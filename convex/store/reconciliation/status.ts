import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type Status = Omit<Doc<"storeStatus">, "_id" | "_creationTime">;

const NOTHING_YET: Status = { lastReconciliation: null, removed: null };

export async function getStatus(ctx: { db: QueryCtx["db"] }): Promise<Status> {
  return (await ctx.db.query("storeStatus").unique()) ?? NOTHING_YET;
}

export async function patchStatus(ctx: MutationCtx, change: Partial<Status>): Promise<void> {
  const status = await ctx.db.query("storeStatus").unique();
  if (status === null) await ctx.db.insert("storeStatus", { ...NOTHING_YET, ...change });
  else await ctx.db.patch("storeStatus", status._id, change);
}
