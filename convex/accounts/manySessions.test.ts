/** Users with more sessions than one transaction may read or write. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser, TEST_CLIENT, type T, type TestUser } from "../setup.testing";
import { endAllSessions } from "../identity/sessions/endAllSessions";
import { touchSession } from "../identity/sessions/endSession";
import { deleteTokens, openSession, SESSION_PAGE_SIZE } from "../identity/sessions/accountSessions";
import { IDLE_LIFETIME_MS, TOTAL_LIFETIME_MS } from "../identity/sessions/lifetimes";

beforeEach(() => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1000");
  vi.useFakeTimers();
});
afterEach(() => void vi.useRealTimers());

const PATH = "/api/v1/auth/users/me/sessions/";
const MANY = SESSION_PAGE_SIZE + 6;

const userOf = (t: T, { user }: TestUser) => t.run(async (ctx) => (await ctx.db.get("users", user._id))!);
const rows = (t: T) => t.run((ctx) => ctx.db.query("accountSessions").collect());
const countActive = async (t: T) => (await rows(t)).filter(({ state }) => state.kind === "active").length;
const drain = (t: T) => t.finishAllScheduledFunctions(vi.runAllTimers);

/** Another device, signed in the way every one is. */
async function another(t: T, ada: TestUser) {
  const user = await userOf(t, ada);
  const { session, credential } = await t.run((ctx) =>
    openSession(ctx, user, { loginMethod: "password", client: TEST_CLIENT }),
  );
  return {
    session,
    headers: { Authorization: `SessionID ${credential}` },
    as: t.withIdentity({ subject: `${user._id}|${session.authSessionId}` }),
  };
}

/** `count` more sessions of the user, last used one after another from now on. */
async function addSessions(t: T, ada: TestUser, count: number, generation = 0) {
  await t.run(async (ctx) => {
    const { _id, _creationTime, ...row } = (await ctx.db.query("accountSessions").first())!;
    for (let i = 0; i < count; i++) {
      const authSessionId = await ctx.db.insert("authSessions", {
        userId: ada.user._id,
        expirationTime: Date.now() + TOTAL_LIFETIME_MS,
      });
      const sessionId = await ctx.db.insert("accountSessions", {
        ...row,
        authSessionId,
        publicId: i + 1,
        credentialHash: `hash ${i}`,
        generation,
      });
      const lastActivityAt = Date.now() + i;
      await ctx.db.insert("accountSessionActivity", {
        sessionId,
        userId: ada.user._id,
        lastActivityAt,
        expiresAt: lastActivityAt + IDLE_LIFETIME_MS,
        generation,
      });
    }
  });
}

type Listed = { data: { sessions: { id: number; is_current: boolean }[]; total_count: number } };
const list = async (t: T, headers: Record<string, string>) =>
  (await (await t.fetch(PATH, { headers })).json()) as Listed;

