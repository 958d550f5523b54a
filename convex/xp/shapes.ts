/** Validators that focus and the permanent store share. */
import { v, type Infer } from "convex/values";

/** A number for each dimension: XP per second, or XP. */
export const vPerDimension = v.object({
  physique: v.number(),
  energy: v.number(),
  logic: v.number(),
  creativity: v.number(),
  social: v.number(),
});

/** Why a focus session ended. */
export const vCompletedReason = v.union(
  v.literal("manual"),
  v.literal("auto"),
  v.literal("abandoned"),
  v.literal("timeout"),
  v.literal("crash_recovered"),
);
export type CompletedReason = Infer<typeof vCompletedReason>;
