// @vitest-environment node
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import type { T } from "../../setup.testing";
import { auditLog, PASSWORD, post, sessionId, type SignedInBody } from "../http.testing";
import { stubTokenKeys } from "../keys.testing";
import { startOidc, walk, type Person } from "../oidc.testing";

const CLIENT = {
  id: "live-sessions",
  secret: "a secret of the loopback",
  redirectUri: "http://127.0.0.1:3211/api/auth/callback/google",
};
const ADA: Person = { sub: "1815", email: "Ada@example.com", email_verified: true, name: "Ada Lovelace" };

let oidc: Awaited<ReturnType<typeof startOidc>>;
let newBackend: () => T;

beforeAll(async () => {
  oidc = await startOidc(CLIENT);
  await stubTokenKeys((name, value) => vi.stubEnv(name, value));
  vi.stubEnv("SITE_URL", "http://127.0.0.1:5173");
  vi.stubEnv("AUTH_GOOGLE_ID", CLIENT.id);
  vi.stubEnv("AUTH_GOOGLE_SECRET", CLIENT.secret);
  vi.stubEnv("AUTH_GOOGLE_ISSUER", oidc.issuer);
  // After the settings: whether Google is offered is decided when the functions are loaded.
  ({ newBackend } = await import("../../setup.testing"));
});
afterAll(() => oidc.close());
beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));

/** An ID token as an app gets it from the provider by the authorization code flow. */
async function idTokenOf(person: Person, clientId = CLIENT.id): Promise<string> {
  oidc.signsIn(person);
  const url = `${oidc.issuer}/auth?${new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    scope: "openid email profile",
    redirect_uri: CLIENT.redirectUri,
    state: "s",
  })}`;
  const back = new URL(await walk(url, CLIENT.redirectUri));
  const response = await fetch(`${oidc.issuer}/token`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${clientId}:${encodeURIComponent(CLIENT.secret).replaceAll("%20", "+")}`)}`,
    },
    body: new URLSearchParams({
      grant_type: "authorization_code",
      code: back.searchParams.get("code") ?? "",
      redirect_uri: CLIENT.redirectUri,
    }),
  });
  const answer = (await response.json()) as { id_token?: string };
  if (!answer.id_token) throw new Error(`no id_token: ${JSON.stringify(answer)}`);
  return answer.id_token;
}

const login = async (t: T, person: Person) => {
  const response = await post(t, "/api/auth/google/", { id_token: await idTokenOf(person) });
  expect(response.status).toBe(200);
  return (await response.json()) as SignedInBody;
};
const users = (t: T) => t.run((ctx) => ctx.db.query("users").collect());

test("an ID token signs in: a new user first, the same one after", async () => {
  const t = newBackend();
  const { session_id } = await login(t, ADA);
  const current = await t.fetch(`/api/sessions/${session_id}/`, { headers: sessionId(session_id) });
  expect(await current.json()).toMatchObject({ email: "Ada@example.com", needs_onboarding: true });
  await login(t, { ...ADA, email: "ada.new@example.com" });
  expect(await users(t)).toMatchObject([{ email: "ada@example.com", firstName: "Ada", lastName: "Lovelace" }]);
  const devices = (await (await t.fetch("/api/v1/users/me/sessions/", { headers: sessionId(session_id) })).json()) as {
    data: { sessions: { login_method: string }[] };
  };
  expect(devices.data.sessions.map((device) => device.login_method)).toEqual(["google", "google"]);
});

test("whoever registered the address with a password before its owner came is locked out", async () => {
  const t = newBackend();
  const registration = await post(t, "/api/auth/register/", { email: "ada@example.com", password: PASSWORD });
  const { session_id: squatters } = (await registration.json()) as SignedInBody;
  await login(t, ADA);
  expect(await users(t)).toHaveLength(1);
  expect((await t.fetch(`/api/sessions/${squatters}/`, { headers: sessionId(squatters) })).status).toBe(401);
  expect(await auditLog(t)).toContainEqual({ action: "sessions_ended", outcome: "success", target: "1 session" });
  expect((await post(t, "/api/auth/login/", { email: "ada@example.com", password: PASSWORD })).status).toBe(401);
});

