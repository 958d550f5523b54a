/**
 * The rates in force for an activity: the model's cached answer, else the embedded scorer's. Never waits for anything.
 */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { requireActivity, type Activity } from "../catalog/activities";
import { requireGoal } from "../catalog/goals";
import { scoreActivity, type Rates, type Score } from "../scorer";
import type { RateReason, ScoredRates } from "../shapes";

type Ctx = { db: QueryCtx["db"] };

/** Where rates come from when `RATES_MODEL_URL`, `RATES_MODEL` and `RATES_API_KEY` are all set, else null. */
export function readModelSettings(): { url: string; model: string; apiKey: string } | null {
  const { RATES_MODEL_URL: url, RATES_MODEL: model, RATES_API_KEY: apiKey } = process.env;
  return url && model && apiKey ? { url, model, apiKey } : null;
}

export async function getCachedRates(ctx: Ctx, activityId: string): Promise<Doc<"activityRates"> | null> {
  const settings = readModelSettings();
  if (settings === null) return null;
  return await ctx.db
    .query("activityRates")
    .withIndex("by_activityId_and_model", (q) => q.eq("activityId", activityId).eq("model", settings.model))
    .unique();
}

/** XP per second of the activity for this goal, with reasons. */
export async function computeCurrentRates(ctx: Ctx, activity: Activity, goal: Doc<"goals">): Promise<ScoredRates> {
  const cached = await getCachedRates(ctx, activity.id);
  if (cached) return { rates: cached.rates, reasons: cached.reasons, scoredBy: "model" };
  return { ...scoreOnce(activity.name, activity.category, goal.title), scoredBy: "lexicon" };
}

/** The rates in force for the user's goal. `NOT_FOUND` for an unknown activity or a goal that is not theirs. */
export async function quoteRates(
  viewer: Viewer,
  { activityId, goalId }: { activityId: string; goalId: string },
): Promise<ScoredRates> {
  const goal = await requireGoal(viewer, viewer.principal.user._id, goalId);
  return await computeCurrentRates(viewer, await requireActivity(viewer, activityId), goal);
}

const SCORES_KEPT = 1_000;
const scores = new Map<string, Score>();

/** The scorer's answer depends on these texts alone, and is asked for with every report of the same activity. */
function scoreOnce(name: string, category: string, goalTitle: string): Score {
  const key = JSON.stringify([name, category, goalTitle]);
  const known = scores.get(key);
  if (known) return known;
  const score = scoreActivity({ name, category, goalTitle });
  if (scores.size >= SCORES_KEPT) scores.clear();
  scores.set(key, score);
  return score;
}

/** Keeps the model's answer; the first one stands, so that an activity's rates do not wander. */
export async function keepRates(
  ctx: MutationCtx,
  activityId: string,
  model: string,
  answer: { rates: Rates; reasons: RateReason[] },
): Promise<void> {
  const kept = await ctx.db
    .query("activityRates")
    .withIndex("by_activityId_and_model", (q) => q.eq("activityId", activityId).eq("model", model))
    .unique();
  if (!kept) await ctx.db.insert("activityRates", { activityId, model, ...answer });
}
