/** Goals, activities and a few weeks of finished focus sessions. */
import { randomUUID } from "node:crypto";
import { functionReference } from "../function-reference";
import type { DemoUser, Rest } from "./people";

const DAY_MS = 24 * 60 * 60 * 1000;
const HISTORY_DAYS = 24;
/** Up to yesterday, so that today's first session carries it on. */
const STREAK_DAYS = 4;

const GOALS = [
  {
    title: "Draw every day",
    emoji: "🎨",
    category: { name: "Drawing", color: "#a855f7" },
    daysTotal: 30,
    activity: "Drawing",
  },
  {
    title: "Run a half marathon",
    emoji: "🏃",
    category: { name: "Fitness", color: "#e5484d" },
    daysTotal: 60,
    activity: "Running",
  },
  {
    title: "Learn Rust",
    emoji: "🦀",
    category: { name: "Coding", color: "#3b82f6" },
    daysTotal: 45,
    activity: "Programming",
  },
];

/** A few weeks of finished sessions, completed over REST with the service key as an external synchroniser would. */
export async function seedFocus(user: DemoUser, rest: Rest, service: string): Promise<void> {
  const mutation = (path: string, args: object) => user.live.mutation(functionReference<"mutation">(path), args);
  const activities = (await user.live.query(functionReference<"query">("focus/activities:list"), {})) as {
    id: string;
    name: string;
  }[];
  for (const [index, { activity, ...goal }] of GOALS.entries()) {
    const goalId = (await mutation("focus/goals:create", goal)) as string;
    const known = activities.find(({ name }) => name === activity);
    const activityId =
      known?.id ??
      ((await mutation("focus/activities:create", {
        name: activity,
        emoji: goal.emoji,
        category: goal.category.name,
        color: goal.category.color,
      })) as string);
    const { rates } = await rest<{ rates: Record<string, number> }>(
      "POST",
      "/api/v1/sessions/calculate-rates/",
      user.auth,
      {
        activity_id: activityId,
        goal_id: goalId,
      },
    );
    for (let day = HISTORY_DAYS; day >= 1; day--) {
      const inStreak = index === 0 && day <= STREAK_DAYS;
      if (!inStreak && (day * 7 + index * 3) % (index + 2) !== 0) continue;
      const minutes = 20 + ((day * 13 + index * 17) % 50);
      await completeSession(user, rest, service, {
        goalId,
        activityId,
        rates,
        minutes,
        endedAt: Date.now() - day * DAY_MS,
      });
    }
  }
}

async function completeSession(
  user: DemoUser,
  rest: Rest,
  service: string,
  session: { goalId: string; activityId: string; rates: Record<string, number>; minutes: number; endedAt: number },
): Promise<void> {
  const total = session.minutes * 60;
  const focused = Math.round(total * 0.93);
  const xp = Object.fromEntries(
    Object.entries(session.rates).map(([dimension, rate]) => [`xp_${dimension}`, Math.round(rate * focused)]),
  );
  await rest("PUT", `/api/v1/sessions/${randomUUID().replaceAll("-", "")}/`, service, {
    status: "completed",
    started_at: new Date(session.endedAt - total * 1000).toISOString(),
    ended_at: new Date(session.endedAt).toISOString(),
    total_duration_seconds: total,
    focused_duration_seconds: focused,
    ...xp,
    xp_total: Object.values(xp).reduce((sum, amount) => sum + amount, 0),
    completed_reason: "manual",
    device_platform: "web",
    user_id: user.uuid,
    goal_id: session.goalId,
    activity_id: session.activityId,
  });
}
