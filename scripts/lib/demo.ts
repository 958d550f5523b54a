/**
 * Demo data, written the way any integrator would: over the REST contract and the live functions. Nothing in `convex/`
 * knows about it.
 */
import { createHmac, randomUUID } from "node:crypto";
import { ConvexHttpClient } from "convex/browser";
import type { AdminClient } from "./admin";
import { seedReport } from "./demo-report";
import { seedTutoring } from "./demo-tutoring";
import { functionReference } from "./function-reference";

/** Whether demo data belongs to a deployment is decided at its first start and remembered in its `DEMO_DATA`. */
export type DemoData = "none" | "wanted" | "seeded";

export type DemoLogin = { email: string; password: string; note: string };

export const DEMO_LOGINS: DemoLogin[] = [
  {
    email: "ada@example.com",
    password: "demo-password-ada",
    note: "with history and a report; may see operations and audit",
  },
  { email: "grace@example.com", password: "demo-password-grace", note: "tutor and moderator" },
];

const DAY_MS = 24 * 60 * 60 * 1000;
const HISTORY_DAYS = 24;
/** Up to yesterday, so that today's first session carries it on. */
const STREAK_DAYS = 4;

export type DemoUser = { email: string; auth: string; live: ConvexHttpClient; uuid: string; publicId: number };

export async function seedDemo(admin: AdminClient, siteUrl: string): Promise<void> {
  const rest = restClient(siteUrl);
  const { SERVICE_KEY = "" } = await admin.environment();
  const [ada, grace, alan] = await Promise.all([
    signUp(admin, rest, DEMO_LOGINS[0]!, { first_name: "Ada", last_name: "Lovelace", username: "ada" }),
    signUp(admin, rest, DEMO_LOGINS[1]!, { first_name: "Grace", last_name: "Hopper", username: "grace" }),
    signUp(admin, rest, hiddenLogin("alan@example.com", SERVICE_KEY), {
      first_name: "Alan",
      last_name: "Turing",
      username: "alan",
    }),
  ]);
  for (const permission of ["view_operations", "view_audit"])
    await admin.run("accounts/users:grantPermission", { email: ada.email, permission });
  await admin.run("accounts/users:grantPermission", { email: grace.email, permission: "moderate_sessions" });
  await Promise.all([
    seedFocus(ada, rest, `Bearer ${SERVICE_KEY}`),
    seedTutoring(rest, { tutor: grace, student: ada, asking: alan }),
    seedReport(admin, rest, ada),
  ]);
}

/** Of somebody whom nobody signs in as: the same again only for a seeding that goes on where it was cut short. */
const hiddenLogin = (email: string, secret: string): Credentials => ({
  email,
  password: createHmac("sha256", secret).update(email).digest("base64url"),
});

type Credentials = Pick<DemoLogin, "email" | "password">;

export type Rest = <T = Record<string, unknown>>(
  method: string,
  path: string,
  auth: string | null,
  body?: unknown,
) => Promise<T>;

const restClient =
  (siteUrl: string): Rest =>
  async <T>(method: string, path: string, auth: string | null, body?: unknown) => {
    const response = await fetch(`${siteUrl}${path}`, {
      method,
      headers: { "Content-Type": "application/json", ...(auth && { Authorization: auth }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${await response.text()}`);
    return (response.status === 204 ? undefined : await response.json()) as T;
  };

async function signUp(
  admin: AdminClient,
  rest: Rest,
  login: Credentials,
  names: Record<string, string>,
): Promise<DemoUser> {
  const credentials = { email: login.email, password: login.password };
  // A seeding that was cut short has registered them already.
  const { session_id } = await rest<{ session_id: string }>("POST", "/api/auth/register/", null, {
    ...credentials,
    ...names,
  }).catch(() => rest<{ session_id: string }>("POST", "/api/auth/login/", null, credentials));
  const auth = `SessionID ${session_id}`;
  const { access } = await rest<{ access: string }>("POST", "/api/auth/token/", auth, {});
  const client = new ConvexHttpClient(admin.url);
  client.setAuth(access);
  const me = (await client.query(functionReference<"query">("accounts/users:me"), {})) as {
    id: string;
    publicId: number;
  };
  return { email: login.email, auth, live: client, uuid: me.id, publicId: me.publicId };
}

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
async function seedFocus(user: DemoUser, rest: Rest, service: string): Promise<void> {
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
