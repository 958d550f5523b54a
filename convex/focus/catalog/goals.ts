/** Goals, and the days on which they were worked for. The one module that writes both tables. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { UserAct } from "../../identity/act";
import { notFound } from "../../lib/errors";
import { createUuid } from "../../lib/ids";

type Ctx = { db: QueryCtx["db"] };

/** More goals than this are not listed; nobody follows as many. */
const LIST_MAX = 500;

/** The user's own goal, or null, alike for unknown goals and other people's. */
export async function getGoal(ctx: Ctx, ownerId: Id<"users">, goalId: string): Promise<Doc<"goals"> | null> {
  const goal = await ctx.db
    .query("goals")
    .withIndex("by_uuid", (q) => q.eq("uuid", goalId.toLowerCase()))
    .unique();
  return goal?.userId === ownerId ? goal : null;
}

/** `getGoal`, or `NOT_FOUND`. */
export async function requireGoal(ctx: Ctx, ownerId: Id<"users">, goalId: string): Promise<Doc<"goals">> {
  const goal = await getGoal(ctx, ownerId, goalId);
  if (!goal) throw notFound("Goal not found.");
  return goal;
}

/** The newest goals of the user, newest first. */
export const listGoals = (ctx: Ctx, ownerId: Id<"users">): Promise<Doc<"goals">[]> =>
  ctx.db
    .query("goals")
    .withIndex("by_userId", (q) => q.eq("userId", ownerId))
    .order("desc")
    .take(LIST_MAX);

export type NewGoal = { title: string; emoji: string; category: { name: string; color: string }; daysTotal: number };

/** Creates a goal and returns its UUID. */
export async function createGoal({ db, principal }: UserAct, fields: NewGoal): Promise<string> {
  const uuid = createUuid();
  await db.insert("goals", { uuid, userId: principal.user._id, ...fields, status: "active", daysCompleted: 0 });
  return uuid;
}

/**
 * Counts a day of work for the goal, or takes one back. Returns the goal as it is afterwards.
 *
 * @param change +1 or −1 completed sessions on `date`
 */
export async function countDay(
  ctx: MutationCtx,
  goal: Doc<"goals">,
  date: string,
  change: 1 | -1,
): Promise<Doc<"goals">> {
  const row = await ctx.db
    .query("goalDays")
    .withIndex("by_goalId_and_date", (q) => q.eq("goalId", goal._id).eq("date", date))
    .unique();
  const sessions = (row?.sessions ?? 0) + change;
  if (row && sessions > 0) await ctx.db.patch("goalDays", row._id, { sessions });
  else if (row) await ctx.db.delete("goalDays", row._id);
  else if (sessions > 0) await ctx.db.insert("goalDays", { goalId: goal._id, date, sessions });
  const moved = (sessions > 0 ? 1 : 0) - (row ? 1 : 0);
  if (moved === 0) return goal;
  const daysCompleted = Math.max(0, goal.daysCompleted + moved);
  const status = goal.status === "archived" ? goal.status : daysCompleted >= goal.daysTotal ? "completed" : "active";
  await ctx.db.patch("goals", goal._id, { daysCompleted, status });
  return { ...goal, daysCompleted, status };
}

/** Notes that a session of the goal that started at `startedAt` has left for the permanent store. */
export async function noteDeparted(ctx: MutationCtx, goalId: Id<"goals">, startedAt: number): Promise<void> {
  const goal = await ctx.db.get("goals", goalId);
  if (goal && startedAt > (goal.archivedThrough ?? -Infinity))
    await ctx.db.patch("goals", goal._id, { archivedThrough: startedAt });
}
