/**
 * Secrets never reach logs (convex/rest/README.md §0): neither those of the deployment's functions nor the answers to
 * mistakes.
 */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { call, newAccount, target } from "../support/api";

test("no password, credential, token or guest id is in the logs, whatever went wrong", async () => {
  const password = `secret password ${randomUUID()}`;
  const account = await newAccount({ password });
  const guest = await call("POST", "/api/sessions", { body: {}, headers: { "X-Guest-Session-Id": "new" } });
  const guestSessionId = guest.headers.get("x-guest-session-id") ?? "";
  const login = (body: unknown) => call("POST", "/api/auth/login/", { body });
  const run = (kind: string, path: string, args: unknown, auth?: string) =>
    fetch(`${target().convexUrl}/api/${kind}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", ...(auth && { Authorization: auth }) },
      body: JSON.stringify({ path, args, format: "json" }),
    });
  const { email } = account;
  const params = { flow: "signIn", email, password };
  await login({ email, password: { is: password } });
  await login({ email, password, access_token: account.jwt, more: password });
  await login(`{"email":"${email}","password":"${password}"`);
  await login({ email: password, password });
  await call("GET", `/api/sessions/${account.sessionId}/`, { auth: account.bearer });
  await run("action", "auth:signIn", { provider: "password", params, extra: 1 });
  await run("action", "auth:signIn", { provider: "password", params: { ...params, flow: "neither" } });
  await run("action", "auth:signIn", { refreshToken: `${account.sessionId}|x`, verifier: 1 });
  await run(
    "action",
    "accounts/password:change",
    { currentPassword: password, newPassword: [password] },
    account.bearer,
  );
  await run(
    "action",
    "accounts/password:change",
    { currentPassword: password, newPassword: password, extra: 1 },
    account.bearer,
  );
  await run("mutation", "valuations/sessions:claim", { guestSessionId, extra: 1 }, account.bearer);
  await run("mutation", "valuations/sessions:claim", { guestSessionId }, account.bearer);

  const logs = await fetch(`${target().convexUrl}/api/stream_function_logs?cursor=0`, {
    headers: { Authorization: `Convex ${target().adminKey}` },
  });
  const text = await logs.text();
  expect(text).toContain("accounts/password");
  for (const [name, secret] of Object.entries({
    password,
    session: account.sessionId,
    signature: account.jwt.split(".")[2]!,
    guestSessionId,
    serviceKey: target().serviceKey,
  })) {
    expect(secret.length, name).toBeGreaterThan(10);
    expect(text.includes(secret), `the ${name} is in the logs`).toBe(false);
  }
});
