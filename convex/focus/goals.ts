import { v } from "convex/values";
import type { Doc } from "../_generated/dataModel";
import { liveCommand, userQuery } from "../identity/builders";
import * as Commands from "./catalog/commands";
import { listGoals, requireGoal } from "./catalog/goals";
import { vCategory } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

const vGoal = v.object({
  id: v.string(),
  title: v.string(),
  emoji: v.string(),
  category: vCategory,
  status: v.string(),
  daysTotal: v.number(),
  daysCompleted: v.number(),
});

const showGoal = ({ uuid, title, emoji, category, status, daysTotal, daysCompleted }: Doc<"goals">) => ({
  id: uuid,
  title,
  emoji,
  category,
  status,
  daysTotal,
  daysCompleted,
});

/** The caller's goal; `NOT_FOUND` alike for unknown and other people's. */
export const get = userQuery({
  args: { goalId: v.string() },
  returns: vGoal,
  handler: async (ctx, { goalId }) => showGoal(await requireGoal(ctx, ctx.principal.user._id, goalId)),
});

/** The caller's goals, newest first. */
export const list = userQuery({
  args: {},
  returns: v.array(vGoal),
  handler: async (ctx) => (await listGoals(ctx, ctx.principal.user._id)).map(showGoal),
});

/** Creates a goal and returns its id. `color` is `#rrggbb`, `daysTotal` 1…3650. */
export const create = liveCommand(Commands.createGoal, { returns: v.string(), present: (id) => id });
