/** convex/focus/README.md §5 over HTTP and the live protocol, with the permanent store behind them. */
import { randomUUID } from "node:crypto";
import { anyApi, type FunctionReference } from "convex/server";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../../lib/server";
import { call, liveClient, newAccount, target, type Account } from "../support/api";
import { focusOwner } from "../support/focus";

const focus = anyApi.focus as Record<string, Record<string, FunctionReference<any>>>;
const fn = (module: string, name: string) => focus[module]![name] as FunctionReference<any>;

let account: Account;
let userId: string;
let goalId: string;
let activityId: string;
let rates: Record<string, number>;
let store: pg.Pool;

beforeAll(async () => {
  store = new pg.Pool({ connectionString: target().storeUrl, max: 2 });
  account = await newAccount();
  userId = ((await account.http.query(anyApi.accounts!.users!.me as FunctionReference<"query">, {})) as { id: string })
    .id;
  goalId = (await account.http.mutation(fn("goals", "create"), {
    title: "Draw",
    emoji: "🎨",
    category: { name: "Drawing", color: "#4187a2" },
    daysTotal: 30,
  })) as string;
  activityId = (await account.http.mutation(fn("activities", "create"), {
    name: `Drawing ${randomUUID().slice(0, 8)}`,
    emoji: "🎨",
    category: "Drawing",
    color: "#4187a2",
  })) as string;
  const answer = await call("POST", "/api/v1/sessions/calculate-rates/", {
    auth: account.session,
    body: { activity_id: activityId, goal_id: goalId },
  });
  expect(answer.status).toBe(200);
  rates = answer.body.rates as Record<string, number>;
});

afterAll(() => store.end());

const XP = ["physique", "energy", "logic", "creativity", "social"] as const;

function completion(focusedSeconds: number, overrides: Record<string, unknown> = {}) {
  const xp = Object.fromEntries(
    XP.map((dimension) => [`xp_${dimension}`, Math.round(rates[dimension]! * focusedSeconds)]),
  );
  return {
    status: "completed",
    started_at: "2025-01-15T10:30:00Z",
    ended_at: "2025-01-15T12:00:00Z",
    total_duration_seconds: 3600,
    focused_duration_seconds: focusedSeconds,
    ...xp,
    xp_total: Object.values(xp).reduce((sum, amount) => sum + amount, 0),
    completed_reason: "manual",
    device_platform: "web",
    user_id: userId,
    goal_id: goalId,
    activity_id: activityId,
    ...overrides,
  };
}

const service = () => `Bearer ${target().serviceKey}`;
// The driver gives 64-bit integers as text.
const stored = async (id: string) => {
  const row = (await store.query("select status, xp_total from sessions where id = $1", [id])).rows[0] as
    Record<string, unknown> | undefined;
  return row && { status: row.status, xp_total: Number(row.xp_total) };
};
const ledger = async (id: string) =>
  (await store.query("select * from xp_ledger where session_id = $1", [id])).rows as Record<string, unknown>[];

describe("rates (5.1)", () => {
  test("five numbers of at least zero; unknown goal and activity are 404; ill-formed ids 400", async () => {
    expect(Object.keys(rates).sort()).toEqual([...XP].sort());
    for (const rate of Object.values(rates)) expect(rate).toBeGreaterThanOrEqual(0);
    const path = "/api/v1/sessions/calculate-rates/";
    const unknown = await call("POST", path, {
      auth: account.bearer,
      body: { activity_id: randomUUID(), goal_id: goalId },
    });
    expect(unknown.status).toBe(404);
    expect(unknown.body.detail).toBeTypeOf("string");
    const stranger = await newAccount();
    const foreign = await call("POST", path, {
      auth: stranger.session,
      body: { activity_id: activityId, goal_id: goalId },
    });
    expect(foreign.status).toBe(404);
    const malformed = await call("POST", path, { auth: account.session, body: { activity_id: "x", goal_id: 3 } });
    expect(malformed.status).toBe(400);
    expect(Object.keys(malformed.body.fields).sort()).toEqual(["activity_id", "goal_id"]);
  });
});

