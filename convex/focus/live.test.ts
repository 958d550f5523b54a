import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { openSession } from "../identity/sessions/accountSessions";
import { newBackend, signedInUser } from "../setup.testing";
import {
  attend,
  DRAWING,
  NOON,
  RUNNING,
  stopTheClock,
  withGoal,
  withSession,
  some,
  type Setting,
} from "./focus.testing";
import { earnedXp } from "./rules";
import { totalOf } from "./scorer";

const { sessions } = api.focus;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

beforeEach(() => stopTheClock());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

type Running = Setting & { sessionId: string };
const current = ({ ada }: Running) => ada.as.query(sessions.current, {});
const lastEnded = ({ ada }: Running) => ada.as.query(sessions.lastEnded, {});
const rows = (
  { t }: Running,
  table: "focusSessions" | "focusHeartbeats" | "storeOutbox" | "focusTotals" | "focusDays",
) => t.run((ctx) => ctx.db.query(table).collect());

async function secondDevice({ t, ada }: Setting) {
  const client = {
    ip: "198.51.100.9",
    userAgent:
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
  };
  const { session } = await t.run((ctx) => openSession(ctx, ada.user, { loginMethod: "password", client }));
  return { ...ada, as: t.withIdentity({ subject: `${ada.user._id}|${session.authSessionId}` }) };
}

describe("a session from start to end", () => {
  test("counts time between start and end, without pauses, and earns rate times focused seconds", async () => {
    const running = await withSession();
    const started = await current(running);
    expect(started).toMatchObject({
      id: running.sessionId,
      status: "active",
      goalId: running.goalId,
      activityId: DRAWING,
      startedAt: NOON,
      focusedMs: 0,
      runningSince: NOON,
      pausedAt: null,
      plannedSeconds: null,
      lastChange: { kind: "started", device: "Firefox on Linux", at: NOON },
    });
    await attend(running, 10 * MINUTE);
    await running.ada.as.mutation(sessions.pause, { sessionId: running.sessionId });
    expect(await current(running)).toMatchObject({
      status: "paused",
      focusedMs: 10 * MINUTE,
      runningSince: null,
      pausedAt: NOON + 10 * MINUTE,
    });
    await attend(running, 5 * MINUTE);
    await running.ada.as.mutation(sessions.resume, { sessionId: running.sessionId });
    await attend(running, 2 * MINUTE);
    const { status, ended } = await running.ada.as.mutation(sessions.complete, { sessionId: running.sessionId });
    expect(status).toBe("completed");
    const xp = earnedXp(started!.rates, 12 * 60);
    expect(ended).toEqual({
      id: running.sessionId,
      startedAt: NOON,
      endedAt: NOON + 17 * MINUTE,
      totalDurationSeconds: 12 * 60,
      focusedDurationSeconds: 12 * 60,
      xp,
      xpTotal: totalOf(xp),
      completedReason: "manual",
      activity: { id: DRAWING, name: "Drawing", emoji: "🎨" },
    });
    expect(await current(running)).toBeNull();
    expect(await rows(running, "focusHeartbeats")).toEqual([]);
    expect((await rows(running, "focusTotals")).map((row) => "xp" in row && row.xp)).toEqual([xp]);
    expect(await running.ada.as.query(api.focus.goals.get, { goalId: running.goalId })).toMatchObject({
      daysCompleted: 1,
    });
  });

  test("start and end each leave one entry for the permanent store, in order", async () => {
    const running = await withSession();
    await attend(running, MINUTE);
    await running.ada.as.mutation(sessions.complete, { sessionId: running.sessionId });
    const entries = await running.t.run((ctx) =>
      ctx.db.query("storeOutbox").withIndex("by_sessionId_and_sequence").collect(),
    );
    expect(entries.map(({ sessionId, payload }) => [sessionId, payload.kind, payload.userId])).toEqual([
      [running.sessionId, "register", running.ada.user.uuid],
      [running.sessionId, "complete", running.ada.user.uuid],
    ]);
    expect(entries[1]!.payload).toMatchObject({
      focusedDurationSeconds: 60,
      completedReason: "manual",
      goal: { daysCompleted: 1 },
    });
  });

  test("completing again changes nothing", async () => {
    const running = await withSession();
    await attend(running, MINUTE);
    const first = await running.ada.as.mutation(sessions.complete, { sessionId: running.sessionId });
    vi.advanceTimersByTime(MINUTE);
    expect(await running.ada.as.mutation(sessions.complete, { sessionId: running.sessionId })).toEqual(first);
    expect(await rows(running, "storeOutbox")).toHaveLength(2);
  });

  test("abandoning keeps the XP, and the day does not count for the goal", async () => {
    const running = await withSession();
    await attend(running, 3 * MINUTE);
    const { status, ended } = await running.ada.as.mutation(sessions.complete, {
      sessionId: running.sessionId,
      reason: "abandoned",
    });
    expect([status, ended?.focusedDurationSeconds]).toEqual(["abandoned", 180]);
    expect(ended!.xpTotal).toBeGreaterThan(0);
    expect(await running.ada.as.query(api.focus.goals.get, { goalId: running.goalId })).toMatchObject({
      daysCompleted: 0,
    });
  });
});

