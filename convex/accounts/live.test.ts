import { afterEach, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { newBackend, type T } from "../setup.testing";
import { auditLog, PASSWORD, post } from "./http.testing";
import { stubTokenKeys } from "./keys.testing";

beforeAll(() => stubTokenKeys((name, value) => vi.stubEnv(name, value)));
beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));
afterEach(() => void vi.useRealTimers());

type Tokens = { token: string; refreshToken: string };
const EMAIL = "ada@example.com";
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

const subjectOf = (tokens: Tokens) => (JSON.parse(atob(tokens.token.split(".")[1] ?? "")) as { sub: string }).sub;

async function enter(t: Pick<T, "action">, params: Record<string, string>, provider = "password"): Promise<Tokens> {
  const { tokens } = (await t.action(api.auth.signIn, { provider, params })) as { tokens: Tokens };
  expect(tokens).toBeTruthy();
  return tokens;
}
/** A React client that has just signed in. */
const device = (t: T, tokens: Tokens) => t.withIdentity({ subject: subjectOf(tokens) });
const signUp = (t: Pick<T, "action">) =>
  enter(t, { flow: "signUp", email: EMAIL, password: PASSWORD, name: "Ada Lovelace" });
const signIn = (t: Pick<T, "action">, password = PASSWORD) => enter(t, { flow: "signIn", email: EMAIL, password });

test("sign up, know who one is, sign out", async () => {
  const t = newBackend();
  expect(await t.query(api.accounts.users.me, {})).toBeNull();
  const ada = device(t, await signUp(t.withRequestMetadata({ ip: "192.0.2.9", userAgent: FIREFOX })));
  expect(await ada.query(api.accounts.users.me, {})).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    publicId: expect.any(Number) as number,
    email: EMAIL,
    username: expect.stringMatching(/^user-[0-9a-f]{8}$/) as string,
    firstName: "Ada",
    lastName: "Lovelace",
    timeZone: null,
    locale: null,
    image: null,
    isAnonymous: false,
    hasPassword: true,
    needsNewPassword: false,
    tenant: { id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, name: "Main" },
    permissions: [],
    needsOnboarding: true,
    onboardingCompleted: false,
    session: { id: expect.any(Number) as number, deviceName: "Firefox on Linux" },
  });
  expect(await ada.query(api.accounts.sessions.list, {})).toMatchObject([
    { ipAddress: "192.0.2.9", loginMethod: "password" },
  ]);
  await ada.action(api.auth.signOut, {});
  await expect(ada.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { code: "SESSION_REVOKED", reason: "signed_out" },
  });
  expect((await auditLog(t)).map((entry) => entry.action)).toEqual(["register", "session_ended"]);
});

test("wrong pairs, wrong fields and taken addresses are told by code", async () => {
  const t = newBackend();
  await signUp(t);
  await expect(signIn(t, "wrong password")).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
  await expect(signUp(t)).rejects.toMatchObject({
    data: { code: "CONFLICT", fields: { email: [expect.any(String)] } },
  });
  await expect(enter(t, { flow: "signUp", email: "x", password: "y" })).rejects.toMatchObject({
    data: { code: "VALIDATION", fields: { email: [expect.any(String)], password: [expect.any(String)] } },
  });
  await expect(enter(t, { flow: "signIn" })).rejects.toMatchObject({
    data: {
      code: "VALIDATION",
      fields: { email: ["This field is required."], password: ["This field is required."] },
    },
  });
  await expect(enter(t, { flow: "reset", email: EMAIL, password: PASSWORD })).rejects.toMatchObject({
    data: { fields: { flow: [expect.any(String)] } },
  });
});

test("names and addresses are valid Unicode, and a long name is cut between characters", async () => {
  const t = newBackend();
  const params = { flow: "signUp", email: EMAIL, password: PASSWORD };
  const refused = (name: string) => ({ data: { code: "VALIDATION", fields: { [name]: ["Must be valid Unicode."] } } });
  await expect(enter(t, { ...params, name: "Ada \ud800" })).rejects.toMatchObject(refused("name"));
  for (const flow of ["signUp", "signIn"])
    await expect(enter(t, { ...params, flow, email: "a\ud800@example.com" })).rejects.toMatchObject(refused("email"));
  const ada = device(t, await enter(t, { ...params, name: `A${"🎨".repeat(200)}` }));
  expect(await ada.query(api.accounts.users.me, {})).toMatchObject({ firstName: `A${"🎨".repeat(149)}` });
});

test("the live protocol counts logins as REST does", async () => {
  vi.stubEnv("RATE_LIMIT_SCALE", "1");
  // Tokens come back with time, of which a busy machine takes more for the same attempts.
  vi.useFakeTimers({ toFake: ["Date"] });
  const t = newBackend();
  for (let i = 0; i < 3; i++) await expect(signIn(t)).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
  for (let i = 0; i < 2; i++)
    expect((await post(t, "/api/auth/login/", { email: EMAIL, password: PASSWORD })).status).toBe(401);
  await expect(signIn(t)).rejects.toMatchObject({
    data: { code: "RATE_LIMITED", retryAfter: expect.any(Number) as number },
  });
});

