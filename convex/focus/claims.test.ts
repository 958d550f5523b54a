import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { signedInUser, TEST_CLIENT } from "../setup.testing";
import {
  attend,
  DRAWING,
  goalFields,
  NOON,
  send,
  SERVICE,
  SERVICE_KEY,
  stopTheClock,
  withGoal,
  withSession,
  some,
  type Setting,
} from "./focus.testing";
import { earnedXp } from "./rules";
import { storePort } from "./storePort";
import { totalOf, type Rates } from "./scorer";
import type { Ended } from "./shapes";

beforeEach(() => stopTheClock());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

const UNKNOWN = "00000000-0000-4000-8000-00000000dead";
const EXAMPLE = {
  status: "completed",
  ended_at: "2026-03-10T12:00:00+01:00",
  total_duration_seconds: 3600,
  focused_duration_seconds: 3200,
  xp_total: 28000,
  xp_physique: 16000,
  xp_energy: 3200,
  xp_logic: 0,
  xp_creativity: 8000,
  xp_social: 800,
  completed_reason: "manual",
  device_platform: "web",
};

const registration = ({ ada, goalId }: Setting, sessionId = "elsewhere-1") => ({
  session_id: sessionId,
  user_id: ada.user.uuid,
  goal_id: goalId,
  activity_id: DRAWING,
  status: "active",
  started_at: "2026-03-10T09:30:00Z",
  device_platform: "web",
});
const references = (setting: Setting) => {
  const { user_id, goal_id, activity_id, started_at } = registration(setting);
  return { user_id, goal_id, activity_id, started_at };
};
const amounts = (xp: Rates) => ({
  xp_total: totalOf(xp),
  ...Object.fromEntries(Object.entries(xp).map(([dimension, amount]) => [`xp_${dimension}`, amount])),
});
const register = (setting: Setting, body: object, headers: Record<string, string> = setting.ada.headers) =>
  send(setting.t, "POST", "/api/v1/sessions/", headers, body);
const complete = (setting: Setting, id: string, body: object, headers: Record<string, string> = SERVICE) =>
  send(setting.t, "PUT", `/api/v1/sessions/${encodeURIComponent(id)}/`, headers, body);
const totals = ({ t }: Setting) =>
  t.run(async (ctx) => (await ctx.db.query("focusTotals").collect()).map(({ xp }) => totalOf(xp)));
const outbox = ({ t }: Setting) =>
  t.run(async (ctx) => (await ctx.db.query("storeOutbox").collect()).map(({ payload }) => payload.kind));
const earned = async ({ ada, goalId }: Setting, seconds: number) =>
  earnedXp((await ada.as.action(api.focus.rates.calculate, { activityId: DRAWING, goalId })).rates, seconds);

test.each([
  ["manual", "session_finished"],
  ["auto", "session_finished"],
  ["timeout", "session_finished"],
  ["crash_recovered", "session_finished"],
  ["abandoned", "session_abandoned"],
])("an end that is %s counts for analytics as its status says: %s", async (reason, event) => {
  const setting = await withGoal();
  const status = reason === "abandoned" ? "abandoned" : "completed";
  const end = { ...EXAMPLE, ...references(setting), status, completed_reason: reason };
  expect(await complete(setting, "counted", end)).toMatchObject({ status: 200, body: { status } });
  const notes = await setting.t.run((ctx) => ctx.db.query("analyticsNotes").collect());
  expect(notes.map((note) => note.event).filter((name) => name.startsWith("session_"))).toEqual([event]);
});