describe("one live session per user", () => {
  test("a second start is a conflict that names the running session", async () => {
    const running = await withSession();
    const other = await secondDevice(running);
    await expect(
      other.as.mutation(sessions.start, { goalId: running.goalId, activityId: RUNNING }),
    ).rejects.toMatchObject({
      data: { code: "CONFLICT", sessionId: running.sessionId },
    });
  });

  test("of two starts at once one wins and the other is told which", async () => {
    const setting = await withGoal();
    const other = await secondDevice(setting);
    const args = { goalId: setting.goalId, activityId: DRAWING };
    const outcomes = await Promise.allSettled([
      setting.ada.as.mutation(sessions.start, args),
      other.as.mutation(sessions.start, args),
    ]);
    const won = outcomes.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const lost = outcomes.flatMap((each) =>
      each.status === "rejected" ? [(each.reason as { data: { sessionId: string } }).data] : [],
    );
    expect(won).toHaveLength(1);
    expect(lost).toEqual([expect.objectContaining({ code: "CONFLICT", sessionId: won[0] })]);
  });

  test("what one device does, the other sees with the device's name", async () => {
    const running = await withSession();
    const other = await secondDevice(running);
    vi.advanceTimersByTime(20_000);
    await other.as.mutation(sessions.pause, { sessionId: running.sessionId });
    expect(await current(running)).toMatchObject({
      status: "paused",
      lastChange: { kind: "paused", device: "Chrome on Windows", at: NOON + 20_000 },
    });
  });

  test("strangers find nothing", async () => {
    const running = await withSession();
    const stranger = await signedInUser(running.t);
    for (const act of [sessions.pause, sessions.resume, sessions.heartbeat, sessions.complete])
      await expect(stranger.as.mutation(act, { sessionId: running.sessionId })).rejects.toThrow("NOT_FOUND");
    expect(await stranger.as.query(sessions.current, {})).toBeNull();
    await expect(running.t.query(sessions.current, {})).rejects.toThrow("UNAUTHENTICATED");
  });
});