describe("ending all of many", () => {
  async function withMany() {
    const t = newBackend();
    const ada = await signedInUser(t);
    const other = await another(t, ada);
    await addSessions(t, ada, MANY);
    return { t, ada, other, others: MANY + 1 };
  }
  const endOthers = async (t: T, { headers }: TestUser) =>
    (await (await t.fetch(`${PATH}?exclude_current=true`, { method: "DELETE", headers })).json()) as {
      data: { terminated_count: number };
    };

  test("is over for all of them before their rows are written, and the count is right", async () => {
    const { t, ada, other, others } = await withMany();
    expect((await endOthers(t, ada)).data.terminated_count).toBe(others);
    expect(await countActive(t)).toBe(others + 1);

    expect((await t.fetch("/api/sessions/current/", { headers: other.headers })).status).toBe(401);
    await expect(other.as.query(api.accounts.users.me, {})).rejects.toMatchObject({
      data: { code: "SESSION_REVOKED", reason: "ended_by_user" },
    });
    expect((await list(t, ada.headers)).data).toMatchObject({ total_count: 1, sessions: [{ is_current: true }] });
    expect(await ada.as.query(api.accounts.sessions.list, {})).toHaveLength(1);
    const gone = await t.fetch(`${PATH}${other.session.publicId}/`, { method: "DELETE", headers: ada.headers });
    expect(gone.status).toBe(404);
    expect((await endOthers(t, ada)).data.terminated_count).toBe(0);

    await drain(t);
    expect(await countActive(t)).toBe(1);
    const reasons = (await rows(t)).flatMap(({ state }) => (state.kind === "ended" ? [state.reason] : []));
    expect(reasons).toEqual(Array.from({ length: others }, () => "ended_by_user"));
    expect(await t.run(async (ctx) => (await ctx.db.query("accountSessionActivity").collect()).length)).toBe(1);
    expect((await t.fetch("/api/sessions/current/", { headers: ada.headers })).status).toBe(200);
  });

  test("leaves a session that begins after it, even in its own transaction", async () => {
    const { t, ada, others } = await withMany();
    const credential = await t.run(async (ctx) => {
      expect(await endAllSessions(ctx, ada.user._id, { reason: "password_changed" })).toBe(others + 1);
      const user = (await ctx.db.get("users", ada.user._id))!;
      return (await openSession(ctx, user, { loginMethod: "google", client: TEST_CLIENT })).credential;
    });
    const headers = { Authorization: `SessionID ${credential}` };
    expect((await list(t, headers)).data).toMatchObject({ total_count: 1, sessions: [{ is_current: true }] });
    expect((await t.fetch(PATH, { headers: ada.headers })).status).toBe(401);
    await drain(t);
    expect(await countActive(t)).toBe(1);
    expect((await list(t, headers)).data.total_count).toBe(1);
  });

  test("ends the session that an earlier one had kept", async () => {
    const { t, ada } = await withMany();
    await endOthers(t, ada);
    const late = await another(t, ada);
    await addSessions(t, ada, MANY, late.session.generation);
    await t.run((ctx) => endAllSessions(ctx, ada.user._id, { reason: "signed_out", except: late.session._id }));
    expect((await t.fetch(PATH, { headers: ada.headers })).status).toBe(401);
    expect((await t.fetch(PATH, { headers: late.headers })).status).toBe(200);
    await drain(t);
    expect(await countActive(t)).toBe(1);
  });

  test("includes the caller's own when asked", async () => {
    const { t, ada, others } = await withMany();
    expect(await ada.as.mutation(api.accounts.sessions.endAll, {})).toBe(others + 1);
    await expect(ada.as.query(api.accounts.users.me, {})).rejects.toMatchObject({
      data: { code: "SESSION_REVOKED", reason: "signed_out" },
    });
    await drain(t);
    expect(await countActive(t)).toBe(0);
  });

  test("leaves no older session to bring along into a new one", async () => {
    const { t, ada, other } = await withMany();
    await endOthers(t, ada);
    await t.run(async (ctx) => {
      await ctx.db.insert("authAccounts", {
        userId: ada.user._id,
        provider: "password",
        providerAccountId: ada.user.email!,
        secret: "s",
      });
    });
    await t.mutation(internal.accounts.signIn.transactions.withPassword, {
      email: ada.user.email!,
      stored: "s",
      verified: true,
      client: TEST_CLIENT,
      older: { authSessionId: other.session.authSessionId },
    });
    const newest = await t.run((ctx) => ctx.db.query("accountSessions").order("desc").first());
    expect(newest).toMatchObject({ loginMethod: "password", state: { kind: "active" } });
  });
});

describe("the list of many", () => {
  test("has the current session first, the newest next, and counts those it does not show", async () => {
    const t = newBackend();
    const ada = await signedInUser(t);
    await addSessions(t, ada, 1_010);
    const { sessions, total_count: total } = (await list(t, ada.headers)).data;
    expect(total).toBe(1_011);
    expect(sessions).toHaveLength(1_000);
    expect(sessions[0]).toMatchObject({ is_current: true });
    expect(sessions.slice(1, 4).map(({ id }) => id)).toEqual([1_010, 1_009, 1_008]);
  });
});

test("a session with thousands of refresh tokens ends, and they follow", async () => {
  const t = newBackend();
  await signedInUser(t);
  const [session] = await rows(t);
  await t.run(async (ctx) => {
    for (let i = 0; i < 450; i++)
      await ctx.db.insert("authRefreshTokens", { sessionId: session!.authSessionId, expirationTime: 0 });
  });
  vi.advanceTimersByTime(IDLE_LIFETIME_MS);
  expect(await t.run((ctx) => touchSession(ctx, session!))).toBe(false);
  const tokens = () => t.run(async (ctx) => (await ctx.db.query("authRefreshTokens").collect()).length);
  expect(await tokens()).toBeGreaterThan(400);
  await drain(t);
  expect(await tokens()).toBe(0);
  expect(await t.run((ctx) => deleteTokens(ctx, session!.authSessionId, 1))).toBe(false);
});
