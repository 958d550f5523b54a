/** The states of README "States" as one table: what each event makes of each state, or why it is refused. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { getErrorData } from "../lib/errors";
import { HOUR_MS, MINUTE_MS } from "../lib/time";
import type { CompletedReason } from "../xp/shapes";
import { attend, DRAWING, NOON, RUNNING, send, SERVICE, stopTheClock, withGoal, type Setting } from "./focus.testing";

const { sessions } = api.focus;

beforeEach(() => stopTheClock());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const PLANNED_MINUTES = 40;

type Running = Setting & { sessionId: string };

const start = ({ ada, goalId }: Setting) =>
  ada.as.mutation(sessions.start, { goalId, activityId: DRAWING, plannedSeconds: PLANNED_MINUTES * 60 });
const complete = ({ ada, sessionId }: Running, reason: "manual" | "abandoned" | "crash_recovered") =>
  ada.as.mutation(sessions.complete, { sessionId, reason });

/** Heartbeats are refused for a session of another host. */
const attendIfHere = (running: Running, ms: number) => attend(running, ms).catch(() => vi.advanceTimersByTime(ms));

/** Lets time pass, and what is scheduled happen. */
async function passMinutes({ t }: Running, minutes: number): Promise<void> {
  vi.advanceTimersByTime(minutes * MINUTE_MS);
  await t.finishInProgressScheduledFunctions();
}

async function report({ t, ada, goalId, sessionId }: Running): Promise<void> {
  const at = new Date(Date.now()).toISOString();
  const references = { user_id: ada.user.uuid, goal_id: goalId, activity_id: DRAWING, started_at: at };
  const xp = { xp_total: 0, xp_physique: 0, xp_energy: 0, xp_logic: 0, xp_creativity: 0, xp_social: 0 };
  const seconds = { total_duration_seconds: 0, focused_duration_seconds: 0 };
  const end = { status: "completed", completed_reason: "manual", ended_at: at, ...seconds, ...xp };
  const { status } = await send(t, "PUT", `/api/v1/sessions/${sessionId}/`, SERVICE, { ...references, ...end });
  expect(status).toBe(200);
}

const EVENTS = {
  pause: ({ ada, sessionId }: Running) => ada.as.mutation(sessions.pause, { sessionId }),
  resume: ({ ada, sessionId }: Running) => ada.as.mutation(sessions.resume, { sessionId }),
  heartbeat: ({ ada, sessionId }: Running) => ada.as.mutation(sessions.heartbeat, { sessionId }),
  complete: (running: Running) => complete(running, "manual"),
  abandon: (running: Running) => complete(running, "abandoned"),
  "recover from a crash": (running: Running) => complete(running, "crash_recovered"),
  "start another": ({ ada, goalId }: Running) => ada.as.mutation(sessions.start, { goalId, activityId: RUNNING }),
  "its planned length is reached": async (running: Running) => {
    await attendIfHere(running, (PLANNED_MINUTES - 1) * MINUTE_MS);
    await passMinutes(running, 1);
  },
  "12 hours pass": async (running: Running) => {
    for (let passed = 0; passed < 12 * HOUR_MS; passed += 20 * MINUTE_MS) {
      await passMinutes(running, 20);
      await EVENTS.heartbeat(running).catch(() => null);
    }
  },
  "nothing is heard for 30 minutes": async ({ t }: Running) => {
    vi.advanceTimersByTime(30 * MINUTE_MS);
    await t.mutation(internal.focus.sweep.endSilent, {});
  },
  "the service reports its end": report,
};
type Event = keyof typeof EVENTS;

/** The event that leads to each state; an ended session has its reason as its state. */
const REACH: Record<Exclude<State, "registered">, Event | null> = {
  active: null,
  paused: "pause",
  manual: "complete",
  abandoned: "abandon",
  auto: "its planned length is reached",
  timeout: "nothing is heard for 30 minutes",
  crash_recovered: "recover from a crash",
};
type State = "active" | "paused" | "registered" | CompletedReason;

async function open(state: State): Promise<Running> {
  const setting = await withGoal();
  if (state === "registered") {
    const { ada, goalId, t } = setting;
    const body = { session_id: "elsewhere", user_id: ada.user.uuid, goal_id: goalId, activity_id: DRAWING };
    const at = { status: "active", started_at: new Date(NOON).toISOString() };
    expect((await send(t, "POST", "/api/v1/sessions/", ada.headers, { ...body, ...at })).status).toBe(201);
    return { ...setting, sessionId: "elsewhere" };
  }
  const running = { ...setting, sessionId: await start(setting) };
  const reach = REACH[state];
  if (reach !== null) await EVENTS[reach](running);
  return running;
}

const ENDED = "This session has already ended.";
const ELSEWHERE = "This session runs on another host.";

const live: Record<Event, string> = {
  pause: "paused",
  resume: "active",
  heartbeat: "active",
  complete: "manual",
  abandon: "abandoned",
  "recover from a crash": "crash_recovered",
  "start another": "A session is running already.",
  "its planned length is reached": "auto",
  "12 hours pass": "auto",
  "nothing is heard for 30 minutes": "timeout",
  "the service reports its end": "manual",
};

/** An ended session goes on only by a better reason or by the figures of the service. */
const ended = (state: CompletedReason, relabeled: Partial<Record<Event, string>> = {}): Record<Event, string> => ({
  ...(Object.fromEntries(Object.keys(live).map((event) => [event, state])) as Record<Event, string>),
  abandon: ENDED,
  "recover from a crash": ENDED,
  "the service reports its end": "manual",
  ...relabeled,
});

/** The next state, or the reason of a refusal, after which nothing has changed. */
const TABLE: Record<State, Record<Event, string>> = {
  active: live,
  paused: { ...live, heartbeat: "paused", "its planned length is reached": "paused" },
  manual: ended("manual"),
  auto: ended("auto"),
  timeout: ended("timeout", { abandon: "abandoned", "recover from a crash": "crash_recovered" }),
  abandoned: ended("abandoned", { abandon: "abandoned" }),
  crash_recovered: ended("crash_recovered", { "recover from a crash": "crash_recovered" }),
  registered: {
    pause: ELSEWHERE,
    resume: ELSEWHERE,
    heartbeat: ELSEWHERE,
    complete: ELSEWHERE,
    abandon: ELSEWHERE,
    "recover from a crash": ELSEWHERE,
    "start another": "registered",
    "its planned length is reached": "registered",
    "12 hours pass": "registered",
    "nothing is heard for 30 minutes": "registered",
    "the service reports its end": "manual",
  },
};

const readState = ({ t }: Running): Promise<State> =>
  t.run(async (ctx) => {
    const { state } = (await ctx.db.query("focusSessions").first())!;
    if (state.kind === "ended") return state.reason;
    return state.kind === "registered" ? "registered" : state.pausedAt === null ? "active" : "paused";
  });

describe.each(Object.keys(TABLE) as State[])("a session that is %s", (state) => {
  test.each(Object.entries(TABLE[state]) as [Event, string][])("%s: %s", async (event, expected) => {
    const running = await open(state);
    expect(await readState(running)).toBe(state);
    const refusal = await EVENTS[event](running).then(
      () => null,
      (error: unknown) => getErrorData(error)?.message ?? (error as Error).message,
    );
    const after = await readState(running);
    expect(refusal ?? after).toBe(expected);
    if (refusal !== null) expect(after).toBe(state);
  });
});
