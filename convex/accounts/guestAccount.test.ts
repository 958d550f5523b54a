/** A guest of the web application who creates an account: the same user, so that nothing has to move. */
import { beforeEach, afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { attend, DRAWING, goalFields, stopTheClock } from "../focus/focus.testing";
import { newBackend, signedInUser, TEST_CLIENT, type T } from "../setup.testing";
import { PASSWORD, post } from "./http.testing";

beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

type Device = ReturnType<T["withIdentity"]>;
type Opened = { userId: string; authSessionId: string };
const device = (t: T, { userId, authSessionId }: Opened): Device =>
  t.withIdentity({ subject: `${userId}|${authSessionId}` });

async function newGuest(t: T): Promise<Opened & { as: Device }> {
  const opened = await t.mutation(internal.accounts.signIn.transactions.asGuest, { client: TEST_CLIENT });
  if ("retryAfterSeconds" in opened) throw new Error("no guest was let in");
  return { ...opened, as: device(t, opened) };
}

const signUp = (as: Pick<Device, "mutation">, email: string, replaceCurrent = true) =>
  as.mutation(internal.accounts.signIn.transactions.register, {
    email,
    stored: "x",
    firstName: "Ada",
    lastName: "Lovelace",
    client: TEST_CLIENT,
    replaceCurrent,
  });

const users = (t: T) => t.run((ctx) => ctx.db.query("users").collect());
const paginationOpts = { numItems: 10, cursor: null };

async function workOf(as: Device) {
  return {
    goals: (await as.query(api.focus.goals.list, {})).map(({ id, title }) => ({ id, title })),
    progress: await as.query(api.focus.progress.mine, {}),
    drafts: (await as.query(api.valuations.sessions.list, { paginationOpts })).page.map(({ reportId }) => reportId),
  };
}

test("keeps goals, sessions, XP, streak and drafts, a running session too, and the same ids", async () => {
  stopTheClock();
  const t = newBackend();
  const guest = await newGuest(t);
  const goalId = await guest.as.mutation(api.focus.goals.create, goalFields);
  const start = () => guest.as.mutation(api.focus.sessions.start, { goalId, activityId: DRAWING });
  const done = await start();
  await attend({ ada: guest, sessionId: done }, 120_000);
  await guest.as.mutation(api.focus.sessions.complete, { sessionId: done });
  const running = await start();
  await guest.as.mutation(api.valuations.sessions.create, { reportId: "mine", formData: {} });
  const before = await workOf(guest.as);
  expect(before).toMatchObject({ goals: [{ id: goalId }], progress: { streakDays: 1 }, drafts: ["mine"] });
  expect(before.progress.xpTotal).toBeGreaterThan(0);
  const [row] = await users(t);

  const ada = device(t, await signUp(guest.as, "ada@example.com"));
  expect(await workOf(ada)).toEqual(before);
  expect((await ada.query(api.focus.sessions.history, { goalId, paginationOpts })).page).toHaveLength(1);
  expect(await ada.query(api.focus.sessions.current, {})).toMatchObject({ id: running });
  expect(await ada.query(api.accounts.users.me, {})).toMatchObject({
    id: row!.uuid,
    publicId: row!.publicId,
    email: "ada@example.com",
    firstName: "Ada",
    lastName: "Lovelace",
    isAnonymous: false,
    hasPassword: true,
    needsOnboarding: true,
  });
  const [user, ...others] = await users(t);
  expect(others).toEqual([]);
  expect(user?.username).not.toContain("guest");
});

test("ends the guest's session with the account's beginning: no guest is left, by token or refresh", async () => {
  const t = newBackend();
  const guest = await newGuest(t);
  const account = await signUp(guest.as, "ada@example.com");
  await expect(guest.as.query(api.accounts.users.me, {})).rejects.toMatchObject({ data: { code: "SESSION_REVOKED" } });
  expect(
    (await device(t, account).query(api.accounts.sessions.list, {})).map(({ loginMethod }) => loginMethod),
  ).toEqual(["password"]);
  expect(await t.run(async (ctx) => (await ctx.db.query("authSessions").collect()).map(({ _id }) => _id))).toEqual([
    account.authSessionId,
  ]);
});

test("a taken email changes nothing: the guest goes on as one", async () => {
  const t = newBackend();
  await signedInUser(t, { email: "ada@example.com" });
  const guest = await newGuest(t);
  const before = await users(t);
  await expect(signUp(guest.as, "ada@example.com")).rejects.toMatchObject({
    data: { code: "CONFLICT", fields: { email: [expect.any(String)] } },
  });
  expect(await users(t)).toEqual(before);
  expect(await guest.as.query(api.accounts.users.me, {})).toMatchObject({ isAnonymous: true, hasPassword: false });
});

test.each([
  ["of one email", ["ada@example.com", "ada@example.com"]],
  ["of two", ["ada@example.com", "eve@example.com"]],
])("two attempts of one guest at once, %s, end with one account", async (_, emails) => {
  const t = newBackend();
  const guest = await newGuest(t);
  const outcomes = await Promise.allSettled(emails.map((email) => signUp(guest.as, email)));
  expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  expect(outcomes.find(({ status }) => status === "rejected")).toMatchObject({
    reason: { data: { code: "CONFLICT" } },
  });
  expect(await users(t)).toHaveLength(1);
  expect(await t.run(async (ctx) => (await ctx.db.query("authAccounts").collect()).length)).toBe(1);
});

test("a user with a name is never turned into another: signing up beside them makes a new one", async () => {
  const t = newBackend();
  const ada = await signedInUser(t, { email: "ada@example.com" });
  const eve = await signUp(ada.as, "eve@example.com");
  expect(eve.userId).not.toBe(ada.user._id);
  expect(await t.run((ctx) => ctx.db.get("users", ada.user._id))).toEqual(ada.user);
});

test("a guest whose session has ended is nobody's to take: the token of then makes a new user", async () => {
  const t = newBackend();
  const guest = await newGuest(t);
  await guest.as.mutation(api.accounts.sessions.endAll, {});
  const account = await signUp(guest.as, "ada@example.com");
  expect(account.userId).not.toBe(guest.userId);
});

test("registration over REST makes a new user, whichever session the request carries", async () => {
  const t = newBackend();
  const guest = await newGuest(t);
  const response = await post(guest.as, "/api/auth/register/", { email: "ada@example.com", password: PASSWORD });
  expect(response.status).toBe(201);
  expect(await users(t)).toHaveLength(2);
  expect(await guest.as.query(api.accounts.users.me, {})).toMatchObject({ isAnonymous: true });
});
