/**
 * From the mutation that ends a session to the row in the database, and back: delivery, outage, reconciliation,
 * retention.
 */
import pg from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../../convex/_generated/api";
import { DRAWING, NOON, send, SERVICE, SERVICE_KEY, withGoal, type Setting } from "../../convex/focus/focus.testing";
import type { HistoryItem } from "../../convex/focus/shapes";
import { signedInUser } from "../../convex/setup.testing";
import { disconnect } from "../../convex/store/adapters/postgres/connect";
import { CLAIM_MS, MAX_ATTEMPTS } from "../../convex/store/rules";
import { DAY_MS, MINUTE_MS } from "../../convex/lib/time";
import { deadlineMs } from "../lib/deadlines";
import { databases, type TestDatabase } from "./testing";
import { lifeLevel } from "../../convex/xp/amounts";

const NOWHERE = "postgres://someone:hidden-word@127.0.0.1:4598/none";

describe.each(databases)("with the $name", ({ open }) => {
  let database: TestDatabase;
  let client: pg.Client;
  let setting: Setting;

  beforeAll(async () => {
    database = await open();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await disconnect();
    await database.close();
  });

  beforeEach(async () => {
    // The clock is the test's. Timers stay real, since sockets need them, so nothing later than now starts by itself.
    vi.useFakeTimers({ now: NOON, toFake: ["Date"] });
    vi.stubEnv("PERMANENT_STORE_URL", database.url);
    setting = await withGoal();
  });
  afterEach(async () => {
    vi.useRealTimers();
    vi.unstubAllEnvs();
    await disconnect();
    await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  });

  const rows = async (sql: string) => (await client.query<Record<string, unknown>>(sql)).rows;
  /** Waits until all that was scheduled for at once has run, with what that scheduled for at once. */
  const settled = () =>
    vi.waitFor(
      async () => {
        const jobs = await setting.t.run((ctx) => ctx.db.system.query("_scheduled_functions").collect());
        const open = jobs.filter(
          ({ state, scheduledTime, _creationTime }) =>
            state.kind === "inProgress" || (state.kind === "pending" && scheduledTime < _creationTime + 10),
        );
        expect(open).toEqual([]);
      },
      { timeout: deadlineMs(20_000), interval: 10 },
    );
  /** Lets time pass and does what is due then, as the cron does each minute. */
  const pass = async (ms: number) => {
    await settled();
    vi.setSystemTime(Date.now() + ms);
    await setting.t.mutation(internal.store.drain.tick, {});
    await settled();
  };
  const outbox = () => setting.t.run((ctx) => ctx.db.query("storeOutbox").collect());
  const status = async () => {
    const { ada, t } = setting;
    await t.run((ctx) => ctx.db.patch("users", ada.user._id, { permissions: ["view_operations"] }));
    return await ada.as.query(api.store.outbox.status, {});
  };
  const start = () =>
    setting.ada.as.mutation(api.focus.sessions.start, { goalId: setting.goalId, activityId: DRAWING });
  /** A session of ten attended minutes; returns its id. */
  const focusFor = async (minutes = 10): Promise<string> => {
    const sessionId = await start();
    await settled();
    for (let i = 0; i < minutes * 2; i++) {
      vi.setSystemTime(Date.now() + 30_000);
      await setting.ada.as.mutation(api.focus.sessions.heartbeat, { sessionId });
    }
    await setting.ada.as.mutation(api.focus.sessions.complete, { sessionId });
    await settled();
    return sessionId;
  };

  test("a session stands in the store as soon as it starts, and with its XP as soon as it ends", async () => {
    const sessionId = await start();
    await settled();
    expect(await rows("SELECT id, status, ended_at FROM sessions")).toEqual([
      { id: sessionId, status: "active", ended_at: null },
    ]);
    vi.setSystemTime(Date.now() + 60_000);
    await setting.ada.as.mutation(api.focus.sessions.complete, { sessionId });
    await settled();
    const { xpTotal } = await setting.ada.as.query(api.focus.progress.mine, {});
    expect(xpTotal).toBeGreaterThan(0);
    expect(await rows("SELECT status, xp_total::int AS xp, completed_reason FROM sessions")).toEqual([
      { status: "completed", xp: xpTotal, completed_reason: "manual" },
    ]);
    expect(await rows("SELECT xp_total::int AS xp, life_level FROM life_levels")).toEqual([
      { xp: xpTotal, life_level: lifeLevel(xpTotal) },
    ]);
    expect(await status()).toMatchObject({
      depth: 0,
      failed: [],
      outage: null,
      oldestAt: null,
      lastDelivery: { count: 1 },
    });
  });

  test("while the store is away nothing is lost, the page says so, and all is delivered when it is back", async () => {
    vi.stubEnv("PERMANENT_STORE_URL", NOWHERE);
    const ids = [await focusFor(), await focusFor()];
    await pass(1);
    const away = await status();
    expect(away).toMatchObject({
      depth: 4,
      outage: { error: expect.stringContaining("ECONNREFUSED") as string },
    });
    expect(JSON.stringify(away)).not.toContain("hidden-word");
    vi.stubEnv("PERMANENT_STORE_URL", database.url);
    await pass(2 * MINUTE_MS);
    await pass(2 * MINUTE_MS);
    expect(await outbox()).toEqual([]);
    expect((await rows("SELECT id FROM sessions WHERE status = 'completed'")).map(({ id }) => id).sort()).toEqual(
      [...ids].sort(),
    );
    expect(await status()).toMatchObject({ depth: 0, outage: null });
  });

  test("what fails ten times waits, shows its error, and comes back by replay", async () => {
    const sessionId = await focusFor();
    await pass(1);
    await setting.t.run(async (ctx) => {
      const { enqueue, getNextPlace } = await import("../../convex/store/queue/entries");
      const { storePort } = await import("../../convex/focus/storePort");
      const payload = (await storePort.completePayload(ctx, sessionId))!;
      await enqueue(ctx, { ...payload, goal: { ...payload.goal, id: "not a uuid" } }, await getNextPlace(ctx, 0));
    });
    for (let i = 0; i < 12; i++) await pass(61 * MINUTE_MS);
    const [failed] = (await status()).failed;
    expect(failed).toMatchObject({
      kind: "complete",
      sessionId,
      attempts: MAX_ATTEMPTS,
      lastError: expect.stringContaining("invalid input syntax for type uuid") as string,
    });
    const stranger = await signedInUser(setting.t);
    await expect(stranger.as.mutation(api.store.outbox.replay, { id: failed!.id })).rejects.toThrow(/FORBIDDEN/);
    await expect(stranger.as.query(api.store.outbox.status, {})).rejects.toThrow(/FORBIDDEN/);
    await setting.t.run(async (ctx) => {
      const row = (await ctx.db.query("storeOutbox").first())!;
      await ctx.db.patch("storeOutbox", row._id, {
        payload: { ...row.payload, goal: { ...row.payload.goal, id: setting.goalId } },
      });
    });
    await setting.ada.as.mutation(api.store.outbox.replay, { id: failed!.id });
    await pass(1);
    expect(await outbox()).toEqual([]);
    await expect(setting.ada.as.mutation(api.store.outbox.replay, { id: failed!.id })).rejects.toThrow(/NOT_FOUND/);
  });

  test("rows that failed only because the store was away return by themselves", async () => {
    vi.stubEnv("PERMANENT_STORE_URL", NOWHERE);
    await start();
    for (let i = 0; i < 12; i++) await pass(61 * MINUTE_MS);
    expect((await status()).failed).toMatchObject([{ kind: "register", attempts: MAX_ATTEMPTS }]);
    vi.stubEnv("PERMANENT_STORE_URL", database.url);
    // The next session shows that the store is back.
    await focusFor();
    await pass(2 * MINUTE_MS);
    await pass(2 * MINUTE_MS);
    expect(await status()).toMatchObject({ depth: 0, failed: [], outage: null });
  });

  test("what a killed delivery leaves behind is taken up again once its claim lapses", async () => {
    vi.stubEnv("PERMANENT_STORE_URL", "");
    await start();
    vi.stubEnv("PERMANENT_STORE_URL", database.url);
    await setting.t.run(async (ctx) => {
      const until = Date.now() + CLAIM_MS;
      const row = (await ctx.db.query("storeOutbox").first())!;
      await ctx.db.patch("storeOutbox", row._id, {
        attempts: 1,
        state: { kind: "claimed", dueAt: until },
      });
      await ctx.db.insert("storeDrains", {
        state: { kind: "running", token: "killed", until },
        confirmedThrough: 0,
        outage: null,
      });
    });
    await pass(CLAIM_MS / 2);
    expect(await outbox()).toHaveLength(1);
    await pass(CLAIM_MS / 2);
    expect(await outbox()).toEqual([]);
    expect(await rows("SELECT status FROM sessions")).toEqual([{ status: "active" }]);
  });

  test("reconciliation finds what the store has lost and sends it again", async () => {
    const ids = [await focusFor(), await focusFor(), await focusFor()];
    await pass(1);
    vi.setSystemTime(Date.now() + DAY_MS);
    await setting.t.mutation(internal.store.reconcile.start, {});
    await settled();
    expect((await status()).lastReconciliation).toMatchObject({
      compared: 1,
      differing: 0,
      reenqueued: 0,
      storeOnly: 0,
      error: null,
    });

    expect((await status()).lastReconciliation).toMatchObject({ totalsDiffering: 0 });

    await client.query("UPDATE life_levels SET xp_energy = xp_energy + 1, xp_total = xp_total + 1");
    await setting.t.mutation(internal.store.reconcile.start, {});
    await settled();
    expect((await status()).lastReconciliation).toMatchObject({ differing: 0, totalsDiffering: 1, error: null });
    await client.query("UPDATE life_levels SET xp_energy = xp_energy - 1, xp_total = xp_total - 1");

    const before = await rows("SELECT xp_total, life_level FROM life_levels");
    await client.query("TRUNCATE users, activities CASCADE");
    await setting.t.mutation(internal.store.reconcile.start, {});
    await settled();
    expect((await status()).lastReconciliation).toMatchObject({
      compared: 1,
      differing: 1,
      reenqueued: ids.length,
      error: null,
    });
    expect(await rows("SELECT xp_total, life_level FROM life_levels")).toEqual(before);
    expect(await rows("SELECT count(*)::int AS n FROM sessions")).toEqual([{ n: ids.length }]);
  });

  test("old sessions leave once the store has shown them, and history goes on there", async () => {
    vi.stubEnv("FOCUS_RETENTION_DAYS", "30");
    vi.stubEnv("SERVICE_KEY", SERVICE_KEY);
    const [kept, lost] = [await focusFor(), await focusFor()];
    await pass(1);
    await client.query("DELETE FROM sessions WHERE id = $1", [lost]);
    await client.query(
      "UPDATE life_levels SET xp_physique = l.xp_physique, xp_energy = l.xp_energy, xp_logic = l.xp_logic, xp_creativity = l.xp_creativity, xp_social = l.xp_social, xp_total = l.xp_total FROM xp_ledger l",
    );
    const live = () =>
      setting.t.run(async (ctx) => (await ctx.db.query("focusSessions").collect()).map(({ _id }) => _id as string));

    vi.setSystemTime(NOON + 29 * DAY_MS);
    await setting.t.action(internal.store.retention.run, {});
    expect(await live()).toEqual([kept, lost]);

    vi.setSystemTime(NOON + 32 * DAY_MS);
    await setting.t.action(internal.store.retention.run, {});
    expect(await live()).toEqual([lost]);
    await settled();
    await setting.t.action(internal.store.retention.run, {});
    expect(await live()).toEqual([]);

    const { items } = await setting.ada.as.action(api.focus.archive.page, {
      goalId: setting.goalId,
      cursor: null,
    });
    expect(items.map(({ id }) => id)).toEqual([lost, kept]);
    // Reported again it is found there by its id, and counts once.
    const before = await setting.ada.as.query(api.focus.progress.mine, {});
    const again = await send(
      setting.t,
      "PUT",
      `/api/v1/sessions/${kept}/`,
      SERVICE,
      reportOf(items.find(({ id }) => id === kept)!),
    );
    expect([again.status, again.body.id]).toEqual([200, kept]);
    expect((await setting.ada.as.query(api.focus.progress.mine, {})).xpTotal).toBe(before.xpTotal);
    await settled();
    await setting.t.action(internal.store.retention.run, {});
    expect(await live()).toEqual([]);

    const { xpTotal } = await setting.ada.as.query(api.focus.progress.mine, {});
    expect(await rows("SELECT xp_total::int AS xp FROM life_levels")).toEqual([{ xp: xpTotal }]);

    // While the store is away, what only it holds cannot be had, which is told as such and not as an empty history.
    vi.stubEnv("PERMANENT_STORE_URL", NOWHERE);
    const page = setting.ada.as.action(api.focus.archive.page, { goalId: setting.goalId, cursor: null });
    await expect(page).rejects.toMatchObject({ data: { code: "UNAVAILABLE" } });
    // Where the SessionID has not expired.
    vi.setSystemTime(NOON);
    const answer = await send(setting.t, "GET", `/api/v1/goals/${setting.goalId}/sessions/`, setting.ada.headers);
    expect([answer.status, Object.keys(answer.body)]).toEqual([503, ["detail", "code"]]);
  });

  test("business cards are imported and read by token", async () => {
    const card = {
      companyName: "Acme",
      industry: null,
      businessTypeId: null,
      countryCode: "NL",
      description: null,
      city: null,
      businessHighlights: null,
      reasonForSelling: null,
      revenue: 10.5,
      employeeCount: null,
      foundingYear: null,
    };
    await setting.t.action(internal.store.reads.importBusinessCards, { cards: [{ token: "abc", ...card }] });
    expect(await setting.t.action(internal.store.reads.businessCard, { token: "abc" })).toEqual(card);
    expect(await setting.t.action(internal.store.reads.businessCard, { token: "abd" })).toBeNull();
  });
});

/** A session of history as another host reports it. */
const reportOf = ({
  endedAt,
  totalDurationSeconds,
  focusedDurationSeconds,
  xpTotal,
  xp,
  completedReason,
}: HistoryItem) => ({
  status: "completed",
  ended_at: new Date(endedAt).toISOString(),
  total_duration_seconds: totalDurationSeconds,
  focused_duration_seconds: focusedDurationSeconds,
  xp_total: xpTotal,
  ...Object.fromEntries(Object.entries(xp).map(([dimension, amount]) => [`xp_${dimension}`, amount])),
  completed_reason: completedReason,
  device_platform: "web",
});
