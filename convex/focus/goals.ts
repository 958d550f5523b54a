import { v } from "convex/values";
import { userQuery } from "../lib/functions";
import { requireGoal } from "./model";
import { vCategory } from "./tables";

const vGoal = v.object({
  id: v.string(),
  title: v.string(),
  emoji: v.string(),
  category: vCategory,
  status: v.string(),
  daysTotal: v.number(),
  daysCompleted: v.number(),
});

/** The caller's goal; `NOT_FOUND` alike for unknown and other people's. */
export const get = userQuery({
  args: { goalId: v.string() },
  returns: vGoal,
  handler: async (ctx, { goalId }) => {
    const { uuid, title, emoji, category, status, daysTotal, daysCompleted } = await requireGoal(ctx, ctx.principal.user, goalId);
    return { id: uuid, title, emoji, category, status, daysTotal, daysCompleted };
  },
});