describe("5.2 register", () => {
  test("an id that no URL can hold is refused", async () => {
    const setting = await withGoal();
    for (const id of [".", "..", " .. "])
      expect(await register(setting, registration(setting, id))).toMatchObject({
        status: 400,
        body: { fields: { session_id: ["Must not be . or .."] } },
      });
    expect((await register(setting, registration(setting, "..."))).status).toBe(201);
  });

  test("201 on creation, 200 after, and one entry for the permanent store", async () => {
    const setting = await withGoal();
    const first = await register(setting, registration(setting));
    expect([first.status, first.body]).toEqual([201, { id: "elsewhere-1", status: "active" }]);
    const again = await register(setting, registration(setting));
    expect([again.status, again.body]).toEqual([200, { id: "elsewhere-1", status: "active" }]);
    expect(await outbox(setting)).toEqual(["register"]);
  });

  test("an existing session keeps its state, whatever is registered over it", async () => {
    const setting = await withGoal();
    await complete(setting, "elsewhere-1", { ...EXAMPLE, ...references(setting) });
    expect(await register(setting, registration(setting))).toMatchObject({
      status: 200,
      body: { id: "elsewhere-1", status: "completed" },
    });
    const running = await withSession();
    expect(await register(running, registration(running, running.sessionId))).toMatchObject({
      status: 200,
      body: { id: running.sessionId, status: "active" },
    });
  });

  test("403 for another user's id and another user's session; the service key may name anybody", async () => {
    const setting = await withGoal();
    const stranger = await signedInUser(setting.t);
    const foreign = await register(setting, registration(setting), stranger.headers);
    expect(foreign.status).toBe(403);
    expect(Object.keys(foreign.body)).toEqual(["detail", "code"]);
    expect((await register(setting, registration(setting), SERVICE)).status).toBe(201);
    const theirGoal = await stranger.as.mutation(api.focus.goals.create, {
      title: "x",
      emoji: "x",
      category: { name: "x", color: "#000000" },
      daysTotal: 1,
    });
    const taken = await register(
      setting,
      { ...registration(setting), user_id: stranger.user.uuid, goal_id: theirGoal },
      stranger.headers,
    );
    expect(taken.status).toBe(403);
    // Nor can the service key, by naming the wrong user, be told of a session that is somebody else's.
    const named = { ...registration(setting), user_id: stranger.user.uuid, goal_id: theirGoal };
    expect((await register(setting, named, SERVICE)).status).toBe(403);
    const { user_id, goal_id, activity_id, started_at } = named;
    expect(
      (await complete(setting, "elsewhere-1", { ...EXAMPLE, user_id, goal_id, activity_id, started_at })).status,
    ).toBe(403);
    expect(await totals(setting)).toEqual([]);
  });

  test("a user's session cannot start in the future, the service key's may", async () => {
    const setting = await withGoal();
    const early = { ...registration(setting), started_at: "2026-03-10T12:05:01Z" };
    expect(await register(setting, early)).toMatchObject({
      status: 400,
      body: { fields: { started_at: ["Must not lie in the future."] } },
    });
    expect((await register(setting, { ...early, started_at: "2026-03-10T12:04:59Z" })).status).toBe(201);
    expect((await register(setting, { ...early, session_id: "elsewhere-2" }, SERVICE)).status).toBe(201);
  });

  test("what is wrong is told as it is: missing, of another kind, out of range", async () => {
    const setting = await withGoal();
    const wrong = {
      session_id: undefined,
      user_id: null,
      goal_id: 7,
      activity_id: "x",
      status: undefined,
      started_at: undefined,
      device_platform: "elevenchars",
    };
    const answer = await register(setting, wrong);
    expect(answer.body.fields).toEqual({
      session_id: ["This field is required."],
      user_id: ["Must be a string."],
      goal_id: ["Must be a string."],
      activity_id: ["Must be a UUID."],
      status: ["This field is required."],
      started_at: ["This field is required."],
      device_platform: ["Must have at most 10 characters."],
    });
  });

  test.each<[string, object]>([
    ["session_id", { session_id: "" }],
    ["session_id", { session_id: "x".repeat(256) }],
    ["session_id", { session_id: undefined }],
    ["session_id", { session_id: "half a pair \ud800" }],
    ["user_id", { user_id: 7 }],
    ["goal_id", { goal_id: "not-a-uuid" }],
    ["goal_id", { goal_id: UNKNOWN }],
    ["activity_id", { activity_id: UNKNOWN }],
    ["status", { status: "completed" }],
    ["started_at", { started_at: "2026-02-30T00:00:00Z" }],
    ["started_at", { started_at: "2026-02-20T00:00:00" }],
    ["started_at", { started_at: "2026-02-20T24:00:00Z" }],
    ["started_at", { started_at: "0000-12-31T00:00:00Z" }],
    ["started_at", { started_at: "9999-12-31T23:00:00-02:00" }],
    ["device_platform", { device_platform: "elevenchars" }],
    ["rates", { rates: {} }],
  ])("400 names %s for %j", async (field, wrong) => {
    const setting = await withGoal();
    const { status, body } = await register(setting, { ...registration(setting), ...wrong });
    expect(status).toBe(400);
    expect(Object.keys(body)).toEqual(["detail", "fields", "code"]);
    expect(Object.keys(body.fields as object)).toEqual([field]);
  });

  test("an unknown user is 400 to the service key; other keys and none are 401", async () => {
    const setting = await withGoal();
    expect(await register(setting, { ...registration(setting), user_id: UNKNOWN }, SERVICE)).toMatchObject({
      status: 400,
      body: { fields: { user_id: [some(String)] } },
    });
    expect((await register(setting, registration(setting), {})).status).toBe(401);
    expect(
      (await register(setting, registration(setting), { Authorization: `Bearer ${SERVICE_KEY.replace("k", "c")}` }))
        .status,
    ).toBe(401);
  });

  test("Idempotency-Key replays the first answer and refuses another body", async () => {
    const setting = await withGoal();
    const headers = { ...setting.ada.headers, "Idempotency-Key": "once" };
    expect((await register(setting, registration(setting), headers)).status).toBe(201);
    expect((await register(setting, registration(setting), headers)).status).toBe(201);
    expect((await register(setting, registration(setting, "elsewhere-2"), headers)).status).toBe(409);
  });
});

