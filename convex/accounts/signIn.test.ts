import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { api, internal } from "../_generated/api";
import { newBackend, signedInUser, TEST_CLIENT, type T } from "../setup.testing";
import { stubTokenKeys } from "./keys.testing";

beforeAll(() => stubTokenKeys((name, value) => vi.stubEnv(name, value)));
afterEach(() => void vi.useRealTimers());

const PASSWORD = "correct horse battery";
const post = (t: Pick<T, "fetch">, path: string, body: unknown, headers: Record<string, string> = {}) =>
  t.fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...headers },
    body: JSON.stringify(body),
  });
type SignedIn = { session_id: string; expires_at: string };
const signedIn = async (response: Response) => (await response.json()) as SignedIn;
const sessionId = (id: string) => ({ Authorization: `SessionID ${id}` });
const entries = (t: T) => t.run(async (ctx) => (await ctx.db.query("auditEntries").collect()).map(({ action, outcome, target }) => ({ action, outcome, target })));

test("register, read the session, log in again, delete the session", async () => {
  const t = newBackend();
  const registered = await post(t, "/api/auth/register/", { email: "Ada@Example.com", password: PASSWORD, first_name: "Ada" });
  expect(registered.status).toBe(201);
  const first = await signedIn(registered);
  expect(first.session_id).toMatch(/^[0-9a-f-]{36}$/);
  expect(Date.parse(first.expires_at) - Date.now()).toBeGreaterThan(6.9 * 86_400_000);

  const read = await t.fetch(`/api/sessions/${first.session_id}/`, { headers: sessionId(first.session_id) });
  expect(read.status).toBe(200);
  expect(await read.json()).toEqual({
    email: "ada@example.com",
    tenant_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    needs_onboarding: true,
    onboarding_completed: false,
    permissions: [],
  });

  const login = await post(t, "/api/auth/login/", { email: "ADA@example.com ", password: PASSWORD });
  expect(login.status).toBe(200);
  const second = await signedIn(login);
  expect(second.session_id).not.toBe(first.session_id);

  const foreign = await t.fetch(`/api/sessions/${first.session_id}/`, { headers: sessionId(second.session_id) });
  expect(foreign.status).toBe(403);
  expect(Object.keys((await foreign.json()) as object)).toEqual(["detail"]);

  const ended = await t.fetch(`/api/sessions/${first.session_id}/`, { method: "DELETE", headers: sessionId(first.session_id) });
  expect(ended.status).toBe(204);
  expect(await ended.text()).toBe("");
  const after = await t.fetch(`/api/sessions/${first.session_id}/`, { headers: sessionId(first.session_id) });
  expect(after.status).toBe(401);
  expect((await t.fetch("/api/sessions/current/", { headers: sessionId(second.session_id) })).status).toBe(200);
  expect((await entries(t)).map((entry) => entry.action)).toEqual(["register", "sign_in", "session_ended"]);
});