describe("register and complete (5.2, 5.3)", () => {
  const registration = (id: string) => ({
    session_id: id,
    user_id: userId,
    goal_id: goalId,
    activity_id: activityId,
    status: "active",
    started_at: "2025-01-15T12:30:00+02:00",
    device_platform: "web",
  });

  test("register is 201, then 200 with the stored status; another's id is 403", async () => {
    const id = randomUUID().replaceAll("-", "");
    const first = await call("POST", "/api/v1/sessions/", { auth: account.session, body: registration(id) });
    expect([first.status, first.body]).toEqual([201, { id, status: "active" }]);
    const again = await call("POST", "/api/v1/sessions/", { auth: service(), body: registration(id) });
    expect([again.status, again.body]).toEqual([200, { id, status: "active" }]);
    const stranger = await newAccount();
    const foreign = await call("POST", "/api/v1/sessions/", { auth: stranger.session, body: registration(id) });
    expect(foreign.status).toBe(403);
    const ended = await call("PUT", `/api/v1/sessions/${id}/`, { auth: service(), body: completion(3200) });
    expect([ended.status, ended.body.status]).toEqual([200, "completed"]);
    const late = await call("POST", "/api/v1/sessions/", { auth: account.session, body: registration(id) });
    expect([late.status, late.body]).toEqual([200, { id, status: "completed" }]);
  });

  test("a completion that arrives first creates the row; repeats count once; corrections replace", async () => {
    const id = randomUUID().replaceAll("-", "");
    const before = (await account.http.query(fn("progress", "mine"), {})) as { xpTotal: number };
    const body = completion(1000);
    for (let i = 0; i < 3; i++) {
      const answer = await call("PUT", `/api/v1/sessions/${id}/`, { auth: service(), body });
      expect([answer.status, answer.body]).toEqual([200, { id, status: "completed", xp_total: body.xp_total }]);
    }
    const once = (await account.http.query(fn("progress", "mine"), {})) as { xpTotal: number };
    expect(once.xpTotal - before.xpTotal).toBe(body.xp_total);
    const corrected = completion(500);
    await call("PUT", `/api/v1/sessions/${id}/`, { auth: service(), body: corrected });
    const after = (await account.http.query(fn("progress", "mine"), {})) as { xpTotal: number };
    expect(after.xpTotal - before.xpTotal).toBe(corrected.xp_total);
    await waitFor(async () => (await stored(id))?.xp_total === corrected.xp_total, 20_000);
    expect(await ledger(id)).toHaveLength(1);
  });

  test.each([
    ["xp that does not add up", { xp_total: 1 }, "xp_total"],
    ["focused above total", { focused_duration_seconds: 3601 }, "focused_duration_seconds"],
    ["a negative duration", { total_duration_seconds: -1 }, "total_duration_seconds"],
    ["a fraction", { focused_duration_seconds: 10.5 }, "focused_duration_seconds"],
    ["an end before the start", { ended_at: "2025-01-15T10:00:00Z" }, "ended_at"],
    ["an unknown reason", { completed_reason: "bored" }, "completed_reason"],
    ["abandoned without its reason", { status: "abandoned" }, "status"],
    ["no time", { ended_at: "yesterday" }, "ended_at"],
    ["a time without offset", { ended_at: "2025-01-15T12:00:00" }, "ended_at"],
  ])("%s is 400 naming the field", async (_, overrides, field) => {
    const answer = await call("PUT", `/api/v1/sessions/${randomUUID().replaceAll("-", "")}/`, {
      auth: service(),
      body: completion(100, overrides),
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields)).toContain(field);
  });

  test("a user cannot claim more than the rates or the clock allow; the service key is trusted", async () => {
    const id = randomUUID().replaceAll("-", "");
    const inflated = completion(3200);
    inflated.xp_total = Number(inflated.xp_total) + 100_000;
    (inflated as Record<string, unknown>).xp_creativity =
      Number((inflated as Record<string, unknown>).xp_creativity) + 100_000;
    expect((await call("PUT", `/api/v1/sessions/${id}/`, { auth: account.session, body: inflated })).status).toBe(400);
    const impossible = completion(3600, { started_at: "2025-01-15T11:59:00Z" });
    expect((await call("PUT", `/api/v1/sessions/${id}/`, { auth: account.session, body: impossible })).status).toBe(
      400,
    );
    expect((await call("PUT", `/api/v1/sessions/${id}/`, { auth: service(), body: inflated })).status).toBe(200);
  });

  test("a missing row without its references is 400 naming them", async () => {
    const { user_id: _u, goal_id: _g, activity_id: _a, started_at: _s, ...body } = completion(100);
    const answer = await call("PUT", `/api/v1/sessions/${randomUUID().replaceAll("-", "")}/`, {
      auth: service(),
      body,
    });
    expect(answer.status).toBe(400);
    expect(Object.keys(answer.body.fields).sort()).toEqual(["activity_id", "goal_id", "started_at", "user_id"]);
  });

  test("Idempotency-Key replays the first answer and refuses another body", async () => {
    const headers = { "Idempotency-Key": randomUUID() };
    const id = randomUUID().replaceAll("-", "");
    const first = await call("POST", "/api/v1/sessions/", { auth: account.session, body: registration(id), headers });
    const second = await call("POST", "/api/v1/sessions/", { auth: account.session, body: registration(id), headers });
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.text).toBe(first.text);
    const other = await call("POST", "/api/v1/sessions/", {
      auth: account.session,
      body: registration(`${id}x`),
      headers,
    });
    expect(other.status).toBe(409);
  });
});

