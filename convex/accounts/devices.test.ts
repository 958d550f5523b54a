import { beforeEach, describe, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { newBackend, signedInUser, TEST_CLIENT, type T, type TestUser } from "../setup.testing";
import { auditLog } from "./http.testing";
import { openSession } from "../identity/sessions/accountSessions";

beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));

const DEVICES = "/api/v1/users/me/sessions/";
const CHROME =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36";

type Item = { id: number; device_name: string; is_current: boolean; last_activity: string };
type List = { success: true; data: { sessions: Item[]; total_count: number } };

/** Another device of the user; `location` as a proxy would tell it. */
async function another(
  t: T,
  { user }: TestUser,
  client = { ip: "198.51.100.7", userAgent: CHROME, location: "New York, US" },
) {
  const { session, credential } = await t.run((ctx) => openSession(ctx, user, { loginMethod: "google", client }));
  return {
    id: session.publicId,
    headers: { Authorization: `SessionID ${credential}` },
    as: t.withIdentity({ subject: `${user._id}|${session.authSessionId}` }),
  };
}

async function withTwoDevices() {
  const t = newBackend();
  const ada = await signedInUser(t);
  const own = await t.run((ctx) => ctx.db.query("accountSessions").first());
  return { t, ada, ownId: own!.publicId, other: await another(t, ada) };
}

const list = async (t: T, headers: Record<string, string>, query = "") =>
  (await (await t.fetch(`${DEVICES}${query}`, { headers })).json()) as List;

test("a list shows what was stored of each device", async () => {
  const { t, ada, ownId, other } = await withTwoDevices();
  const response = await t.fetch(DEVICES, { headers: ada.headers });
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;
  expect(await response.json()).toEqual({
    success: true,
    data: {
      sessions: [
        {
          id: ownId,
          session_key: `${ada.credential.slice(0, 6)}…`,
          ip_address: "192.0.2.1",
          user_agent: TEST_CLIENT.userAgent,
          device_info: { browser: "Firefox", os: "Linux", device: "Desktop" },
          location: null,
          is_active: true,
          last_activity: time,
          created_at: time,
          device_name: "Firefox on Linux",
          login_method: "password",
          is_current: true,
        },
        expect.objectContaining({
          id: other.id,
          location: "New York, US",
          device_name: "Chrome on Windows",
          is_current: false,
          login_method: "google",
        }),
      ],
      total_count: 2,
    },
  });
});

test("the current session comes first, then the most recently used", async () => {
  const { t, ada, ownId, other } = await withTwoDevices();
  const third = await another(t, ada);
  await t.run(async (ctx) => {
    const stamps = await ctx.db.query("accountSessionActivity").collect();
    const at = [3_000, 2_000, 1_000];
    for (const [i, stamp] of stamps.entries())
      await ctx.db.patch("accountSessionActivity", stamp._id, {
        lastActivityAt: stamp.lastActivityAt - (at[i] ?? 0),
      });
  });
  expect((await list(t, ada.headers)).data.sessions.map((item) => item.id)).toEqual([ownId, third.id, other.id]);
  expect((await list(t, other.headers)).data.sessions.map((item) => item.id)).toEqual([other.id, third.id, ownId]);
});

test.each([
  ["fox", ["Firefox on Linux"]],
  ["CHROME", ["Chrome on Windows"]],
  ["198.51", ["Chrome on Windows"]],
  ["york", ["Chrome on Windows"]],
  ["password", ["Firefox on Linux"]],
  ["on", ["Firefox on Linux", "Chrome on Windows"]],
  ["firefox windows", []],
  ["", ["Firefox on Linux", "Chrome on Windows"]],
])("?search=%s finds %j", async (search, names) => {
  const { t, ada } = await withTwoDevices();
  const { data } = await list(t, ada.headers, `?search=${encodeURIComponent(search)}`);
  expect(data.sessions.map((item) => item.device_name)).toEqual(names);
  expect(data.total_count).toBe(names.length);
  const live = await ada.as.query(api.accounts.sessions.list, { search });
  expect(live.map((item) => item.deviceName)).toEqual(names);
});

test("ending the current session is a logout", async () => {
  const { t, ada, ownId } = await withTwoDevices();
  // Ids match byte for byte.
  expect((await t.fetch(`${DEVICES}0${ownId}/`, { method: "DELETE", headers: ada.headers })).status).toBe(404);
  expect((await t.fetch(`${DEVICES}${ownId}/`, { method: "DELETE", headers: ada.headers })).status).toBe(200);
  expect((await t.fetch(DEVICES, { headers: ada.headers })).status).toBe(401);
  await expect(ada.as.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { code: "SESSION_REVOKED", reason: "signed_out" },
  });
});

