/** The documents' own curl lines, run by curl as they stand but for the host and the credentials they leave open. */
import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { call, newAccount, target } from "../support/api";

const run = promisify(execFile);

/** → the body and status of each transfer. A path alone is what the documents write for "this host and that path". */
async function curl(line: string): Promise<{ status: number; body: any }> {
  const words = [...line.replaceAll("\\\n", " ").matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(
    ([, single, double, bare]) => single ?? double ?? bare!,
  );
  const url = (word: string) =>
    word.startsWith("https://api.dottapps.com/")
      ? word.replace("https://api.dottapps.com", target().siteUrl)
      : word.startsWith("/api/")
        ? target().siteUrl + word
        : word;
  // `GET` without -X is one more address to curl, which has no such host; only the last transfer counts.
  const { stdout } = await run("curl", [
    "-s",
    "-w",
    "\n%{http_code}",
    ...words
      .slice(1)
      .filter((word) => word !== "GET")
      .map(url),
  ]);
  const at = stdout.lastIndexOf("\n");
  const text = stdout.slice(0, at);
  return { status: Number(stdout.slice(at + 1)), body: text === "" ? undefined : JSON.parse(text) };
}

test("create, get and delete a session", async () => {
  const email = `test-${randomUUID()}@example.com`;
  const password = "password123";
  expect((await call("POST", "/api/auth/register/", { body: { email, password } })).status).toBe(201);
  const created = await curl(`curl -X POST https://api.dottapps.com/api/auth/login/ \\
  -H "Content-Type: application/json" \\
  -d '{"email":"${email}","password":"${password}"}'`);
  expect(created.status).toBe(200);
  const { session_id, expires_at } = created.body as Record<string, string>;
  expect(Date.parse(expires_at!)).toBeGreaterThan(Date.now());
  const get = `curl https://api.dottapps.com/api/sessions/${session_id}/ \\
  -H "Authorization: SessionID ${session_id}"`;
  expect(await curl(get)).toEqual({
    status: 200,
    body: {
      email,
      tenant_id: expect.any(String) as string,
      needs_onboarding: true,
      onboarding_completed: false,
      permissions: [],
    },
  });
  const deleted = await curl(`curl -X DELETE https://api.dottapps.com/api/sessions/${session_id}/ \\
  -H "Authorization: SessionID ${session_id}"`);
  expect(deleted).toEqual({ status: 204, body: undefined });
  expect((await curl(get)).status).toBe(401);
});

test("list, terminate one, log out everywhere", async () => {
  const { jwt, email, password } = await newAccount();
  const other = await call("POST", "/api/auth/login/", { body: { email, password } });
  expect(other.status).toBe(200);
  const listed = await curl(`curl -H "Authorization: Bearer ${jwt}" \\
     GET /api/v1/auth/users/me/sessions/`);
  expect(listed).toMatchObject({ status: 200, body: { success: true, data: { total_count: 2 } } });
  const { id } = (listed.body.data.sessions as { id: number; is_current: boolean }[]).find(
    (session) => !session.is_current,
  )!;
  const ended = await curl(`curl -H "Authorization: Bearer ${jwt}" \\
     -X DELETE /api/v1/auth/users/me/sessions/${id}/`);
  expect(ended).toMatchObject({
    status: 200,
    body: { success: true, message: "Session terminated successfully", data: { session_id: id } },
  });
  const all = await curl(`curl -H "Authorization: Bearer ${jwt}" \\
     -X DELETE /api/v1/auth/users/me/sessions/`);
  expect(all).toEqual({
    status: 200,
    body: { success: true, message: "All sessions terminated successfully", data: { terminated_count: 1 } },
  });
  expect((await curl(`curl -H "Authorization: Bearer ${jwt}" GET /api/v1/auth/users/me/sessions/`)).status).toBe(401);
});