describe("attention", () => {
  test("a gap beyond a minute is not paid, and the session goes on", async () => {
    const running = await withSession();
    await attend(running, 2 * MINUTE);
    vi.advanceTimersByTime(20 * MINUTE);
    const { status } = await running.ada.as.mutation(sessions.heartbeat, { sessionId: running.sessionId });
    expect(status).toBe("active");
    expect(await current(running)).toMatchObject({ focusedMs: 3 * MINUTE, runningSince: NOON + 22 * MINUTE });
    await attend(running, MINUTE);
    const { ended } = await running.ada.as.mutation(sessions.complete, { sessionId: running.sessionId });
    expect(ended).toMatchObject({ totalDurationSeconds: 23 * 60, focusedDurationSeconds: 4 * 60 });
  });

  test("hidden time is not paid from the moment it is declared, unless another device shows the session", async () => {
    const running = await withSession();
    const other = await secondDevice(running);
    const { sessionId } = running;
    await attend(running, MINUTE);
    await running.ada.as.mutation(sessions.heartbeat, { sessionId, hidden: true });
    expect(await current(running)).toMatchObject({ status: "active", focusedMs: MINUTE, runningSince: null });
    vi.advanceTimersByTime(10_000);
    await other.as.mutation(sessions.heartbeat, { sessionId });
    vi.advanceTimersByTime(10_000);
    await running.ada.as.mutation(sessions.heartbeat, { sessionId, hidden: true });
    expect(await current(running)).toMatchObject({ focusedMs: MINUTE, runningSince: NOON + MINUTE + 10_000 });
    vi.advanceTimersByTime(5_000);
    const { ended } = await other.as.mutation(sessions.complete, { sessionId });
    expect(ended).toMatchObject({ totalDurationSeconds: 85, focusedDurationSeconds: 75 });
  });

  test("a heartbeat in time writes one row and leaves what live queries read alone", async () => {
    const running = await withSession();
    const before = await rows(running, "focusSessions");
    vi.advanceTimersByTime(30_000);
    await running.ada.as.mutation(sessions.heartbeat, { sessionId: running.sessionId });
    expect(await rows(running, "focusSessions")).toEqual(before);
    expect(await rows(running, "focusHeartbeats")).toMatchObject([{ lastAt: NOON + 30_000 }]);
    expect(await rows(running, "storeOutbox")).toHaveLength(1);
  });
});

describe("ends that nobody asks for", () => {
  test("the planned length ends it as auto, to the second, and pausing puts that off", async () => {
    const running = await withSession({ plannedSeconds: 600 });
    await attend(running, 4 * MINUTE);
    await running.ada.as.mutation(sessions.pause, { sessionId: running.sessionId });
    await attend(running, 20 * MINUTE);
    expect(await current(running)).toMatchObject({ status: "paused" });
    await running.ada.as.mutation(sessions.resume, { sessionId: running.sessionId });
    await attend(running, 5.5 * MINUTE);
    expect(await current(running)).toMatchObject({ status: "active" });
    vi.advanceTimersByTime(30_000);
    await running.t.finishInProgressScheduledFunctions();
    expect(await current(running)).toBeNull();
    expect(await lastEnded(running)).toMatchObject({
      completedReason: "auto",
      endedAt: NOON + 30 * MINUTE,
      totalDurationSeconds: 600,
      focusedDurationSeconds: 600,
    });
  });

  test("a planned end of an earlier attempt does nothing", async () => {
    const running = await withSession({ plannedSeconds: 60 });
    const [row] = await rows(running, "focusSessions");
    await running.ada.as.mutation(sessions.pause, { sessionId: running.sessionId });
    vi.advanceTimersByTime(2 * MINUTE);
    await running.ada.as.mutation(sessions.resume, { sessionId: running.sessionId });
    await running.t.mutation(internal.focus.sweep.endPlanned, { sessionId: row!._id as never, attempt: 1 });
    expect(await current(running)).toMatchObject({ status: "active" });
  });

  test("half an hour of silence ends it as timeout at the last heartbeat", async () => {
    const running = await withSession();
    await attend(running, 5 * MINUTE);
    vi.advanceTimersByTime(30 * MINUTE - 1);
    await running.t.mutation(internal.focus.sweep.endSilent, {});
    expect(await current(running)).not.toBeNull();
    vi.advanceTimersByTime(1);
    await running.t.mutation(internal.focus.sweep.endSilent, {});
    expect(await current(running)).toBeNull();
    expect(await lastEnded(running)).toMatchObject({
      completedReason: "timeout",
      endedAt: NOON + 5 * MINUTE,
      totalDurationSeconds: 300,
      focusedDurationSeconds: 300,
    });
  });

  test("a client that returns before the sweep finds the same end, and may say that it crashed", async () => {
    const running = await withSession();
    const { sessionId } = running;
    await attend(running, 5 * MINUTE);
    vi.advanceTimersByTime(45 * MINUTE);
    const { status, ended } = await running.ada.as.mutation(sessions.heartbeat, { sessionId });
    expect([status, ended?.completedReason, ended?.endedAt]).toEqual(["completed", "timeout", NOON + 5 * MINUTE]);
    const relabeled = await running.ada.as.mutation(sessions.complete, { sessionId, reason: "crash_recovered" });
    expect(relabeled.ended).toEqual({ ...ended, completedReason: "crash_recovered" });
    expect((await rows(running, "focusTotals")).map((row) => "xp" in row && totalOf(row.xp))).toEqual([ended!.xpTotal]);
  });

  test("a timed-out session called abandoned takes its day back from the goal", async () => {
    const running = await withSession();
    await attend(running, MINUTE);
    vi.advanceTimersByTime(31 * MINUTE);
    await running.t.mutation(internal.focus.sweep.endSilent, {});
    const days = async () =>
      (await running.ada.as.query(api.focus.goals.get, { goalId: running.goalId })).daysCompleted;
    expect(await days()).toBe(1);
    const { status } = await running.ada.as.mutation(sessions.complete, {
      sessionId: running.sessionId,
      reason: "abandoned",
    });
    expect(status).toBe("abandoned");
    expect(await days()).toBe(0);
  });

  test("twelve hours end it as auto", async () => {
    const running = await withSession();
    for (let hours = 0; hours < 12 * 4; hours++) {
      vi.advanceTimersByTime(15 * MINUTE);
      await running.ada.as.mutation(sessions.heartbeat, { sessionId: running.sessionId });
    }
    expect(await lastEnded(running)).toMatchObject({
      completedReason: "auto",
      endedAt: NOON + 12 * HOUR,
      totalDurationSeconds: 12 * 3600,
    });
  });

  test("a start over a session that ended unnoticed settles that one first", async () => {
    const running = await withSession();
    await attend(running, MINUTE);
    vi.advanceTimersByTime(2 * HOUR);
    const next = await running.ada.as.mutation(sessions.start, { goalId: running.goalId, activityId: RUNNING });
    expect(await current(running)).toMatchObject({ id: next, activityId: RUNNING });
    expect(await lastEnded(running)).toMatchObject({ id: running.sessionId, completedReason: "timeout" });
  });

  test("the sweep ends many at once, in batches", async () => {
    const { t } = await withGoal();
    for (let user = 0; user < 60; user++) {
      const { as } = await signedInUser(t);
      const goalId = await as.mutation(api.focus.goals.create, {
        title: "x",
        emoji: "x",
        category: { name: "x", color: "#000000" },
        daysTotal: 1,
      });
      await as.mutation(sessions.start, { goalId, activityId: DRAWING });
    }
    vi.advanceTimersByTime(31 * MINUTE);
    await t.mutation(internal.focus.sweep.endSilent, {});
    await t.finishAllScheduledFunctions(() => vi.runAllTimers());
    expect(await t.run((ctx) => ctx.db.query("focusHeartbeats").collect())).toEqual([]);
  });
});

