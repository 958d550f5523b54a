/** `npm run rotate:keys`: nobody is signed out, and every token works until it expires. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { ConvexHttpClient } from "convex/browser";
import { makeFunctionReference } from "convex/server";
import { decodeProtectedHeader } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startServer, type Server } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { rawCall } from "../support/raw";

let server: Server;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.stop());

const rotate = (...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> =>
  promisify(execFile)(
    process.execPath,
    [join(PROJECT_DIR, "node_modules/tsx/dist/cli.mjs"), "scripts/rotate-keys.ts", ...args],
    {
      cwd: PROJECT_DIR,
      env: {
        ...process.env,
        CONVEX_SELF_HOSTED_URL: server.convexUrl,
        CONVEX_SELF_HOSTED_ADMIN_KEY: server.adminKey,
      },
    },
  ).then(
    (said) => ({ code: 0, ...said }),
    (failed: { code: number; stdout: string; stderr: string }) => failed,
  );

const email = "rotation@example.com";
const password = "correct horse battery";
const post = async (path: string, body: unknown, authorization?: string) => {
  const answer = await rawCall("POST", path, {
    siteUrl: server.siteUrl,
    headers: { "Content-Type": "application/json", ...(authorization && { Authorization: authorization }) },
    body: JSON.stringify(body),
  });
  expect([200, 201], answer.text).toContain(answer.status);
  return answer.body as Record<string, string>;
};
const ask = async (token: string) => {
  const headers = { Authorization: `Bearer ${token}` };
  return (await rawCall("GET", "/api/sessions/current/", { siteUrl: server.siteUrl, headers })).status;
};
const readKeyIds = async () => {
  const { body } = await rawCall("GET", "/.well-known/jwks.json", { siteUrl: server.siteUrl });
  return (body as { keys: { kid: string }[] }).keys.map(({ kid }) => kid);
};

const signIn = makeFunctionReference<
  "action",
  Record<string, unknown>,
  { tokens: { token: string; refreshToken: string } }
>("auth:signIn");
const live = () => new ConvexHttpClient(server.convexUrl);

test("tokens of the old key and of the new one work side by side, over REST and live", async () => {
  const { session_id: sessionId } = await post("/api/auth/register/", { email, password });
  const before = (await post("/api/auth/token/", {}, `SessionID ${sessionId}`)).access!;
  const liveBefore = (
    await live().action(signIn, { provider: "password", params: { flow: "signIn", email, password } })
  ).tokens;
  const [first] = await readKeyIds();
  expect([before, liveBefore.token].map((token) => decodeProtectedHeader(token).kid)).toEqual([first, first]);

  // Somebody keeps signing in and using both tokens all the while.
  let goesOn = true;
  const seen: number[] = [];
  const meanwhile = (async () => {
    while (goesOn) {
      const { access } = await post("/api/auth/token/", {}, `SessionID ${sessionId}`);
      seen.push(await ask(access!), await ask(before));
    }
  })();
  const { code, stdout, stderr } = await rotate("--wait", "1");
  goesOn = false;
  await meanwhile;
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toContain("npm run rotate:keys -- --finish");
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.filter((status) => status !== 200)).toEqual([]);

  const ids = await readKeyIds();
  expect(ids).toEqual([first, expect.any(String)]);
  const after = (await post("/api/auth/token/", {}, `SessionID ${sessionId}`)).access!;
  const refreshed = (await live().action(signIn, { refreshToken: liveBefore.refreshToken })).tokens;
  expect([after, refreshed.token].map((token) => decodeProtectedHeader(token).kid)).toEqual([ids[1], ids[1]]);
  for (const token of [before, liveBefore.token, after, refreshed.token]) expect(await ask(token)).toBe(200);

  const early = await rotate("--finish");
  expect([early.code, early.stderr]).toEqual([1, expect.stringContaining("Tokens of the old key are good until")]);
  expect(await rotate("--end-old")).toMatchObject({ code: 0, stdout: "Old keys ended: 1.\n" });
  expect(await readKeyIds()).toEqual([ids[1]]);
  expect([await ask(before), await ask(after)]).toEqual([401, 200]);
});

test("mistakes are named", async () => {
  expect(await rotate("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("--end-old") });
  expect((await rotate("--wait", "soon")).stderr).toContain("--wait must be a whole number");
  expect((await rotate("--finish", "--end-old")).stderr).toContain("exclude each other");
});
