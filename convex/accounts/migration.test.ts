import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { newBackend, type T } from "../setup.testing";
import { auditLog, PASSWORD, post, registered, sessionId, type SignedInBody } from "./http.testing";
import { stubTokenKeys } from "./keys.testing";

beforeAll(() => stubTokenKeys((name, value) => vi.stubEnv(name, value)));
beforeEach(() => void vi.stubEnv("RATE_LIMIT_SCALE", "1000"));

const DATA = '{"cart":["größe"]}';

async function withOlderSession() {
  const t = newBackend();
  const older = await registered(t, "ada@example.com");
  await t.run(async (ctx) => {
    const row = (await ctx.db.query("accountSessions").first())!;
    await ctx.db.patch("accountSessions", row._id, { data: DATA });
  });
  const token = async (headers: Record<string, string>) =>
    ((await (await post(t, "/api/auth/token/", "", headers)).json()) as { access: string }).access;
  return { t, older, access: await token(older.headers), token };
}

const login = async (t: T, accessToken: string, email = "ada@example.com") => {
  const response = await post(t, "/api/auth/login/", {
    email,
    password: PASSWORD,
    access_token: accessToken,
  });
  expect(response.status).toBe(200);
  return (await response.json()) as SignedInBody;
};
const sessions = (t: T) => t.run((ctx) => ctx.db.query("accountSessions").collect());
const status = async (t: T, id: string) => (await t.fetch(`/api/sessions/${id}/`, { headers: sessionId(id) })).status;

test("a session goes on under a new id: its data moves, the older one ends", async () => {
  const { t, older, access } = await withOlderSession();
  const newer = await login(t, access);
  expect(await status(t, older.id)).toBe(401);
  expect(await status(t, newer.session_id)).toBe(200);
  const [before, after] = await sessions(t);
  expect(before?.state).toMatchObject({ kind: "ended", reason: "migrated" });
  expect(after).toMatchObject({ data: DATA, loginMethod: "migration", state: { kind: "active" } });
  expect((await auditLog(t)).slice(1)).toEqual([
    { action: "session_ended", outcome: "success", target: `session ${before?.publicId}` },
    { action: "sign_in", outcome: "success", target: `session ${after?.publicId}` },
  ]);
});

test("the SessionID itself is as good a token", async () => {
  const { t, older } = await withOlderSession();
  await login(t, older.id);
  expect(await status(t, older.id)).toBe(401);
});

test("a token that does not verify, is spent, or is somebody else's is ignored and audited", async () => {
  const { t, older, access, token } = await withOlderSession();
  const eve = await registered(t, "eve@example.com");
  const evesToken = await token(eve.headers);
  for (const useless of ["nonsense", evesToken, crypto.randomUUID(), `${access}x`]) await login(t, useless);
  expect(await status(t, older.id)).toBe(200);
  expect(await status(t, eve.id)).toBe(200);
  await login(t, access);
  await login(t, access);
  expect((await auditLog(t)).filter((entry) => entry.action === "migration_ignored")).toHaveLength(5);
  expect((await sessions(t)).filter((session) => session.loginMethod === "migration")).toHaveLength(1);
});

test("the password is checked all the same", async () => {
  const { t, older, access } = await withOlderSession();
  const response = await post(t, "/api/auth/login/", {
    email: "ada@example.com",
    password: "wrong password",
    access_token: access,
  });
  expect(response.status).toBe(401);
  expect(await status(t, older.id)).toBe(200);
});
