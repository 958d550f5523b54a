/** Goals, activities and completions for tests of focus sessions. */
import { randomUUID } from "node:crypto";
import { anyApi, type FunctionReference } from "convex/server";
import { call, type Account } from "./api";

const modules = anyApi.focus as Record<string, Record<string, FunctionReference<any>>>;

/** A function of the focus domain, as `focus/<module>:<name>`. */
export const focusFunction = (module: string, name: string) => modules[module]![name] as FunctionReference<any>;

export interface FocusOwner {
  account: Account;
  userId: string;
  goalId: string;
  activityId: string;
}

export const createGoal = (account: Account, title: string) =>
  account.http.mutation(focusFunction("goals", "create"), {
    title,
    emoji: "🎨",
    category: { name: "Drawing", color: "#4187a2" },
    daysTotal: 30,
  }) as Promise<string>;

/** Gives an account a goal and an activity of its own. */
export async function focusOwner(account: Account): Promise<FocusOwner> {
  const me = (await account.http.query(anyApi.accounts!.users!.me as FunctionReference<"query">, {})) as { id: string };
  const goalId = await createGoal(account, "Draw");
  const activityId = (await account.http.mutation(focusFunction("activities", "create"), {
    name: `Drawing ${randomUUID().slice(0, 8)}`,
    emoji: "🎨",
    category: "Drawing",
    color: "#4187a2",
  })) as string;
  return { account, userId: me.id, goalId, activityId };
}

/** Reports a session of `xpTotal` XP as the synchroniser would; → the HTTP status. */
export async function reportCompletion(
  owner: FocusOwner,
  sessionId: string,
  xpTotal: number,
  to: { siteUrl: string; serviceKey: string },
) {
  const answer = await call("PUT", `/api/v1/sessions/${sessionId}/`, {
    auth: `Bearer ${to.serviceKey}`,
    siteUrl: to.siteUrl,
    body: {
      status: "completed",
      started_at: "2025-01-15T10:30:00Z",
      ended_at: "2025-01-15T12:00:00Z",
      total_duration_seconds: 3600,
      focused_duration_seconds: 3000,
      xp_total: xpTotal,
      xp_physique: 0,
      xp_energy: 0,
      xp_logic: 0,
      xp_creativity: xpTotal,
      xp_social: 0,
      completed_reason: "manual",
      user_id: owner.userId,
      goal_id: owner.goalId,
      activity_id: owner.activityId,
    },
  });
  return answer.status;
}
