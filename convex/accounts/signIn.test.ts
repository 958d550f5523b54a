import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser } from "../setup.testing";
import { auditLog, PASSWORD, post, registered, sessionId, type SignedInBody } from "./http.testing";
import { stubTokenKeys } from "./keys.testing";
import { signAccessToken, verifyAccessToken } from "./signIn/tokens";

beforeAll(() => stubTokenKeys((name, value) => vi.stubEnv(name, value)));
beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));

const signedIn = async (response: Response) => (await response.json()) as SignedInBody;

test("register, read the session, log in again, delete the session", async () => {
  const t = newBackend();
  const registration = await post(t, "/api/auth/register/", {
    email: "Ada@Example.com",
    password: PASSWORD,
    first_name: "Ada",
  });
  expect(registration.status).toBe(201);
  expect(registration.headers.get("Cache-Control")).toBe("no-store");
  const first = await signedIn(registration);
  expect(Object.keys(first).sort()).toEqual(["expires_at", "session_id"]);
  expect(first.session_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(first.expires_at).toMatch(/Z$/);
  expect(Date.parse(first.expires_at) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);

  const read = await t.fetch(`/api/sessions/${first.session_id}/`, { headers: sessionId(first.session_id) });
  expect(read.status).toBe(200);
  expect(await read.json()).toEqual({
    email: "Ada@Example.com",
    tenant_id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    needs_onboarding: true,
    onboarding_completed: false,
    permissions: [],
  });

  const login = await post(t, "/api/auth/login/", { email: "ADA@example.com ", password: PASSWORD });
  expect(login.status).toBe(200);
  const second = await signedIn(login);
  expect(second.session_id).not.toBe(first.session_id);

  const foreign = await t.fetch(`/api/sessions/${first.session_id}/`, {
    headers: sessionId(second.session_id),
  });
  expect(foreign.status).toBe(403);
  expect(Object.keys((await foreign.json()) as object)).toEqual(["detail", "code"]);

  const ended = await t.fetch(`/api/sessions/${first.session_id}/`, {
    method: "DELETE",
    headers: sessionId(first.session_id),
  });
  expect(ended.status).toBe(204);
  expect(await ended.text()).toBe("");
  const after = await t.fetch(`/api/sessions/${first.session_id}/`, { headers: sessionId(first.session_id) });
  expect(after.status).toBe(401);
  expect(after.headers.get("WWW-Authenticate")).toContain("SessionID");
  // An ended one is told no more than one that never was.
  const unknown = await t.fetch("/api/sessions/current/", { headers: sessionId(crypto.randomUUID()) });
  expect(await after.json()).toEqual(await unknown.json());
  expect((await t.fetch("/api/sessions/current/", { headers: sessionId(second.session_id) })).status).toBe(200);
  expect((await auditLog(t)).map((entry) => entry.action)).toEqual(["register", "sign_in", "session_ended"]);
});

test("what is stored tells neither credential nor password, and a username never tells the address", async () => {
  vi.stubEnv("PASSWORD_HASH_PASSES", undefined);
  const t = newBackend();
  const { id } = await registered(t, "ada@example.com");
  const stored = await t.run(async (ctx) => ({
    sessions: await ctx.db.query("accountSessions").collect(),
    accounts: await ctx.db.query("authAccounts").collect(),
    users: await ctx.db.query("users").collect(),
  }));
  expect(JSON.stringify(stored)).not.toContain(id);
  expect(JSON.stringify(stored)).not.toContain(PASSWORD);
  expect(stored.accounts[0]?.secret).toMatch(/^scrypt\$16384\$8\$5\$/);
  expect(stored.users[0]?.username).not.toContain("ada");
});

test("a password costs what was set when it was chosen, and holds when that changes", async () => {
  const t = newBackend();
  const hash = async (passes: string) => {
    vi.stubEnv("PASSWORD_HASH_PASSES", passes);
    return await t.action(internal.accounts.signIn.passwordHash.hash, { password: PASSWORD });
  };
  const cheap = await hash("1");
  const costly = await hash("7");
  expect([cheap, costly].map((stored) => stored.split("$").slice(0, 4).join(" "))).toEqual([
    "scrypt 16384 8 1",
    "scrypt 16384 8 7",
  ]);
  for (const stored of [cheap, costly])
    for (const [password, isRight] of [
      [PASSWORD, true],
      ["wrong password", false],
    ] as const)
      expect(await t.action(internal.accounts.signIn.passwordHash.verify, { password, stored })).toBe(isRight);
  for (const malformed of ["", "0", "-3", "1.5", "51", "many"]) expect(await hash(malformed)).toContain("$16384$8$5$");
});

test("failures for unknown addresses are in the log of the only tenant, and of none where there are several", async () => {
  const t = newBackend();
  const ada = await signedInUser(t, { permissions: ["view_audit"] });
  const fail = (email: string) => post(t, "/api/auth/login/", { email, password: "wrong password" });
  const seenBy = async ({ as }: typeof ada) =>
    (
      await as.query(api.audit.entries.tenant, {
        action: "sign_in_failed",
        paginationOpts: { numItems: 10, cursor: null },
      })
    ).page.map((entry) => entry.target);
  await fail("nobody@example.com");
  expect(await seenBy(ada)).toEqual(["nobody@example.com"]);
  const eve = await signedInUser(t, { permissions: ["view_audit"] });
  await fail("noone@example.com");
  await fail(ada.user.email!);
  expect(await seenBy(eve)).toEqual([]);
  // She has no password, but the address is hers.
  expect(await seenBy(ada)).toEqual([ada.user.email, "nobody@example.com"]);
});

test.each([
  [{ email: "ada@example.com" }, ["password"]],
  [{ password: PASSWORD }, ["email"]],
  [{ email: 5, password: PASSWORD }, ["email"]],
  [{ email: `${"a".repeat(250)}@example.com`, password: PASSWORD }, ["email"]],
  [{ email: "ada@example.com", password: PASSWORD, remember: true }, ["remember"]],
  [{ email: "ada@example.com", password: PASSWORD, access_token: 7 }, ["access_token"]],
  [{ email: "ada@example.com", password: "\udfff".repeat(10) }, ["password"]],
  [[], ["body"]],
  ["{", ["body"]],
])("login refuses %j, naming %j", async (body, fields) => {
  const t = newBackend();
  const response = await post(t, "/api/auth/login/", body);
  expect(response.status).toBe(400);
  const answer = (await response.json()) as { detail: string; fields: Record<string, string[]> };
  expect(Object.keys(answer).sort()).toEqual(["code", "detail", "fields"]);
  expect(Object.keys(answer.fields)).toEqual(fields);
});

test("a token for the session, good until the session ends", async () => {
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  const response = await post(t, "/api/auth/token/", "", headers);
  expect(response.status).toBe(200);
  const { access, expires_at } = (await response.json()) as { access: string; expires_at: string };
  const claims = JSON.parse(atob(access.split(".")[1] ?? "")) as {
    sub: string;
    iat: number;
    exp: number;
    aud: string;
    iss: string;
  };
  expect(claims.exp - claims.iat).toBe(15 * 60);
  expect(Date.parse(expires_at)).toBe(claims.exp * 1000);
  expect(claims).toMatchObject({ aud: "convex", iss: "http://127.0.0.1:3211" });
  const withToken = t.withIdentity({ subject: claims.sub });
  const current = () => withToken.fetch("/api/sessions/current/", { headers: { Authorization: `Bearer ${access}` } });
  expect((await current()).status).toBe(200);
  await t.fetch("/api/v1/users/me/sessions/", { method: "DELETE", headers });
  expect((await current()).status).toBe(401);
  expect((await post(t, "/api/auth/token/", "", headers)).status).toBe(401);
});

test("tokens of another key, another issuer or none are no proof", async () => {
  const t = newBackend();
  const { user, credential } = await signedInUser(t);
  const session = await t.run((ctx) => ctx.db.query("accountSessions").first());
  const subject = { userId: user._id, authSessionId: session!.authSessionId };
  const { access } = await signAccessToken(subject);
  expect(await verifyAccessToken(access)).toBe(session!.authSessionId);
  const [head = "", body = "", signature = ""] = access.split(".");
  const none = `${btoa(JSON.stringify({ alg: "none" }))}.${body}.`;
  for (const forged of [
    none,
    `${head}.${body}.${signature.slice(0, -4)}AAAA`,
    access.slice(0, -20),
    `${head}.${body}`,
    credential,
  ])
    expect(await verifyAccessToken(forged)).toBeNull();
  vi.stubEnv("CONVEX_SITE_URL", "http://elsewhere.example");
  expect(await verifyAccessToken(access)).toBeNull();
  vi.stubEnv("CONVEX_SITE_URL", "http://127.0.0.1:3211");
});

test("credentials that are missing, malformed or unknown are 401 on the session's own path", async () => {
  const t = newBackend();
  const { id } = await registered(t, "ada@example.com");
  const path = `/api/sessions/${id}/`;
  for (const headers of [
    undefined,
    { Authorization: "SessionID" },
    { Authorization: "SessionID not-a-uuid" },
    { Authorization: `SessionID ${crypto.randomUUID()}` },
    { Authorization: `Basic ${id}` },
    { Authorization: "Bearer x.y.z" },
  ])
    expect((await t.fetch(path, headers && { headers })).status).toBe(401);
  expect((await t.fetch(path, { headers: { Authorization: `sessionid ${id.toUpperCase()}` } })).status).toBe(200);
  expect((await t.fetch(`/api/sessions/${crypto.randomUUID()}/`, { headers: sessionId(id) })).status).toBe(403);
  // A Bearer token proves the user, but not the session id of the path.
  const session = await t.run((ctx) => ctx.db.query("accountSessions").first());
  const bearer = t.withIdentity({ subject: `${session!.userId}|${session!.authSessionId}` });
  expect((await bearer.fetch(path, { headers: { Authorization: "Bearer good" } })).status).toBe(401);
});

test("permissions are sorted, and operators grant and revoke them", async () => {
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  const of = { email: "Ada@example.com" };
  await t.mutation(internal.accounts.users.grantPermission, { ...of, permission: "view_operations" });
  await t.mutation(internal.accounts.users.grantPermission, { ...of, permission: "moderate_sessions" });
  const current = async () =>
    ((await (await t.fetch("/api/sessions/current/", { headers })).json()) as { permissions: string[] }).permissions;
  expect(await current()).toEqual(["moderate_sessions", "view_operations"]);
  await t.mutation(internal.accounts.users.revokePermission, { ...of, permission: "view_operations" });
  expect(await current()).toEqual(["moderate_sessions"]);
  await expect(
    t.mutation(internal.accounts.users.grantPermission, { email: "nobody@example.com", permission: "view_audit" }),
  ).rejects.toThrow("NOT_FOUND");
});

test("a permission that nothing asks for is refused with those there are; one held from before can be taken back", async () => {
  const t = newBackend();
  const { user } = await signedInUser(t, { email: "ada@example.com", permissions: ["view_operation"] });
  const of = { email: "ada@example.com" };
  const permissions = async () => (await t.run((ctx) => ctx.db.get("users", user._id)))!.permissions;
  for (const permission of ["nonsense", "Not Good", ""])
    await expect(t.mutation(internal.accounts.users.grantPermission, { ...of, permission })).rejects.toThrow(
      /VALIDATION.*moderate_sessions, view_analytics, view_audit, view_operations/,
    );
  expect(await permissions()).toEqual(["view_operation"]);
  await t.mutation(internal.accounts.users.revokePermission, { ...of, permission: "view_operation" });
  expect(await permissions()).toEqual([]);
});

test("onboarding is needed until it is completed", async () => {
  const t = newBackend();
  const ada = await signedInUser(t, { needsOnboarding: true, onboardingCompleted: false });
  await ada.as.mutation(api.accounts.users.completeOnboarding, {});
  expect(await ada.as.query(api.accounts.users.me, {})).toMatchObject({
    needsOnboarding: false,
    onboardingCompleted: true,
  });
});
