/** Validators that tables and functions of this domain share. */
import { v, type Infer } from "convex/values";
import { vCompletedReason, vPerDimension } from "../xp/shapes";

/** One reason for a rate, for people: the recognized term, its weight and the source of both. */
export const vReason = v.object({
  dimension: v.union(
    v.literal("physique"),
    v.literal("energy"),
    v.literal("logic"),
    v.literal("creativity"),
    v.literal("social"),
  ),
  term: v.string(),
  weight: v.number(),
  source: v.string(),
});
export type RateReason = Infer<typeof vReason>;

export const vScoredRates = v.object({
  rates: vPerDimension,
  reasons: v.array(vReason),
  scoredBy: v.union(v.literal("model"), v.literal("lexicon")),
});
export type ScoredRates = Infer<typeof vScoredRates>;

/** The part of an activity that history shows. Activities never change, so sessions carry it with them. */
export const vActivityStub = v.object({ id: v.string(), name: v.string(), emoji: v.string() });

/** The end of a session; whole seconds and XP. Times are ms since the epoch. */
export const vEnded = v.object({
  kind: v.literal("ended"),
  endedAt: v.number(),
  reason: vCompletedReason,
  totalSeconds: v.number(),
  focusedSeconds: v.number(),
  xp: vPerDimension,
});
export type Ended = Infer<typeof vEnded>;

/** A session that runs on this host. `rules.ts` gives the meaning of the times. */
export const vLive = v.object({
  kind: v.literal("live"),
  pausedMs: v.number(),
  pausedAt: v.union(v.number(), v.null()),
  focusedMs: v.number(),
  runningSince: v.union(v.number(), v.null()),
  plannedSeconds: v.union(v.number(), v.null()),
  /** Number of the plan: a planned end that was scheduled under an earlier number does nothing. */
  attempt: v.number(),
  plannedEnd: v.union(v.id("_scheduled_functions"), v.null()),
  lastChange: v.object({
    kind: v.union(v.literal("started"), v.literal("paused"), v.literal("resumed")),
    device: v.string(),
    at: v.number(),
  }),
});
export type Live = Infer<typeof vLive>;

/** The place right after one session in the order of history. */
export const vPlace = v.object({ startedAt: v.number(), sessionId: v.string() });

/** An ended session as clients see it. */
export const vHistoryItem = v.object({
  id: v.string(),
  startedAt: v.number(),
  endedAt: v.number(),
  totalDurationSeconds: v.number(),
  focusedDurationSeconds: v.number(),
  xpTotal: v.number(),
  xp: vPerDimension,
  completedReason: vCompletedReason,
  activity: vActivityStub,
});
export type HistoryItem = Infer<typeof vHistoryItem>;
export type Place = Infer<typeof vPlace>;