describe("5.3 complete, with the service key", () => {
  test("creates a missing session; repeating changes nothing; corrected totals move the user's by the difference", async () => {
    const setting = await withGoal();
    const body = { ...EXAMPLE, ...references(setting) };
    const first = await complete(setting, "elsewhere-1", body);
    expect([first.status, first.body]).toEqual([200, { id: "elsewhere-1", status: "completed", xp_total: 28000 }]);
    expect(await setting.ada.as.query(api.focus.progress.mine, {})).toMatchObject({
      xpTotal: 28000,
      lifeLevel: 2,
      nextLevelAt: 40000,
      streakDays: 1,
    });
    await complete(setting, "elsewhere-1", body);
    await complete(setting, "elsewhere-1", EXAMPLE);
    expect([await totals(setting), await outbox(setting)]).toEqual([[28000], ["complete"]]);
    const corrected = await complete(setting, "elsewhere-1", {
      ...body,
      xp_total: 27000,
      xp_physique: 15000,
      ended_at: "2026-03-09T11:00:00Z",
      started_at: "2026-03-09T09:00:00Z",
    });
    expect(corrected.status).toBe(400);
    expect(await totals(setting)).toEqual([28000]);
    expect(
      (
        await complete(setting, "elsewhere-1", {
          ...body,
          xp_total: 27000,
          xp_physique: 15000,
          ended_at: "2026-03-10T10:30:00Z",
        })
      ).body,
    ).toMatchObject({ xp_total: 27000 });
    expect([await totals(setting), await outbox(setting)]).toEqual([[27000], ["complete", "complete"]]);
    const { days } = await setting.ada.as.query(api.focus.progress.weeks, { weeks: 1 });
    expect(days.map(({ date, xpTotal }) => [date, xpTotal]).filter(([, xp]) => xp !== 0)).toEqual([
      ["2026-03-10", 27000],
    ]);
    expect(await setting.ada.as.query(api.focus.goals.get, { goalId: setting.goalId })).toMatchObject({
      daysCompleted: 1,
    });
  });

  test("moving the end to another day moves days and the goal's count with it", async () => {
    const setting = await withGoal();
    const body = { ...EXAMPLE, ...references(setting), started_at: "2026-03-08T09:00:00Z" };
    await complete(setting, "a", body);
    await complete(setting, "b", body);
    await complete(setting, "a", { ...body, ended_at: "2026-03-09T10:00:00Z" });
    const { days } = await setting.ada.as.query(api.focus.progress.weeks, { weeks: 1 });
    expect(days.slice(-3).map(({ date, xpTotal }) => [date, xpTotal])).toEqual([
      ["2026-03-08", 0],
      ["2026-03-09", 28000],
      ["2026-03-10", 28000],
    ]);
    expect(await setting.ada.as.query(api.focus.goals.get, { goalId: setting.goalId })).toMatchObject({
      daysCompleted: 2,
    });
    await complete(setting, "b", { ...body, status: "abandoned", completed_reason: "abandoned" });
    expect(await setting.ada.as.query(api.focus.goals.get, { goalId: setting.goalId })).toMatchObject({
      daysCompleted: 1,
    });
  });

  test("completes what was registered, without references", async () => {
    const setting = await withGoal();
    await register(setting, registration(setting));
    expect(await complete(setting, "elsewhere-1", EXAMPLE)).toMatchObject({ status: 200, body: { xp_total: 28000 } });
    expect(await outbox(setting)).toEqual(["register", "complete"]);
  });

  test("a missing session without references is 400 naming them", async () => {
    const setting = await withGoal();
    const { status, body } = await complete(setting, "elsewhere-1", { ...EXAMPLE, user_id: setting.ada.user.uuid });
    expect(status).toBe(400);
    expect(Object.keys(body.fields as object).sort()).toEqual(["activity_id", "goal_id", "started_at"]);
  });

  test("is trusted over a session that runs here, which it ends", async () => {
    const running = await withSession({ plannedSeconds: 600 });
    const body = { ...EXAMPLE, ended_at: "2026-03-10T13:30:00Z" };
    expect(await complete(running, running.sessionId, body)).toMatchObject({ status: 200, body: { xp_total: 28000 } });
    expect(await running.ada.as.query(api.focus.sessions.current, {})).toBeNull();
    expect(await running.t.run((ctx) => ctx.db.query("focusHeartbeats").collect())).toEqual([]);
  });

  test.each<[string, object]>([
    ["status", { status: "abandoned" }],
    ["status", { completed_reason: "abandoned" }],
    ["status", { status: "active" }],
    ["completed_reason", { completed_reason: "bored" }],
    ["ended_at", { ended_at: "2026-03-10T09:29:59Z" }],
    ["ended_at", { ended_at: "yesterday" }],
    ["total_duration_seconds", { total_duration_seconds: 3600.5 }],
    ["focused_duration_seconds", { focused_duration_seconds: 3601 }],
    ["focused_duration_seconds", { focused_duration_seconds: -1 }],
    ["xp_total", { xp_total: 27999 }],
    ["xp_logic", { xp_logic: -1 }],
    ["xp_logic", { xp_logic: "0" }],
    ["xp_logic", { xp_logic: true }],
    ["xp_logic", { xp_logic: 2 ** 31, xp_total: 2 ** 31 }],
    ["xp_logic", { xp_logic: 2 ** 53, xp_total: 2 ** 53 }],
    ["total_duration_seconds", { total_duration_seconds: 2 ** 31 }],
    ["xp_social", { xp_social: undefined }],
    ["device_platform", { device_platform: "elevenchars" }],
    ["mood", { mood: "good" }],
  ])("400 names %s for %j", async (field, wrong) => {
    const setting = await withGoal();
    const { status, body } = await complete(setting, "elsewhere-1", { ...EXAMPLE, ...references(setting), ...wrong });
    expect(status).toBe(400);
    expect(Object.keys(body.fields as object)).toContain(field);
    expect(await totals(setting)).toEqual([]);
  });

  test("read-only names are ignored; the service key opens nothing else", async () => {
    const setting = await withGoal();
    const sent = await complete(setting, "elsewhere-1", {
      ...EXAMPLE,
      ...references(setting),
      id: "x",
      created_at: "y",
      updated_at: "z",
    });
    expect(sent.status).toBe(200);
    for (const path of [
      `/api/v1/goals/${setting.goalId}/`,
      `/api/v1/goals/${setting.goalId}/sessions/`,
      `/api/v1/activities/${DRAWING}/`,
    ])
      expect((await send(setting.t, "GET", path, SERVICE)).status).toBe(401);
    expect(
      (
        await send(setting.t, "POST", "/api/v1/sessions/calculate-rates/", SERVICE, {
          activity_id: DRAWING,
          goal_id: setting.goalId,
        })
      ).status,
    ).toBe(401);
  });
});

