/** The transactions around asking the rate model, which itself only an action can do (rates.ts). */
import { v } from "convex/values";
import { internalMutation, internalQuery } from "../../_generated/server";
import { internalUserQuery } from "../../identity/builders";
import { getActivity } from "../catalog/activities";
import { getCachedRates, keepRates, quoteRates } from "./currentRates";
import { vReason, vScoredRates } from "../shapes";
import { vPerDimension } from "../../xp/shapes";

export { experimental_reuseContext } from "../../lib/contexts";

/** The rates in force for the caller's goal; `NOT_FOUND` for an unknown activity or a goal that is not the caller's. */
export const quote = internalUserQuery({
  args: { activityId: v.string(), goalId: v.string() },
  returns: vScoredRates,
  handler: async (ctx, input) => await quoteRates(ctx, input),
});

/** Returns the activity to ask the model about, or null when it has answered already or the activity is unknown. */
export const unanswered = internalQuery({
  args: { activityId: v.string() },
  returns: v.union(v.null(), v.object({ id: v.string(), name: v.string(), category: v.string() })),
  handler: async (ctx, { activityId }) => {
    const activity = await getActivity(ctx, activityId);
    if (!activity || (await getCachedRates(ctx, activity.id))) return null;
    return { id: activity.id, name: activity.name, category: activity.category };
  },
});

export const keep = internalMutation({
  args: { activityId: v.string(), model: v.string(), rates: vPerDimension, reasons: v.array(vReason) },
  returns: v.null(),
  handler: async (ctx, { activityId, model, rates, reasons }) => {
    await keepRates(ctx, activityId, model, { rates, reasons });
    return null;
  },
});
