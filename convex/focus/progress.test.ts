import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { signedInUser } from "../setup.testing";
import { DRAWING, NOON, send, SERVICE, stopTheClock, withGoal, withSession, some, type Setting } from "./focus.testing";

beforeEach(() => stopTheClock());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
let count = 0;

/** A session of 100 s and 100 XP that ended at `endedAt`, as a synchroniser would report it. */
async function report({ t, ada, goalId }: Setting, endedAt: number): Promise<void> {
  const { status } = await send(t, "PUT", `/api/v1/sessions/s${count++}/`, SERVICE, {
    status: "completed",
    started_at: new Date(endedAt - 200_000).toISOString(),
    ended_at: new Date(endedAt).toISOString(),
    total_duration_seconds: 100,
    focused_duration_seconds: 100,
    xp_total: 100,
    xp_physique: 0,
    xp_energy: 0,
    xp_logic: 40,
    xp_creativity: 60,
    xp_social: 0,
    completed_reason: "manual",
    user_id: ada.user.uuid,
    goal_id: goalId,
    activity_id: DRAWING,
  });
  expect(status).toBe(200);
}

const mine = ({ ada }: Setting, when: { timeZone?: string; today?: string } = {}) =>
  ada.as.query(api.focus.progress.mine, when);

test("a new user stands at level 1 with nothing done", async () => {
  expect(await mine(await withGoal())).toEqual({
    xpTotal: 0,
    xp: { physique: 0, energy: 0, logic: 0, creativity: 0, social: 0 },
    lifeLevel: 1,
    nextLevelAt: 10_000,
    today: { focusedSeconds: 0, xpTotal: 0 },
    streakDays: 0,
  });
});

test("totals add up over sessions, and today shows today's", async () => {
  const setting = await withGoal();
  for (const ago of [HOUR, 2 * HOUR, DAY, 10 * DAY]) await report(setting, NOON - ago);
  expect(await mine(setting)).toMatchObject({
    xpTotal: 400,
    xp: { logic: 160, creativity: 240 },
    today: { focusedSeconds: 200, xpTotal: 200 },
    streakDays: 2,
  });
});

test.each<[string, number[], number]>([
  ["today alone", [0], 1],
  ["yesterday alone keeps the streak until tonight", [1], 1],
  ["the day before yesterday does not", [2], 0],
  ["a gap ends it", [0, 1, 2, 4, 5], 3],
  ["two sessions a day count once", [0, 0, 1, 1], 2],
  ["a long one", Array.from({ length: 100 }, (_, day) => day), 100],
])("streak: %s", async (_, daysAgo, expected) => {
  const setting = await withGoal();
  for (const days of daysAgo) await report(setting, NOON - days * DAY);
  expect((await mine(setting)).streakDays).toBe(expected);
});

test("days are those of the user's time zone, also where clocks change", async () => {
  const setting = await withGoal();
  // New York's clocks went forward on 8 March 2026: its 8th lasted from 05:00 to 04:00 UTC.
  for (const at of ["2026-03-08T04:59:00Z", "2026-03-08T05:01:00Z", "2026-03-09T03:59:00Z", "2026-03-09T04:01:00Z"])
    await report(setting, Date.parse(at));
  const days = async (timeZone?: string) => {
    const { days: all } = await setting.ada.as.query(api.focus.progress.weeks, { timeZone, weeks: 1 });
    expect(all).toHaveLength(7);
    return Object.fromEntries(
      all.filter(({ xpTotal }) => xpTotal > 0).map(({ date, focusedSeconds }) => [date, focusedSeconds]),
    );
  };
  expect(await days()).toEqual({ "2026-03-08": 200, "2026-03-09": 200 });
  expect(await days("America/New_York")).toEqual({ "2026-03-07": 100, "2026-03-08": 200, "2026-03-09": 100 });
  expect(await days("Asia/Tokyo")).toEqual({ "2026-03-08": 200, "2026-03-09": 200 });
  expect((await mine(setting, { timeZone: "America/New_York" })).streakDays).toBe(3);
  expect((await mine(setting, { timeZone: "America/New_York", today: "2026-03-08" })).today.focusedSeconds).toBe(200);
});

test("the last weeks come oldest first, today's date last, across the date line", async () => {
  const setting = await withGoal();
  const dates = async (timeZone: string) =>
    (await setting.ada.as.query(api.focus.progress.weeks, { timeZone, weeks: 2 })).days.map(({ date }) => date);
  expect([(await dates("UTC"))[0], (await dates("UTC"))[13]]).toEqual(["2026-02-25", "2026-03-10"]);
  expect((await dates("Pacific/Kiritimati"))[13]).toBe("2026-03-11");
});

test("a session ended here counts for the date in its own zone: one day of the goal, two in UTC", async () => {
  vi.setSystemTime(Date.parse("2026-03-10T23:00:00Z"));
  const running = await withSession({ timeZone: "Asia/Tokyo" });
  vi.advanceTimersByTime(60_000);
  await running.ada.as.mutation(api.focus.sessions.complete, { sessionId: running.sessionId });
  vi.advanceTimersByTime(10 * HOUR);
  const next = await running.ada.as.mutation(api.focus.sessions.start, {
    goalId: running.goalId,
    activityId: DRAWING,
    timeZone: "Asia/Tokyo",
  });
  vi.advanceTimersByTime(60_000);
  await running.ada.as.mutation(api.focus.sessions.complete, { sessionId: next });
  expect(await running.ada.as.query(api.focus.goals.get, { goalId: running.goalId })).toMatchObject({
    daysCompleted: 1,
  });
  expect((await mine(running, { timeZone: "Asia/Tokyo" })).streakDays).toBe(1);
  expect((await mine(running)).streakDays).toBe(2);
});

test("bad zones, dates and numbers of weeks are named; others see their own progress", async () => {
  const setting = await withGoal();
  await report(setting, NOON);
  const { ada, t } = setting;
  for (const [field, args] of [
    ["timeZone", { timeZone: "Nowhere/At_All", weeks: 1 }],
    ["today", { today: "2026-02-30", weeks: 1 }],
    ["weeks", { weeks: 0 }],
    ["weeks", { weeks: 54 }],
  ] as const)
    await expect(ada.as.query(api.focus.progress.weeks, args)).rejects.toMatchObject({
      data: { code: "VALIDATION", fields: { [field]: some(Array) } },
    });
  const stranger = await signedInUser(t);
  expect((await mine({ ...setting, ada: stranger })).xpTotal).toBe(0);
});