describe("bad input", () => {
  test.each([
    ["plannedSeconds", { plannedSeconds: 0 }],
    ["plannedSeconds", { plannedSeconds: 1.5 }],
    ["plannedSeconds", { plannedSeconds: 43_201 }],
    ["devicePlatform", { devicePlatform: "a far too long one" }],
    ["timeZone", { timeZone: "Atlantis/Capital" }],
  ])("start names %s in %j", async (field, extra) => {
    const { ada, goalId } = await withGoal();
    await expect(ada.as.mutation(sessions.start, { goalId, activityId: DRAWING, ...extra })).rejects.toMatchObject({
      data: { code: "VALIDATION", fields: { [field]: some(Array) } },
    });
  });

  test("unknown goals, activities and sessions are not found; ids of other kinds too", async () => {
    const { ada, goalId } = await withGoal();
    await expect(ada.as.mutation(sessions.start, { goalId: "nothing", activityId: DRAWING })).rejects.toThrow(
      "NOT_FOUND",
    );
    await expect(ada.as.mutation(sessions.start, { goalId, activityId: "nothing" })).rejects.toThrow("NOT_FOUND");
    await expect(ada.as.mutation(sessions.pause, { sessionId: "nothing" })).rejects.toThrow("NOT_FOUND");
    await expect(ada.as.mutation(sessions.pause, { sessionId: ada.user._id })).rejects.toThrow("NOT_FOUND");
  });

  test("the clock needs no credential", async () => {
    expect(await newBackend().action(api.focus.clock.now, {})).toBe(NOON);
  });
});