describe("5.3 complete, with a user's credential", () => {
  test("a session live on this host ends with the server's own figures", async () => {
    const running = await withSession();
    await attend(running, 5 * 60_000);
    const { status, body } = await complete(
      running,
      running.sessionId,
      { ...EXAMPLE, ended_at: "2026-03-10T13:30:00Z" },
      running.ada.headers,
    );
    const xp = await earned(running, 300);
    expect([status, body]).toEqual([200, { id: running.sessionId, status: "completed", xp_total: totalOf(xp) }]);
    expect(await running.ada.as.query(api.focus.sessions.lastEnded, {})).toMatchObject({
      endedAt: NOON + 300_000,
      focusedDurationSeconds: 300,
      xp,
    });
    const again = await complete(
      running,
      running.sessionId,
      { ...EXAMPLE, ended_at: "2026-03-10T13:30:00Z" },
      running.ada.headers,
    );
    expect(again.body).toEqual(body);
    expect(await outbox(running)).toEqual(["register", "complete"]);
  });

  test("a claim within rates and time is taken, one above is 400 and leaves nothing behind", async () => {
    const setting = await withGoal();
    const own = { ...EXAMPLE, ...references(setting), ...amounts(await earned(setting, 3200)) };
    for (const [field, wrong] of [
      ["xp_creativity", { xp_creativity: own.xp_creativity + 1, xp_total: own.xp_total + 1 }],
      ["focused_duration_seconds", { total_duration_seconds: 5401, focused_duration_seconds: 5401 }],
      ["ended_at", { ended_at: "2026-03-10T12:05:01Z" }],
    ] as const) {
      const { status, body } = await complete(setting, "elsewhere-1", { ...own, ...wrong }, setting.ada.headers);
      expect([field, status, Object.keys(body.fields as object)]).toEqual([field, 400, [field]]);
    }
    expect(await setting.t.run((ctx) => ctx.db.query("focusSessions").collect())).toEqual([]);
    expect((await complete(setting, "elsewhere-1", own, setting.ada.headers)).body).toEqual({
      id: "elsewhere-1",
      status: "completed",
      xp_total: own.xp_total,
    });
  });

  test("403 for another user's session, live, ended or still to be made", async () => {
    const running = await withSession();
    const stranger = await signedInUser(running.t);
    const live = await complete(
      running,
      running.sessionId,
      { ...EXAMPLE, ended_at: "2026-03-10T13:30:00Z" },
      stranger.headers,
    );
    expect([live.status, Object.keys(live.body)]).toEqual([403, ["detail", "code"]]);
    expect((await complete(running, "new", { ...EXAMPLE, ...references(running) }, stranger.headers)).status).toBe(403);
    expect((await complete(running, "new", EXAMPLE, {})).status).toBe(401);
    expect(await running.ada.as.query(api.focus.sessions.current, {})).not.toBeNull();
  });

  test("a session that timed out may be called crash_recovered over REST too", async () => {
    const running = await withSession();
    await attend(running, 60_000);
    vi.advanceTimersByTime(40 * 60_000);
    const body = { ...EXAMPLE, ended_at: "2026-03-10T13:30:00Z", completed_reason: "crash_recovered" };
    expect((await complete(running, running.sessionId, body, running.ada.headers)).status).toBe(200);
    expect(await running.ada.as.query(api.focus.sessions.lastEnded, {})).toMatchObject({
      completedReason: "crash_recovered",
      endedAt: NOON + 60_000,
    });
  });

  test("whatever ids clients choose come back as they are", async () => {
    const setting = await withGoal();
    for (const id of ["j57abc0123456789abcdefghijklmnop", "späte Sitzung/2", "10000;focusSessions"]) {
      expect((await register(setting, registration(setting, id))).body).toEqual({ id, status: "active" });
      expect((await complete(setting, id, EXAMPLE)).body).toMatchObject({ id, status: "completed" });
    }
  });
});