describe("a write counts its request in its own transaction", () => {
  const LIMIT = 6;
  const end = (t: T, headers: Record<string, string>, id: number) =>
    t.fetch(`${DEVICES}${id}/`, { method: "DELETE", headers });

  test("when it succeeds, when it fails, and does nothing once the limit is used up", async () => {
    vi.stubEnv("RATE_LIMIT_SCALE", String(LIMIT / 120));
    const { t, ada, other } = await withTwoDevices();
    const misses = await Promise.all(Array.from({ length: LIMIT }, (_, n) => end(t, ada.headers, n + 1)));
    expect(misses.map(({ status }) => status)).toEqual(Array.from({ length: LIMIT }, () => 404));
    const refused = await end(t, ada.headers, other.id);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("Retry-After"))).toBeGreaterThan(0);
    expect(await t.run((ctx) => ctx.db.query("accountSessions").collect())).toEqual(
      expect.arrayContaining([expect.objectContaining({ publicId: other.id, state: { kind: "active" } })]),
    );
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 60_000 });
    expect((await end(t, ada.headers, other.id)).status).toBe(200);
    vi.useRealTimers();
  });

  test("and a lapsed session is 401, and over", async () => {
    const { t, ada, other } = await withTwoDevices();
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 8 * 86_400_000 });
    const refused = await end(t, ada.headers, other.id);
    vi.useRealTimers();
    expect(refused.status).toBe(401);
    const states = await t.run(async (ctx) =>
      (await ctx.db.query("accountSessions").collect()).map(({ state }) => state),
    );
    expect(states).toContainEqual(expect.objectContaining({ kind: "ended", reason: "expired" }));
    expect(states).toContainEqual({ kind: "active" });
  });
});

test("listing is audited once a minute per session, endings every time", async () => {
  const { t, ada, other } = await withTwoDevices();
  for (let i = 0; i < 3; i++) await list(t, ada.headers);
  await list(t, other.headers);
  await t.fetch(`${DEVICES}${other.id}/`, { method: "DELETE", headers: ada.headers });
  await t.fetch(`${DEVICES}all/?exclude_current=true`, { method: "DELETE", headers: ada.headers });
  expect((await auditLog(t)).map((entry) => entry.action)).toEqual([
    "sessions_listed",
    "sessions_listed",
    "session_ended",
    "sessions_ended",
  ]);
});

test("live: list, end and end all", async () => {
  const { t, ada, ownId, other } = await withTwoDevices();
  await another(t, ada);
  const listed = await ada.as.query(api.accounts.sessions.list, {});
  expect(listed.map((device) => device.isCurrent)).toEqual([true, false, false]);
  expect(listed[0]).toMatchObject({ id: ownId, ipAddress: "192.0.2.1", isActive: true });
  expect(await ada.as.mutation(api.accounts.sessions.end, { id: other.id })).toEqual({
    id: other.id,
    deviceName: "Chrome on Windows",
  });
  await expect(ada.as.mutation(api.accounts.sessions.end, { id: other.id })).rejects.toThrow("NOT_FOUND");
  expect(await ada.as.mutation(api.accounts.sessions.endAll, { excludeCurrent: true })).toBe(1);
  expect(await ada.as.mutation(api.accounts.sessions.endAll, {})).toBe(1);
  await expect(ada.as.query(api.accounts.sessions.list, {})).rejects.toMatchObject({
    data: { code: "SESSION_REVOKED" },
  });
  await expect(t.query(api.accounts.sessions.list, {})).rejects.toMatchObject({
    data: { code: "UNAUTHENTICATED" },
  });
});

test("a proxy's headers tell place and address only when it is trusted", async () => {
  const t = newBackend();
  const headers = {
    "Content-Type": "application/json",
    "X-Forwarded-For": "203.0.113.9, 198.51.100.4",
    "X-Vercel-IP-City": "S%C3%A3o%20Paulo",
    "X-Vercel-IP-Country": "BR",
  };
  const register = (email: string) =>
    t.fetch("/api/auth/register/", {
      method: "POST",
      headers,
      body: JSON.stringify({ email, password: "correct horse battery" }),
    });
  await register("ada@example.com");
  vi.stubEnv("TRUSTED_PROXY", "1");
  await register("eve@example.com");
  vi.stubEnv("TRUSTED_PROXY", "");
  const sessions = await t.run((ctx) => ctx.db.query("accountSessions").collect());
  expect(sessions.map(({ ipAddress, location }) => ({ ipAddress, location }))).toEqual([
    { ipAddress: null, location: null },
    { ipAddress: "198.51.100.4", location: "São Paulo, BR" },
  ]);
});