describe("at once", () => {
  test("fifty identical completions count once; of fifty different ones one stands, in every total", async () => {
    const own = await focusOwner(await newAccount());
    const earned = async () =>
      ((await own.account.http.query(fn("progress", "mine"), {})) as { xpTotal: number }).xpTotal;
    const id = randomUUID();
    const references = { user_id: own.userId, goal_id: own.goalId, activity_id: own.activityId };
    const put = (xp: number) =>
      call("PUT", `/api/v1/sessions/${id}/`, {
        auth: service(),
        body: completion(0, { ...references, xp_creativity: xp, xp_total: xp }),
      });
    const same = await Promise.all(Array.from({ length: 50 }, () => put(777)));
    expect(same.map(({ status, body }) => [status, body.xp_total])).toEqual(same.map(() => [200, 777]));
    expect(await earned()).toBe(777);
    await Promise.all(Array.from({ length: 50 }, (_, i) => put(700 + i)));
    const { body } = await call("GET", `/api/v1/goals/${own.goalId}/sessions/`, { auth: own.account.session });
    expect(body.results).toHaveLength(1);
    expect(await earned()).toBe(body.results[0].xp_total);
    await waitFor(async () => (await stored(id))?.xp_total === body.results[0].xp_total, 20_000);
    expect(await ledger(id)).toHaveLength(1);
  });

  test("fifty registrations make one session; of ten starts one wins and the others are told which", async () => {
    const own = await focusOwner(await newAccount());
    const body = {
      session_id: randomUUID(),
      user_id: own.userId,
      goal_id: own.goalId,
      activity_id: own.activityId,
      status: "active",
      started_at: "2025-01-15T10:30:00Z",
    };
    const registered = await Promise.all(
      Array.from({ length: 50 }, () => call("POST", "/api/v1/sessions/", { auth: own.account.bearer, body })),
    );
    expect(registered.map(({ status }) => status).sort()).toEqual([...Array.from({ length: 49 }, () => 200), 201]);
    const args = { goalId: own.goalId, activityId: own.activityId };
    const starts = await Promise.allSettled(
      Array.from({ length: 10 }, async () => {
        const device = liveClient(own.account.jwt);
        return await device
          .mutation(fn("sessions", "start") as FunctionReference<"mutation">, args)
          .finally(() => void device.close());
      }),
    );
    const won = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value as string] : []));
    expect(won).toHaveLength(1);
    for (const start of starts)
      if (start.status === "rejected")
        expect(start.reason).toMatchObject({ data: { code: "CONFLICT", sessionId: won[0] } });
  });

  test("whatever races with an end, the session has one, and acts after it are told of it", async () => {
    const own = await focusOwner(await newAccount());
    const { http } = own.account;
    const sessionId = (await http.mutation(fn("sessions", "start"), {
      goalId: own.goalId,
      activityId: own.activityId,
    })) as string;
    const unknown = { started_at: undefined, user_id: undefined, goal_id: undefined, activity_id: undefined };
    const later = new Date(Date.now() + 60_000).toISOString();
    const abandoned = completion(0, {
      ...unknown,
      ended_at: later,
      completed_reason: "abandoned",
      status: "abandoned",
    });
    const acts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, i) => [
        http.mutation(fn("sessions", i % 2 ? "resume" : "pause"), { sessionId }),
        http.mutation(fn("sessions", "heartbeat"), { sessionId, hidden: i % 2 === 0 }),
        http.mutation(fn("sessions", "complete"), { sessionId }),
        call("PUT", `/api/v1/sessions/${sessionId}/`, { auth: own.account.session, body: abandoned }),
      ]).flat(),
    );
    expect(acts.filter(({ status }) => status === "rejected")).toEqual([]);
    expect(await http.query(fn("sessions", "current"), {})).toBeNull();
    const { body } = await call("GET", `/api/v1/goals/${own.goalId}/sessions/`, { auth: own.account.session });
    expect(body.results).toHaveLength(1);
    await waitFor(async () => ["completed", "abandoned"].includes(String((await stored(sessionId))?.status)), 20_000);
    expect(await ledger(sessionId)).toHaveLength(1);
  });
});

