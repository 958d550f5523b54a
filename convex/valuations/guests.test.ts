import { afterEach, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { hashSha256 } from "../lib/ids";
import { signedInUser } from "../setup.testing";
import { backend, createGuest, send, signedInToAccount, WEB } from "./valuations.testing";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const cookieFrom = (headers: Headers) => (headers.get("Set-Cookie") ?? "").split(";")[0] ?? "";

test("a caller without identity is issued a guest id by cookie, stored as a hash only", async () => {
  const t = backend();
  const created = await send(t, "POST", "/api/sessions", { Origin: WEB }, { report_id: "g" });
  expect(created).toMatchObject({ status: 201, body: { user_id: null, guest_session_id: null } });
  const cookie = created.headers.get("Set-Cookie") ?? "";
  expect(cookie).toMatch(
    /^guest_session_id=[A-Za-z0-9_-]{32}; Max-Age=7776000; Path=\/; HttpOnly; Secure; SameSite=None$/,
  );
  expect(created.headers.get("X-Guest-Session-Id")).toBeNull();
  expect(created.headers.get("x-guest-notice")).toBeNull();
  const id = cookieFrom(created.headers).split("=")[1] ?? "";
  const rows = await t.run(async (ctx) => [
    ...(await ctx.db.query("guestSessions").collect()),
    ...(await ctx.db.query("valuationDrafts").collect()),
  ]);
  expect(JSON.stringify(rows)).not.toContain(id);
  expect(JSON.stringify(rows)).toContain(await hashSha256(id));
  expect((await send(t, "GET", "/api/sessions/g", { Cookie: `a=b; ${cookieFrom(created.headers)}` })).status).toBe(200);
});

test("SameSite is Lax while the web application is on this host", async () => {
  const t = backend();
  vi.stubEnv("CORS_ALLOWED_ORIGINS", "https://api.example.net");
  expect((await send(t, "POST", "/api/sessions", {}, {})).headers.get("Set-Cookie")).toContain("SameSite=Lax");
});

test("the header: new issues an id, an issued one counts, and it wins over the cookie", async () => {
  const t = backend();
  const issued = await send(t, "POST", "/api/sessions", { "X-Guest-Session-Id": "new" }, { report_id: "h" });
  expect(issued.status).toBe(201);
  expect(issued.headers.get("Set-Cookie")).toBeNull();
  const header = { "X-Guest-Session-Id": issued.headers.get("X-Guest-Session-Id") ?? "" };
  expect((await send(t, "GET", "/api/sessions/h", header)).status).toBe(200);
  const other = await send(t, "POST", "/api/sessions", {}, { report_id: "c" });
  const both = { ...header, Cookie: cookieFrom(other.headers), Origin: WEB };
  expect((await send(t, "GET", "/api/sessions", both)).body.sessions.map((row) => row.report_id)).toEqual(["h"]);
});

test("ids that were never issued count for nothing", async () => {
  const t = backend();
  const planted = { "X-Guest-Session-Id": "a".repeat(32) };
  expect((await send(t, "GET", "/api/sessions", planted)).body.total).toBe(0);
  const created = await send(t, "POST", "/api/sessions", planted, { report_id: "x" });
  expect(created.status).toBe(201);
  expect(cookieFrom(created.headers)).not.toContain("aaaa");
  expect((await send(t, "GET", "/api/sessions/x", planted)).status).toBe(403);
  expect((await send(t, "GET", "/api/sessions/x", { Cookie: cookieFrom(created.headers) })).status).toBe(200);
});

test("a client that keeps its id itself reads the next one from the header when its own has ended", async () => {
  const t = backend();
  const ada = await signedInUser(t);
  const claimed = await createGuest(t);
  await send(t, "POST", "/api/sessions", claimed, { report_id: "old" });
  expect((await send(t, "POST", "/api/sessions/claim", { ...ada.headers, ...claimed })).body).toMatchObject({
    migrated_count: 1,
  });
  for (const stale of [claimed, { "X-Guest-Session-Id": "a".repeat(32) }, { "X-Guest-Session-Id": "no id" }]) {
    const created = await send(t, "POST", "/api/sessions", stale, {});
    const next = { "X-Guest-Session-Id": created.headers.get("X-Guest-Session-Id") ?? "" };
    expect(created.status).toBe(201);
    expect((await send(t, "GET", `/api/sessions/${created.body.report_id}`, next)).status).toBe(200);
    expect((await send(t, "POST", "/api/sessions", next, {})).headers.get("X-Guest-Session-Id")).toBeNull();
  }
});

test("a change proven by the cookie alone needs an allowed origin", async () => {
  const t = backend();
  const { headers } = await send(t, "POST", "/api/sessions", {}, { report_id: "g" });
  const Cookie = cookieFrom(headers);
  for (const origin of [{}, { Origin: "https://evil.example.org" }, { Origin: "null" }] as Record<string, string>[])
    for (const [method, path, body] of [
      ["PATCH", "/api/sessions/g", {}],
      ["DELETE", "/api/sessions/g"],
      ["POST", "/api/sessions", {}],
    ] as const)
      expect((await send(t, method, path, { Cookie, ...origin }, body)).status).toBe(403);
  expect((await send(t, "PATCH", "/api/sessions/g", { Cookie, Origin: WEB }, { form_data: { a: 1 } })).status).toBe(
    200,
  );
  const user = await signedInUser(t);
  expect((await send(t, "POST", "/api/sessions", { Cookie, ...user.headers }, {})).status).toBe(201);
});

test("guests have their own limit for writing, which made-up ids do not escape", async () => {
  const t = backend();
  vi.stubEnv("RATE_LIMIT_SCALE", "0.1");
  const guest = await createGuest(t);
  const statuses = [];
  for (let i = 0; i < 8; i++) statuses.push((await send(t, "POST", "/api/sessions", guest, {})).status);
  expect(statuses.filter((status) => status === 201)).toHaveLength(6);
  const refused = await send(t, "POST", "/api/sessions", guest, {});
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
  const madeUp = [];
  for (let i = 0; i < 14; i++)
    madeUp.push(
      (await send(t, "POST", "/api/sessions", { "X-Guest-Session-Id": `${"b".repeat(30)}${10 + i}` }, {})).status,
    );
  expect(madeUp).toContain(429);
});

test("a claim moves everything once, keeps updated_at, and retires the id", async () => {
  const t = backend();
  const guest = await createGuest(t);
  const ada = await signedInUser(t);
  const eve = await signedInUser(t);
  for (const report_id of ["a", "b", "c"]) await send(t, "POST", "/api/sessions", guest, { report_id });
  await send(t, "DELETE", "/api/sessions/c", guest);
  const before = (await send(t, "GET", "/api/sessions/a", guest)).body;
  expect(await send(t, "POST", "/api/sessions/claim", guest)).toMatchObject({
    status: 401,
    body: { error: "Unauthorized" },
  });
  const both = await send(t, "GET", "/api/sessions", { ...guest, ...ada.headers });
  expect(both.body.total).toBe(2);
  const claimed = await send(t, "POST", "/api/sessions/claim", { ...guest, ...ada.headers });
  expect(claimed).toMatchObject({ status: 200, body: { success: true, migrated_count: 3 } });
  expect(claimed.headers.get("Set-Cookie")).toContain("guest_session_id=; Max-Age=0; Path=/");
  expect((await send(t, "POST", "/api/sessions/claim", { ...guest, ...ada.headers })).body.migrated_count).toBe(0);
  expect((await send(t, "POST", "/api/sessions/claim", { ...guest, ...eve.headers })).body.migrated_count).toBe(0);
  expect((await send(t, "GET", "/api/sessions/a", ada.headers)).body).toEqual({ ...before, user_id: ada.user.uuid });
  expect((await send(t, "GET", "/api/sessions?limit=1", ada.headers)).body).toMatchObject({ total: 2, has_more: true });
  expect((await send(t, "GET", "/api/sessions", guest)).body.total).toBe(0);
  expect((await send(t, "GET", "/api/sessions/a", guest)).status).toBe(403);
  expect((await send(t, "DELETE", "/api/sessions/c", ada.headers)).status).toBe(200);
  const entries = await t.run((ctx) => ctx.db.query("auditEntries").collect());
  expect(entries.filter(({ action }) => action === "drafts_claimed")).toMatchObject([
    { target: "3 drafts", actor: ada.user.uuid },
  ]);
  expect(await ada.as.query(api.valuations.claims.receipts, {})).toMatchObject([{ count: 2, reportIds: ["b", "a"] }]);
});

test("signing in and registering over REST claim the guest id, but not for a page of another site", async () => {
  const t = backend();
  const account = { email: "ada@example.com", password: "a long password" };
  const first = await send(t, "POST", "/api/sessions", {}, { report_id: "one" });
  const registered = await send(
    t,
    "POST",
    "/api/auth/register/",
    { Cookie: cookieFrom(first.headers), Origin: WEB },
    account,
  );
  expect(registered.status).toBe(201);
  expect(registered.headers.get("Set-Cookie")).toContain("Max-Age=0");
  const second = await createGuest(t);
  await send(t, "POST", "/api/sessions", second, { report_id: "two" });
  const signedIn = await send(t, "POST", "/api/auth/login/", second, account);
  const headers = { Authorization: `SessionID ${signedIn.body.session_id}` };
  expect((await send(t, "GET", "/api/sessions", headers)).body.total).toBe(2);
  const third = await send(t, "POST", "/api/sessions", {}, { report_id: "three" });
  await send(
    t,
    "POST",
    "/api/auth/login/",
    { Cookie: cookieFrom(third.headers), Origin: "https://evil.example.org" },
    account,
  );
  expect((await send(t, "GET", "/api/sessions", headers)).body.total).toBe(2);
});

test("drafts of an anonymous user follow into the account they sign in to, those of an account never move", async () => {
  const t = backend();
  const guest = await signedInUser(t, { isAnonymous: true });
  await guest.as.mutation(api.valuations.sessions.create, { reportId: "mine", formData: { company_name: "Ada & Co" } });
  const signUp = (email: string) => ({
    email,
    stored: "x",
    firstName: "",
    lastName: "",
    client: { ip: null, userAgent: "" },
    replaceCurrent: true,
  });
  const account = await signedInToAccount(t, guest);
  const ada = t.withIdentity({ subject: `${account.userId}|${account.authSessionId}` });
  expect(await ada.query(api.valuations.sessions.get, { reportId: "mine" })).toMatchObject({
    formData: { company_name: "Ada & Co" },
  });
  expect(await ada.query(api.valuations.claims.receipts, {})).toMatchObject([{ count: 1, reportIds: ["mine"] }]);
  const other = await ada.mutation(internal.accounts.signIn.transactions.register, signUp("eve@example.com"));
  const eve = t.withIdentity({ subject: `${other.userId}|${other.authSessionId}` });
  await expect(eve.query(api.valuations.sessions.get, { reportId: "mine" })).rejects.toThrow("FORBIDDEN");
});

test("guest ids and their drafts end after 90 days without use, not before", async () => {
  vi.useFakeTimers({ now: Date.parse("2026-01-01T00:00:00Z") });
  const t = backend();
  const [idle, busy] = [await createGuest(t), await createGuest(t)];
  for (const [i, guest] of [idle, busy].entries())
    await send(t, "POST", "/api/sessions", guest, { report_id: `r${i}`, collected_data: { i } });
  vi.setSystemTime(Date.parse("2026-03-01T00:00:00Z"));
  await send(t, "PATCH", "/api/sessions/r1", busy, { form_data: { a: 1 } });
  vi.setSystemTime(Date.parse("2026-04-02T00:00:00Z"));
  for (let i = 0; i < 3; i++) await t.mutation(internal.valuations.sweep.deleteOld, {});
  expect((await send(t, "GET", "/api/sessions/r0", idle)).status).toBe(404);
  expect((await send(t, "GET", "/api/sessions/r1", busy)).status).toBe(200);
  expect(await t.run(async (ctx) => (await ctx.db.query("valuationParts").collect()).length)).toBe(1);
});