test("an address that the provider has not verified, a token for another app, a spoiled or foreign one are 401", async () => {
  const t = newBackend();
  const good = await idTokenOf(ADA);
  const unverified = await idTokenOf({ ...ADA, sub: "unverified", email_verified: false });
  const foreign = await idTokenOf(ADA, "another-app");
  const [head = "", body = "", signature = ""] = good.split(".");
  const none = `${btoa(JSON.stringify({ alg: "none" })).replaceAll("=", "")}.${body}.`;
  for (const bad of [unverified, foreign, `${head}.${body}.${signature.slice(0, -6)}AAAAAA`, none, "nonsense"]) {
    const response = await post(t, "/api/auth/google/", { id_token: bad });
    expect(response.status).toBe(401);
    expect(Object.keys((await response.json()) as object)).toEqual(["detail", "code"]);
  }
  const failed = { action: "sign_in_failed", outcome: "failure", target: "Google token" };
  expect(await auditLog(t)).toEqual(Array.from({ length: 5 }, () => failed));
  expect((await post(t, "/api/auth/google/", {})).status).toBe(400);
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 2 * 3_600_000 });
  expect((await post(t, "/api/auth/google/", { id_token: good })).status).toBe(401);
  vi.useRealTimers();
  expect(await users(t)).toEqual([]);
});

test("the redirect flow gives a React client a session that is listed, ended and alerted like any other", async () => {
  const { api } = await import("../../_generated/api");
  const t = newBackend();
  const first = await login(t, ADA);

  const start = (await t.action(api.auth.signIn, { provider: "google", params: {} })) as {
    redirect: string;
    verifier: string;
  };
  const { pathname, search } = new URL(start.redirect);
  const toProvider = await t.fetch(pathname + search);
  expect(toProvider.status).toBe(302);
  oidc.signsIn(ADA);
  const back = new URL(await walk(toProvider.headers.get("Location") ?? "", CLIENT.redirectUri));
  const cookie = toProvider.headers
    .getSetCookie()
    .map((line) => line.split(";")[0])
    .join("; ");
  const toSite = await t.fetch(back.pathname + back.search, { headers: { Cookie: cookie } });
  expect(toSite.status).toBe(302);
  const code = new URL(toSite.headers.get("Location") ?? "").searchParams.get("code") ?? "";
  const browser = t.withRequestMetadata({
    ip: "198.51.100.7",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
  });
  const { tokens } = (await browser.action(api.auth.signIn, {
    params: { code },
    verifier: start.verifier,
  })) as {
    tokens: { token: string };
  };
  const { sub } = JSON.parse(atob(tokens.token.split(".")[1] ?? "")) as { sub: string };
  const ada = t.withIdentity({ subject: sub });

  expect(await ada.query(api.accounts.users.me, {})).toMatchObject({
    email: "Ada@example.com",
    hasPassword: false,
  });
  const devices = await ada.query(api.accounts.sessions.list, {});
  expect(devices).toMatchObject([
    { isCurrent: true, loginMethod: "google", ipAddress: "198.51.100.7", deviceName: "Firefox on Linux" },
    {},
  ]);
  expect(await t.run((ctx) => ctx.db.query("signInAlerts").collect())).toHaveLength(1);
  expect(await users(t)).toHaveLength(1);

  // Without a password so far, one can be set; afterwards it signs in.
  await ada.action(api.accounts.password.change, { newPassword: PASSWORD });
  expect((await t.fetch(`/api/sessions/current/`, { headers: sessionId(first.session_id) })).status).toBe(401);
  expect((await post(t, "/api/auth/login/", { email: "ada@example.com", password: PASSWORD })).status).toBe(200);
  await ada.mutation(api.accounts.sessions.endAll, {});
  await expect(ada.query(api.accounts.users.me, {})).rejects.toMatchObject({
    data: { code: "SESSION_REVOKED" },
  });
});

test("when the provider's keys cannot be had, the answer is 503, and 401 when Google is not set up", async () => {
  const t = newBackend();
  const token = await idTokenOf(ADA);
  const log = vi.spyOn(console, "error").mockImplementation(() => undefined);
  vi.stubEnv("AUTH_GOOGLE_ISSUER", "http://127.0.0.1:9");
  expect((await post(t, "/api/auth/google/", { id_token: token })).status).toBe(503);
  expect(log).toHaveBeenCalled();
  log.mockRestore();
  vi.stubEnv("AUTH_GOOGLE_ISSUER", oidc.issuer);
  vi.stubEnv("AUTH_GOOGLE_ID", "");
  expect((await post(t, "/api/auth/google/", { id_token: token })).status).toBe(401);
  vi.stubEnv("AUTH_GOOGLE_ID", CLIENT.id);
});