describe("a session that has left for the permanent store", () => {
  const STORED: Ended = {
    kind: "ended",
    endedAt: Date.parse(EXAMPLE.ended_at),
    reason: "manual",
    totalSeconds: 3600,
    focusedSeconds: 3200,
    xp: { physique: 16000, energy: 3200, logic: 0, creativity: 8000, social: 800 },
  };
  const reported = ({ endedAt, reason, totalSeconds, focusedSeconds, xp }: Ended) => ({
    sessionId: "departed",
    status: "completed" as const,
    endedAt,
    completedReason: reason,
    totalDurationSeconds: totalSeconds,
    focusedDurationSeconds: focusedSeconds,
    xpTotal: totalOf(xp),
    xpPhysique: xp.physique,
    xpEnergy: xp.energy,
    xpLogic: xp.logic,
    xpCreativity: xp.creativity,
    xpSocial: xp.social,
  });
  const departed = async () => {
    const setting = await withGoal();
    await complete(setting, "departed", { ...EXAMPLE, ...references(setting) });
    await setting.t.run((ctx) => storePort.removeStored(ctx, "departed"));
    const end = (ended: Ended, departedEnd?: Ended | null, given: object = {}) =>
      setting.t.mutation(internal.focus.rest.transactions.complete, {
        caller: { service: true },
        client: TEST_CLIENT,
        input: { ...reported(ended), ...given, ...(departedEnd !== undefined && { departedEnd }) },
      });
    return { setting, end };
  };
  const kept = ({ t }: Setting) =>
    t.run(async (ctx) => ({
      live: (await ctx.db.query("focusSessions").collect()).map(({ externalId }) => externalId),
      departed: (await ctx.db.query("focusDeparted").collect()).map(({ sessionId }) => sessionId),
    }));

  test("is not decided on before the store was asked", async () => {
    const { setting, end } = await departed();
    await expect(end(STORED)).rejects.toMatchObject({ data: { code: "UNAVAILABLE", needsDeparted: true } });
    expect([await totals(setting), await kept(setting)]).toEqual([[28000], { live: [], departed: ["departed"] }]);
  });

  test.each<[string, (setting: Setting) => object]>([
    ["with all it refers to", references],
    ["with what the document asks for alone", () => ({})],
    ["with another start", (setting) => ({ ...references(setting), started_at: "2026-03-10T08:00:00Z" })],
  ])(
    "is not counted again when it is reported %s, and a correction moves totals by the difference alone",
    async (_, given) => {
      const { setting, end } = await departed();
      const {
        user_id: userId,
        goal_id: goalId,
        activity_id: activityId,
        started_at: startedAt,
      } = given(setting) as Partial<ReturnType<typeof references>>;
      const named = userId === undefined ? {} : { userId, goalId, activityId, startedAt: Date.parse(startedAt!) };
      await end(STORED, STORED, named);
      expect([await totals(setting), await outbox(setting)]).toEqual([[28000], ["complete"]]);
      expect(await kept(setting)).toEqual({ live: ["departed"], departed: [] });
      await end({ ...STORED, xp: { ...STORED.xp, social: 700 } });
      expect([await totals(setting), await outbox(setting)]).toEqual([[27900], ["complete", "complete"]]);
    },
  );

  test("stays its owner's: nobody else can register or end one under its id, whenever it is said to have started", async () => {
    const { setting } = await departed();
    const stranger = await signedInUser(setting.t);
    const goal = await stranger.as.mutation(api.focus.goals.create, goalFields);
    for (const started_at of ["2026-03-10T09:30:00Z", new Date(NOON - 3_600_000).toISOString()]) {
      const theirs = { user_id: stranger.user.uuid, goal_id: goal, activity_id: DRAWING, started_at };
      const registered = await register(setting, { ...registration(setting, "departed"), ...theirs }, stranger.headers);
      const ended = await complete(setting, "departed", { ...EXAMPLE, ...theirs }, stranger.headers);
      const named = await complete(setting, "departed", { ...EXAMPLE, ...theirs });
      expect([registered.status, ended.status, named.status]).toEqual([403, 403, 403]);
    }
    expect((await complete(setting, "departed", EXAMPLE, stranger.headers)).status).toBe(403);
    expect([await totals(setting), await kept(setting)]).toEqual([[28000], { live: [], departed: ["departed"] }]);
  });

  test("over REST, while the store does not answer for it, is 503 and nothing moves", async () => {
    const { setting } = await departed();
    expect((await complete(setting, "departed", EXAMPLE)).status).toBe(503);
    expect((await register(setting, registration(setting, "departed"))).status).toBe(503);
    expect([await totals(setting), await outbox(setting)]).toEqual([[28000], ["complete"]]);
  });
});
