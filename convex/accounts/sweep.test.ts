import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser, type T } from "../setup.testing";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "../lib/time";
import { IDLE_LIFETIME_MS, TOTAL_LIFETIME_MS } from "../identity/sessions/lifetimes";
import { touchSession } from "../identity/sessions/endSession";

beforeEach(() => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const sweep = (t: T) => t.mutation(internal.accounts.sweep.endLapsed, {});
const states = (t: T) =>
  t.run(async (ctx) =>
    (await ctx.db.query("accountSessions").collect()).map(({ state }) =>
      state.kind === "ended" ? state.reason : state.kind,
    ),
  );
const touchAll = (t: T) =>
  t.run(async (ctx) => {
    for (const session of await ctx.db.query("accountSessions").collect()) await touchSession(ctx, session);
  });

test("an idle session lapses at its very time, and its device is told", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  vi.advanceTimersByTime(IDLE_LIFETIME_MS - 20 * SECOND_MS);
  await sweep(t);
  expect(await states(t)).toEqual(["active"]);
  // The cron comes 20 s early; the run it left behind comes on time.
  vi.advanceTimersByTime(20 * SECOND_MS - 1);
  await t.finishInProgressScheduledFunctions();
  expect(await states(t)).toEqual(["active"]);
  vi.advanceTimersByTime(1);
  await t.finishInProgressScheduledFunctions();
  expect(await states(t)).toEqual(["expired"]);
  await expect(ada.as.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { code: "SESSION_REVOKED", reason: "expired" },
  });
  // Nobody's act, in the log of whose session it was.
  const { publicId } = (await t.run((ctx) => ctx.db.query("accountSessions").first()))!;
  expect(await t.run((ctx) => ctx.db.query("auditEntries").collect())).toMatchObject([
    {
      action: "session_ended",
      target: `session ${publicId}`,
      actor: "clock",
      userId: ada.user._id,
      ip: null,
      outcome: "success",
    },
  ]);
});

test("a session that lapses under a request is audited too, one that was cut off before is not again", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  const cutOff = await signedInUser(t);
  await t.run((ctx) =>
    ctx.db.patch("users", cutOff.user._id, { sessionsCutOff: { generation: 1, reason: "ended_by_user" } }),
  );
  vi.advanceTimersByTime(IDLE_LIFETIME_MS);
  expect((await t.fetch("/api/sessions/current/", { headers: ada.headers })).status).toBe(401);
  await sweep(t);
  expect(await states(t)).toEqual(["expired", "ended_by_user"]);
  expect(await t.run((ctx) => ctx.db.query("auditEntries").collect())).toMatchObject([
    { actor: "clock", userId: ada.user._id },
  ]);
});

test("a session in use lives on, for 30 days in all", async () => {
  const t = newBackend();
  await signedInUser(t);
  for (let day = 0; day < 30; day += 6) {
    await sweep(t);
    expect(await states(t)).toEqual(["active"]);
    await touchAll(t);
    vi.advanceTimersByTime(6 * DAY_MS);
  }
  await sweep(t);
  expect(await states(t)).toEqual(["expired"]);
});

test("the absolute end holds over REST before any cron has run", async () => {
  const t = newBackend();
  const { headers } = await signedInUser(t);
  for (let day = 0; day < 29; day++) {
    vi.advanceTimersByTime(DAY_MS);
    await touchAll(t);
  }
  vi.advanceTimersByTime(DAY_MS - 1);
  const base = "/api/v1/users/me/sessions/";
  expect((await t.fetch(base, { headers })).status).toBe(200);
  vi.advanceTimersByTime(MINUTE_MS);
  expect((await t.fetch(base, { headers })).status).toBe(401);
});

test("activity is stamped at most once a minute", async () => {
  const t = newBackend();
  await signedInUser(t);
  const stamp = () => t.run(async (ctx) => (await ctx.db.query("accountSessionActivity").first())!);
  const first = await stamp();
  vi.advanceTimersByTime(MINUTE_MS - 1);
  await touchAll(t);
  expect(await stamp()).toEqual(first);
  vi.advanceTimersByTime(1);
  await touchAll(t);
  expect((await stamp()).lastActivityAt).toBe(first.lastActivityAt + MINUTE_MS);
  expect((await stamp()).expiresAt).toBe(first.lastActivityAt + MINUTE_MS + IDLE_LIFETIME_MS);
});

test("more lapsed sessions than a batch all end", async () => {
  const t = newBackend();
  const { user } = await signedInUser(t);
  await t.run(async (ctx) => {
    const { _id, _creationTime, ...session } = (await ctx.db.query("accountSessions").first())!;
    for (let i = 0; i < 450; i++) {
      const sessionId = await ctx.db.insert("accountSessions", {
        ...session,
        publicId: i + 1,
        credentialHash: `hash ${i}`,
      });
      await ctx.db.insert("accountSessionActivity", {
        sessionId,
        userId: user._id,
        lastActivityAt: 0,
        expiresAt: Date.now() + i,
        generation: session.generation,
      });
    }
  });
  vi.advanceTimersByTime(IDLE_LIFETIME_MS);
  await sweep(t);
  await t.finishAllScheduledFunctions(vi.runAllTimers);
  expect(new Set(await states(t))).toEqual(new Set(["expired"]));
});

test("ended sessions and alerts leave after 30 days, active ones stay", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  const eve = await signedInUser(t);
  await t.run(async (ctx) => {
    const session = (await ctx.db.query("accountSessions").first())!;
    await ctx.db.insert("signInAlerts", {
      uuid: crypto.randomUUID(),
      userId: ada.user._id,
      sessionId: session._id,
      at: Date.now(),
    });
  });
  await eve.as.mutation(api.accounts.sessions.endAll, {});
  const counts = async () => {
    await t.mutation(internal.accounts.sweep.deleteOld, {});
    return await t.run(async (ctx) => [
      (await ctx.db.query("accountSessions").collect()).length,
      (await ctx.db.query("signInAlerts").collect()).length,
    ]);
  };
  vi.advanceTimersByTime(TOTAL_LIFETIME_MS - 1);
  expect(await counts()).toEqual([2, 1]);
  vi.advanceTimersByTime(1);
  expect(await counts()).toEqual([1, 0]);
});

test("redirects to the provider that led nowhere leave after a day", async () => {
  const t = newBackend();
  await t.run((ctx) => ctx.db.insert("authVerifiers", {}));
  const left = async () => {
    await t.mutation(internal.accounts.sweep.deleteOld, {});
    return await t.run(async (ctx) => (await ctx.db.query("authVerifiers").collect()).length);
  };
  vi.advanceTimersByTime(DAY_MS - 1_000);
  expect(await left()).toBe(1);
  vi.advanceTimersByTime(2_000);
  expect(await left()).toBe(0);
});

test("where the clock was put back, no session ends or is used before it began", async () => {
  const t = newBackend();
  const ada = await signedInUser(t);
  const row = () => t.run(async (ctx) => (await ctx.db.query("accountSessions").first())!);
  const activity = () => t.run((ctx) => ctx.db.query("accountSessionActivity").first());
  const { createdAt } = await row();
  vi.advanceTimersByTime(2 * MINUTE_MS);
  await touchAll(t);
  vi.setSystemTime(createdAt - DAY_MS);
  await touchAll(t);
  expect(await activity()).toMatchObject({ lastActivityAt: createdAt, expiresAt: createdAt + IDLE_LIFETIME_MS });
  await ada.as.mutation(api.accounts.sessions.end, { id: (await row()).publicId });
  expect((await row()).state).toMatchObject({ kind: "ended", endedAt: createdAt });
});
