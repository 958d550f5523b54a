import type { Doc } from "../_generated/dataModel";
import type { QueryCtx } from "../_generated/server";
import { notFound } from "../lib/errors";

type Ctx = { db: QueryCtx["db"] };

/** The user's own goal, or `NOT_FOUND`, alike for unknown goals and other people's. */
export async function requireGoal(ctx: Ctx, owner: Doc<"users">, goalId: string): Promise<Doc<"goals">> {
  const goal = await ctx.db
    .query("goals")
    .withIndex("by_uuid", (q) => q.eq("uuid", goalId))
    .unique();
  if (goal?.userId !== owner._id) throw notFound("Goal not found.");
  return goal;
}
