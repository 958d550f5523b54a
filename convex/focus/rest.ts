/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import { requireUser } from "../accounts/principal";
import { reply } from "../lib/rest/reply";
import { restQuery } from "../lib/rest/functions";
import { requireGoal } from "./model";
import { wireGoal } from "./wire";

export const goal = restQuery({
  args: { goalId: v.string() },
  handler: async (ctx, { goalId }) => {
    const { user } = requireUser(ctx.principal);
    return reply(200, wireGoal(await requireGoal(ctx, user, goalId), user));
  },
});