describe("live sessions (§7)", () => {
  test("one session for all devices: start, pause elsewhere, resume, complete; XP in the store exactly once", async () => {
    const device = liveClient(account.jwt);
    const states: any[] = [];
    const unsubscribe = device.onUpdate(fn("sessions", "current") as FunctionReference<"query">, {}, (state) =>
      states.push(state),
    );
    const sessionId = (await account.http.mutation(fn("sessions", "start"), {
      goalId,
      activityId,
      devicePlatform: "web",
    })) as string;
    await expect(account.http.mutation(fn("sessions", "start"), { goalId, activityId })).rejects.toMatchObject({
      data: { code: "CONFLICT", sessionId },
    });
    await waitFor(() => states.at(-1)?.id === sessionId && states.at(-1).runningSince !== null, 5_000);
    expect(states.at(-1).rates).toEqual(rates);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await account.http.mutation(fn("sessions", "pause"), { sessionId });
    await waitFor(() => states.at(-1)?.runningSince === null, 5_000);
    const pausedAt = states.at(-1).focusedMs as number;
    expect(pausedAt).toBeGreaterThanOrEqual(1_000);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await account.http.mutation(fn("sessions", "resume"), { sessionId });
    await waitFor(() => states.at(-1)?.runningSince !== null, 5_000);
    expect(states.at(-1).focusedMs).toBe(pausedAt);
    await account.http.mutation(fn("sessions", "heartbeat"), { sessionId });
    await account.http.mutation(fn("sessions", "complete"), { sessionId });
    await waitFor(() => states.at(-1) === null, 5_000);
    unsubscribe();
    await device.close();

    const history = await call("GET", `/api/v1/goals/${goalId}/sessions/`, { auth: account.bearer });
    expect(history.status).toBe(200);
    const row = (history.body.results as Record<string, any>[]).find(({ id }) => id === sessionId)!;
    expect(row.completed_reason).toBe("manual");
    expect(row.activity).toMatchObject({ id: activityId });
    expect(row.xp_total).toBe(
      XP.reduce((sum, dimension) => sum + Math.floor(rates[dimension]! * row.focused_duration_seconds + 0.5), 0),
    );
    await waitFor(async () => (await stored(sessionId))?.status === "completed", 20_000);
    expect((await stored(sessionId))?.xp_total).toBe(row.xp_total);
    expect(await ledger(sessionId)).toHaveLength(1);

    // The same completion comes in again over REST: the server's own figures stand.
    const repeat = await call("PUT", `/api/v1/sessions/${sessionId}/`, {
      auth: service(),
      body: {
        status: "completed",
        ended_at: row.ended_at,
        total_duration_seconds: row.total_duration_seconds,
        focused_duration_seconds: row.focused_duration_seconds,
        ...Object.fromEntries(XP.map((dimension) => [`xp_${dimension}`, row[`xp_${dimension}`]])),
        xp_total: row.xp_total,
        completed_reason: "manual",
      },
    });
    expect(repeat.body).toEqual({ id: sessionId, status: "completed", xp_total: row.xp_total });
    expect(await ledger(sessionId)).toHaveLength(1);
  });

  test("strangers see neither goal nor session", async () => {
    const stranger = await newAccount();
    expect((await call("GET", `/api/v1/goals/${goalId}/`, { auth: stranger.session })).status).toBe(404);
    expect((await call("GET", `/api/v1/goals/${goalId}/sessions/`, { auth: stranger.session })).status).toBe(404);
    expect((await call("GET", `/api/v1/activities/${activityId}/`, { auth: stranger.session })).status).toBe(200);
    expect((await call("GET", `/api/v1/activities/${activityId}/`)).status).toBe(401);
    expect((await call("GET", `/api/v1/goals/${goalId}/`, { auth: service() })).status).toBe(401);
  });
});
