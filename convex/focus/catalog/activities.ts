import type { QueryCtx } from "../../_generated/server";
import type { UserAct } from "../../identity/act";
import { notFound } from "../../lib/errors";
import { createUuid } from "../../lib/ids";
import { BUILT_IN_ACTIVITIES, getBuiltInActivity, type Activity } from "./builtIn";

export type { Activity };
type Ctx = { db: QueryCtx["db"] };

/** Added activities beyond this many are found by id only. */
const LIST_MAX = 1_000;

/** The activity of that UUID, built in or added, or null. */
export async function getActivity(ctx: Ctx, activityId: string): Promise<Activity | null> {
  const id = activityId.toLowerCase();
  const known = getBuiltInActivity(id);
  if (known) return known;
  const row = await ctx.db
    .query("activities")
    .withIndex("by_uuid", (q) => q.eq("uuid", id))
    .unique();
  return row && showActivity(row);
}

/** `getActivity`, or `NOT_FOUND`. */
export async function requireActivity(ctx: Ctx, activityId: string): Promise<Activity> {
  const activity = await getActivity(ctx, activityId);
  if (!activity) throw notFound("Activity not found.");
  return activity;
}

const showActivity = ({ uuid, name, emoji, category, color }: Omit<Activity, "id"> & { uuid: string }): Activity => ({
  id: uuid,
  name,
  emoji,
  category,
  color,
});

/** All activities by name, at most a thousand of those that users added. */
export async function listActivities(ctx: Ctx): Promise<Activity[]> {
  const added = await ctx.db.query("activities").withIndex("by_name").take(LIST_MAX);
  return [...BUILT_IN_ACTIVITIES, ...added.map(showActivity)].sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
}

/**
 * Adds an activity and returns its UUID. One that is alike in everything is there once: its UUID is returned.
 */
export async function createActivity(act: UserAct, fields: Omit<Activity, "id">): Promise<string> {
  const alike = (other: Omit<Activity, "id">) =>
    other.name === fields.name &&
    other.emoji === fields.emoji &&
    other.category === fields.category &&
    other.color === fields.color;
  const known = BUILT_IN_ACTIVITIES.find(alike);
  if (known) return known.id;
  const sameName = await act.db
    .query("activities")
    .withIndex("by_name", (q) => q.eq("name", fields.name))
    .take(LIST_MAX);
  const same = sameName.find(alike);
  if (same) return same.uuid;
  const uuid = createUuid();
  await act.db.insert("activities", { uuid, ...fields, createdBy: act.principal.user._id });
  return uuid;
}
