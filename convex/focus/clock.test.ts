/** The server's clock is put forward and back while a session runs. */
import fc from "fast-check";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { toWireTime } from "../lib/time";
import { attend, NOON, send, SERVICE, stopTheClock, withSession, type Setting } from "./focus.testing";
import * as Rules from "./rules";

const { sessions } = api.focus;
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

beforeEach(() => stopTheClock());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

type Running = Setting & { sessionId: string };
const put = (ms: number) => void vi.setSystemTime(Date.now() + ms);
const stored = ({ t }: Running) => t.run(async (ctx) => (await ctx.db.query("focusSessions").first())!);
const outbox = ({ t }: Running) => t.run((ctx) => ctx.db.query("storeOutbox").collect());

/** The end as it stands here and as the permanent store is told. */
async function endOf(running: Running) {
  const { startedAt, state } = await stored(running);
  if (state.kind !== "ended") throw new Error(`the session is ${state.kind}`);
  expect(state.endedAt).toBeGreaterThanOrEqual(startedAt);
  expect(state.focusedSeconds).toBeGreaterThanOrEqual(0);
  expect(state.totalSeconds).toBeGreaterThanOrEqual(state.focusedSeconds);
  expect((await outbox(running)).find(({ payload }) => payload.kind === "complete")?.payload).toMatchObject({
    startedAt,
    endedAt: state.endedAt,
  });
  return state;
}

test.each([10 * SECOND, 10 * MINUTE, DAY, 400 * DAY])(
  "put back by %d ms, a session keeps what it has and counts on",
  async (stepMs) => {
    const running = await withSession();
    await attend(running, 10 * MINUTE);
    put(-stepMs);
    await running.ada.as.mutation(sessions.heartbeat, { sessionId: running.sessionId });
    expect(await running.ada.as.query(sessions.current, {})).toMatchObject({ id: running.sessionId, status: "active" });
    await attend(running, 5 * MINUTE);
    await running.ada.as.mutation(sessions.complete, { sessionId: running.sessionId });
    expect(await endOf(running)).toMatchObject({ reason: "manual", totalSeconds: 900, focusedSeconds: 900 });
  },
);

test("put back while paused, a session stays paused and its pause pays nothing", async () => {
  const running = await withSession();
  const { as } = running.ada;
  await attend(running, 5 * MINUTE);
  await as.mutation(sessions.pause, { sessionId: running.sessionId });
  put(-HOUR);
  vi.advanceTimersByTime(2 * MINUTE);
  expect(await as.mutation(sessions.resume, { sessionId: running.sessionId })).toMatchObject({ status: "active" });
  await attend(running, 5 * MINUTE);
  await as.mutation(sessions.complete, { sessionId: running.sessionId });
  expect(await endOf(running)).toMatchObject({ totalSeconds: 600, focusedSeconds: 600 });
});

test("a planned length is reached after as much time, not at the time of day that was planned", async () => {
  const running = await withSession({ plannedSeconds: 600 });
  await attend(running, 4 * MINUTE);
  put(-DAY);
  await attend(running, 6 * MINUTE);
  expect(await running.ada.as.query(sessions.current, {})).toMatchObject({ status: "active" });
  vi.advanceTimersByTime(30 * SECOND);
  await running.t.finishInProgressScheduledFunctions();
  expect(await endOf(running)).toMatchObject({ reason: "auto", totalSeconds: 600, focusedSeconds: 600 });
});

test("the sweep finds a session that is dated ahead of the clock, and half an hour later its silence", async () => {
  const running = await withSession();
  await attend(running, 4 * MINUTE);
  put(-DAY);
  await running.t.mutation(internal.focus.sweep.endSilent, {});
  vi.advanceTimersByTime(29 * MINUTE);
  await running.t.mutation(internal.focus.sweep.endSilent, {});
  expect((await stored(running)).state.kind).toBe("live");
  vi.advanceTimersByTime(MINUTE);
  await running.t.mutation(internal.focus.sweep.endSilent, {});
  expect(await endOf(running)).toMatchObject({ reason: "timeout", totalSeconds: 240, focusedSeconds: 240 });
});

test("the next start finds the session running, not lost", async () => {
  const running = await withSession();
  await attend(running, 4 * MINUTE);
  put(-DAY);
  const { goalId, activityId } = (await running.ada.as.query(sessions.current, {}))!;
  await expect(running.ada.as.mutation(sessions.start, { goalId, activityId })).rejects.toMatchObject({
    data: { code: "CONFLICT", sessionId: running.sessionId },
  });
});

test("over REST a user ends the session by the new time, while the service's own figures may not end before the start", async () => {
  const running = await withSession();
  await attend(running, 4 * MINUTE);
  put(-DAY);
  const xp = { xp_total: 0, xp_physique: 0, xp_energy: 0, xp_logic: 0, xp_creativity: 0, xp_social: 0 };
  const report = {
    status: "completed",
    completed_reason: "manual",
    ended_at: toWireTime(Date.now()),
    total_duration_seconds: 240,
    focused_duration_seconds: 240,
    ...xp,
  };
  const path = `/api/v1/sessions/${running.sessionId}/`;
  expect(await send(running.t, "PUT", path, SERVICE, report)).toMatchObject({
    status: 400,
    body: { fields: { ended_at: ["Must not be before the start."] } },
  });
  expect(await send(running.t, "PUT", path, running.ada.headers, report)).toMatchObject({
    status: 200,
    body: { status: "completed" },
  });
  expect(await endOf(running)).toMatchObject({ totalSeconds: 240, focusedSeconds: 240 });
});

test("whatever steps the clock takes: an end is not before its start, focused ≤ total ≤ the time between, and nothing earned is lost", () => {
  const device = fc.constantFrom("a", "b");
  const act = fc.constantFrom("beat", "beat", "beat", "hide", "pause", "resume", "step");
  const stepMs = fc.oneof(fc.integer({ min: -DAY, max: 0 }), fc.integer({ min: -5 * MINUTE, max: 30 * SECOND }));
  const acts = fc.array(fc.record({ kind: act, device, gapMs: fc.integer({ min: 0, max: 90 * SECOND }), stepMs }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(acts, (all) => {
      let now = NOON;
      let state = { clock: Rules.startClock(now, null), contact: Rules.startContact("a", now) };
      let earnedMs = 0;
      for (const { kind, device, gapMs, stepMs: by } of all) {
        now += gapMs;
        if (kind === "step") earnedMs = Rules.measureFocusedMs(state.clock, state.contact, state.contact.lastAt);
        if (kind === "step") now += by;
        state = Rules.putBack(state.clock, state.contact, now);
        const { clock, contact } = state;
        if (kind === "beat" || kind === "hide" || kind === "step")
          state = Rules.applyHeartbeat(clock, contact, { device, hidden: kind === "hide", now });
        else state = (kind === "pause" ? Rules.applyPause : Rules.applyResume)(clock, contact, { device, now });
        const [totalMs, focusedMs] = [
          Rules.totalMsAt(state.clock, now),
          Rules.measureFocusedMs(state.clock, state.contact, now),
        ];
        expect(focusedMs).toBeGreaterThanOrEqual(earnedMs);
        expect(totalMs).toBeGreaterThanOrEqual(focusedMs);
        expect(Rules.computeToldEnd(state.clock, now)).toBeGreaterThanOrEqual(NOON + totalMs);
      }
    }),
    { numRuns: 500 },
  );
});
