/** Rates for an activity. Only actions live here, because this module brings the AI SDK along. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { action, internalAction, type ActionCtx } from "../_generated/server";
import { MINUTE_MS } from "../lib/time";
import { readModelSettings } from "./rating/currentRates";
import { askModel } from "./rating/model";
import { vScoredRates, type ScoredRates } from "./shapes";

export { experimental_reuseContext } from "../lib/contexts";

/** After a failure nobody waits for the model again for this long. */
const PAUSE_AFTER_FAILURE_MS = MINUTE_MS / 2;
let pausedUntil = 0;

/**
 * Lets the model answer for the activity if it has not yet; whether it did or failed, the rates in force are settled.
 */
async function consult(ctx: ActionCtx, activityId: string): Promise<void> {
  const settings = readModelSettings();
  if (settings === null || Date.now() < pausedUntil) return;
  const activity = await ctx.runQuery(internal.focus.rating.cache.unanswered, { activityId });
  if (activity === null) return;
  try {
    const answer = await askModel(settings, activity);
    await ctx.runMutation(internal.focus.rating.cache.keep, {
      activityId: activity.id,
      model: settings.model,
      ...answer,
    });
  } catch (error) {
    pausedUntil = Date.now() + PAUSE_AFTER_FAILURE_MS;
    // Only the kind of failure: messages of the endpoint may repeat the request, and with it the key.
    console.warn(
      `the rate model failed (${error instanceof Error ? error.name : "unknown"}); the embedded scorer answers`,
    );
  }
}

/**
 * XP per second that a session of the activity would earn now, and why. `NOT_FOUND` for an unknown activity or a goal
 * that is not the caller's.
 */
export const calculate = action({
  args: { activityId: v.string(), goalId: v.string() },
  returns: vScoredRates,
  handler: async (ctx, args): Promise<ScoredRates> => {
    const quoted = await ctx.runQuery(internal.focus.rating.cache.quote, args);
    if (quoted.scoredBy === "model" || readModelSettings() === null) return quoted;
    await consult(ctx, args.activityId);
    return await ctx.runQuery(internal.focus.rating.cache.quote, args);
  },
});

/** For REST, which answers from the rates in force afterwards. */
export const consultModel = internalAction({
  args: { activityId: v.string() },
  returns: v.null(),
  handler: async (ctx, { activityId }) => {
    await consult(ctx, activityId);
    return null;
  },
});
