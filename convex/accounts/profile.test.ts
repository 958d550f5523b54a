/** Profile, password and device names (accounts/README §8). */
import { afterEach, expect, test, vi } from "vitest";
import { api } from "../_generated/api";
import { newBackend, signedInUser, type T } from "../setup.testing";
import { auditLog, PASSWORD, post, registered } from "./http.testing";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
});

type Answer = { status: number; body: any };

async function ask(
  t: T,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): Promise<Answer> {
  const response = await t.fetch(path, {
    method,
    headers: { ...headers, ...(body !== undefined && { "Content-Type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: text === "" ? null : JSON.parse(text) };
}

const ME = "/api/auth/me/";

test("a profile is read and written over REST; what is read-only may come back", async () => {
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  const before = await ask(t, "GET", ME, headers);
  expect(before).toMatchObject({
    status: 200,
    body: { email: "ada@example.com", first_name: "", time_zone: null, locale: null, permissions: [] },
  });
  const changed = {
    username: "Ada",
    first_name: "Ada",
    last_name: "King",
    time_zone: "europe/LONDON",
    locale: "en-gb",
  };
  const after = await ask(t, "PATCH", ME, headers, { ...before.body, ...changed, email: "else@example.com" });
  expect(after).toEqual({
    status: 200,
    body: { ...before.body, ...changed, time_zone: "Europe/London", locale: "en-GB" },
  });
  expect(await ask(t, "GET", ME, headers)).toEqual(after);
  const cleared = await ask(t, "PATCH", ME, headers, { time_zone: null, locale: null });
  expect(cleared.body).toMatchObject({ time_zone: null, locale: null, first_name: "Ada" });
  expect((await ask(t, "GET", ME, {})).status).toBe(401);
});

test("a wrong field is named", async () => {
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  for (const [field, value] of [
    ["first_name", "x".repeat(151)],
    ["time_zone", "Etc/Unknown"],
    ["time_zone", "Mars/Olympus"],
    ["time_zone", "+01:00"],
    ["locale", "not a tag"],
    ["username", "a@b"],
    ["nickname", "Ada"],
  ] as const)
    expect(await ask(t, "PATCH", ME, headers, { [field]: value })).toMatchObject({
      status: 400,
      body: { fields: { [field]: [expect.any(String)] } },
    });
});

test("white space around what is written does not count, and letters are composed", async () => {
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  const written = { username: " Jose\u0301 ", first_name: " Ada ", time_zone: " Europe/Brussels", locale: "en-GB " };
  expect(await ask(t, "PATCH", ME, headers, written)).toMatchObject({
    status: 200,
    body: { username: "Jos\u00e9", first_name: "Ada", time_zone: "Europe/Brussels", locale: "en-GB" },
  });
});

test("a username is taken in any case, but one's own", async () => {
  const t = newBackend();
  const register = (email: string, username: string) =>
    post(t, "/api/auth/register/", { email, password: PASSWORD, username });
  expect((await register("grace@example.com", "Grace")).status).toBe(201);
  expect((await register("other@example.com", "GRACE")).status).toBe(409);
  const { headers } = await registered(t, "ada@example.com");
  expect(await ask(t, "PATCH", ME, headers, { username: "gRACE" })).toMatchObject({
    status: 409,
    body: { fields: { username: ["This username is taken."] } },
  });
  expect((await ask(t, "PATCH", ME, headers, { username: "Ada" })).status).toBe(200);
  expect(await ask(t, "PATCH", ME, headers, { username: "ADA" })).toMatchObject({
    status: 200,
    body: { username: "ADA" },
  });
});

test("every page that shows the name follows", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  try {
    const t = newBackend();
    const ada = await signedInUser(t, { firstName: "Ada" });
    const id = await ada.as.mutation(api.tutoring.sessions.create, {
      title: "Fractions",
      description: "Halves",
      subject: "Mathematics",
      level: "beginner",
      date: new Date(Date.now() + 86_400_000).toISOString(),
      duration: 60,
    });
    await ada.as.mutation(api.accounts.users.updateProfile, { lastName: "Lovelace" });
    expect(await ada.as.query(api.accounts.users.me, {})).toMatchObject({ firstName: "Ada", lastName: "Lovelace" });
    vi.advanceTimersByTime(1);
    await t.finishInProgressScheduledFunctions();
    const { creator } = await ada.as.query(api.tutoring.sessions.get, { id });
    expect(creator).toMatchObject({ firstName: "Ada", lastName: "Lovelace" });
  } finally {
    vi.useRealTimers();
  }
});

test("a new password over REST signs out every other session; a wrong one is named and counts as a login", async () => {
  // Time stands still: on a slow machine a login would be free again before the last attempt.
  vi.useFakeTimers({ now: Date.now(), toFake: ["Date"] });
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  const login = (password: string) => post(t, "/api/auth/login/", { email: "ada@example.com", password });
  const other = (await (await login(PASSWORD)).json()) as { session_id: string };
  const change = (current: string | undefined, next: string) =>
    ask(t, "POST", "/api/auth/password/", headers, { current_password: current, new_password: next });
  expect(await change("wrong one here", "another long password")).toMatchObject({
    status: 400,
    body: { fields: { current_password: [expect.any(String)] } },
  });
  expect(await change(PASSWORD, "short")).toMatchObject({
    status: 400,
    body: { fields: { new_password: expect.any(Array) } },
  });
  expect(await change(PASSWORD, "another long password")).toEqual({ status: 204, body: null });
  expect((await ask(t, "GET", ME, { Authorization: `SessionID ${other.session_id}` })).status).toBe(401);
  expect((await ask(t, "GET", ME, headers)).status).toBe(200);
  expect(
    (await auditLog(t)).filter(({ action }) => action === "password_changed").map(({ outcome }) => outcome),
  ).toEqual(["failure", "success"]);
  // One registration, one login and two attempts so far; the fifth is the last of the minute.
  expect((await change("another long password", "a third long password")).status).toBe(204);
  expect(await change("a third long password", "a fourth long password")).toMatchObject({ status: 429 });
});

test("a session gets a name, and its own back", async () => {
  const t = newBackend();
  const { headers } = await registered(t, "ada@example.com");
  const base = "/api/v1/auth/users/me/sessions/";
  const list = async () =>
    (await ask(t, "GET", base, headers)).body.data.sessions[0] as { id: number; device_name: string };
  const { id, device_name: parsed } = await list();
  const rename = (name: string, of = id) => ask(t, "PATCH", `${base}${of}/`, headers, { device_name: name });
  expect(await rename("Kitchen tablet")).toMatchObject({
    status: 200,
    body: { success: true, data: { session_id: id, device_name: "Kitchen tablet" } },
  });
  expect((await list()).device_name).toBe("Kitchen tablet");
  expect((await ask(t, "GET", `${base}?search=kitchen`, headers)).body.data.sessions).toHaveLength(1);
  expect((await rename("")).body.data.device_name).toBe(parsed);
  expect(await rename("x".repeat(61))).toMatchObject({
    status: 400,
    body: { error: { code: "VALIDATION_ERROR", fields: { device_name: [expect.any(String)] } } },
  });
  expect((await rename("Mine", 1)).status).toBe(404);
});