test("a guest is a user without an address; registering ends the guest's session", async () => {
  const t = newBackend();
  const guest = device(t, await enter(t, {}, "anonymous"));
  expect(await guest.query(api.accounts.users.me, {})).toMatchObject({
    isAnonymous: true,
    email: null,
    needsOnboarding: false,
  });
  await expect(guest.action(api.accounts.password.change, { newPassword: PASSWORD })).rejects.toMatchObject({
    data: { code: "FORBIDDEN" },
  });
  const ada = device(t, await signUp(guest));
  expect(await ada.query(api.accounts.users.me, {})).toMatchObject({ isAnonymous: false, email: EMAIL });
  await expect(guest.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { reason: "signed_out" },
  });
  const [guestSession] = await t.run((ctx) => ctx.db.query("accountSessions").collect());
  expect(await auditLog(t)).toMatchObject([
    { action: "session_ended", target: `session ${guestSession!.publicId}` },
    { action: "register" },
  ]);
});

test("a refresh token gives a new token of the same session, until the session ends", async () => {
  const t = newBackend();
  const tokens = await signUp(t);
  const refresh = (refreshToken: string) =>
    t.action(api.auth.signIn, { refreshToken }) as Promise<{ tokens: Tokens | null }>;
  const next = await refresh(tokens.refreshToken);
  expect(subjectOf(next.tokens!)).toBe(subjectOf(tokens));
  await device(t, tokens).mutation(api.accounts.sessions.endAll, {});
  expect((await refresh(next.tokens!.refreshToken)).tokens).toBeNull();
  expect(await t.run(async (ctx) => (await ctx.db.query("authRefreshTokens").collect()).length)).toBe(0);
});

test("a new sign-in alerts the older devices, and none but them", async () => {
  const t = newBackend();
  const first = device(t, await signUp(t));
  expect(await first.query(api.accounts.alerts.list, {})).toEqual([]);
  const second = device(t, await signIn(t.withRequestMetadata({ ip: "198.51.100.7", userAgent: FIREFOX })));
  const [alert] = await first.query(api.accounts.alerts.list, {});
  expect(alert).toMatchObject({
    session: { deviceName: "Firefox on Linux", ipAddress: "198.51.100.7", isActive: true },
  });
  expect(await second.query(api.accounts.alerts.list, {})).toEqual([]);
  await expect(second.mutation(api.accounts.alerts.dismiss, { id: alert!.id })).rejects.toMatchObject({
    data: { code: "NOT_FOUND" },
  });
  await expect(second.mutation(api.accounts.alerts.notMe, { id: alert!.id })).rejects.toMatchObject({
    data: { code: "NOT_FOUND" },
  });

  const third = device(t, await signIn(t));
  expect(await first.query(api.accounts.alerts.list, {})).toHaveLength(2);
  expect(await second.query(api.accounts.alerts.list, {})).toHaveLength(1);
  expect(await third.query(api.accounts.alerts.list, {})).toEqual([]);
  await first.mutation(api.accounts.alerts.dismiss, { id: alert!.id });
  expect(await first.query(api.accounts.alerts.list, {})).toHaveLength(1);
});

test("not me: the session ends with that reason, and a new password is asked for until it is chosen", async () => {
  const t = newBackend();
  const ada = device(t, await signUp(t));
  const thief = device(t, await signIn(t));
  const [alert] = await ada.query(api.accounts.alerts.list, {});
  await ada.mutation(api.accounts.alerts.notMe, { id: alert!.id });
  await expect(thief.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { code: "SESSION_REVOKED", reason: "not_me" },
  });
  expect(await ada.query(api.accounts.users.me, {})).toMatchObject({ needsNewPassword: true });
  await ada.action(api.accounts.password.change, {
    currentPassword: PASSWORD,
    newPassword: "a better password",
  });
  expect(await ada.query(api.accounts.users.me, {})).toMatchObject({ needsNewPassword: false });
});

test("a new password signs out every other device and is the only one that works", async () => {
  const t = newBackend();
  const ada = device(t, await signUp(t));
  const phone = device(t, await signIn(t));
  const next = "a better password";
  const change = (currentPassword: string, newPassword: string) =>
    ada.action(api.accounts.password.change, { currentPassword, newPassword });
  await expect(change("wrong password", next)).rejects.toMatchObject({
    data: { code: "VALIDATION", fields: { currentPassword: [expect.any(String)] } },
  });
  await expect(change("\ud800", "\ud800".repeat(10))).rejects.toMatchObject({
    data: { fields: { currentPassword: ["Must be valid Unicode."], newPassword: ["Must be valid Unicode."] } },
  });
  await expect(change(PASSWORD, "short")).rejects.toMatchObject({
    data: { fields: { newPassword: [expect.any(String)] } },
  });
  await expect(change(PASSWORD, PASSWORD)).rejects.toMatchObject({
    data: { fields: { newPassword: [expect.any(String)] } },
  });
  expect(await change(PASSWORD, next)).toEqual({ endedCount: 1 });
  await expect(phone.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { reason: "password_changed" },
  });
  expect(await ada.query(api.accounts.users.me, {})).not.toBeNull();
  await expect(signIn(t, PASSWORD)).rejects.toMatchObject({ data: { code: "UNAUTHENTICATED" } });
  await signIn(t, next);
  expect(
    (await auditLog(t)).filter((entry) => entry.action === "password_changed").map((entry) => entry.outcome),
  ).toEqual(["failure", "success"]);
  expect(await auditLog(t)).toContainEqual({ action: "sessions_ended", outcome: "success", target: "1 session" });
  await expect(t.action(api.accounts.password.change, { newPassword: next })).rejects.toMatchObject({
    data: { code: "UNAUTHENTICATED" },
  });
});
