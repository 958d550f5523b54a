/**
 * Clients that leave while they wait for their sign-in: their passwords are not hashed, so that nobody waits for those.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { startServer, type Server } from "../../lib/server";
import { call, newAccount } from "../support/api";

const LEFT = 25;

let server: Server;

beforeAll(async () => {
  server = await startServer({ env: { PASSWORD_HASH_PASSES: "5" } });
});
afterAll(() => server?.stop());

/** Every sign-in that fails has had a password hashed, and is in the log. */
async function failedSignIns(): Promise<number> {
  const { page } = await adminClient(server.convexUrl, server.adminKey).run<{ page: { action: string }[] }>(
    "_system/cli/tableData",
    {
      table: "auditEntries",
      order: "desc",
      paginationOpts: { numItems: 100, cursor: null },
    },
  );
  return page.filter(({ action }) => action === "sign_in_failed").length;
}

test("a sign-in does not wait behind those whose clients have left", async () => {
  const { siteUrl, convexUrl } = server;
  const { email, password } = await newAccount({}, siteUrl, convexUrl);
  const leave = AbortSignal.timeout(200);
  const left = Array.from({ length: LEFT }, (_, i) =>
    fetch(`${siteUrl}/api/auth/login/`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ email: `nobody${i}@example.com`, password: "wrong password" }),
      signal: leave,
    }).catch(() => null),
  );
  expect((await Promise.all(left)).filter((answer) => answer === null).length).toBeGreaterThan(LEFT / 2);
  const login = await call("POST", "/api/auth/login/", { body: { email, password }, siteUrl });
  expect(login.status).toBe(200);
  // A few were under way when their clients left, and one may have begun for a client which left a moment later.
  expect(await failedSignIns()).toBeLessThanOrEqual(5);
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  expect(await failedSignIns()).toBeLessThanOrEqual(5);
});
