/** Users with so many sessions that no transaction could read or end them all: nothing fails for them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anyApi, type FunctionReference } from "convex/server";
import { decodeJwt } from "jose";
import { expect, test } from "vitest";
import { insertSessions } from "../../benchmarks/fixture-users";
import { adminClient } from "../../lib/admin";
import { freePorts } from "../../lib/free-ports";
import { startServer, waitFor } from "../../lib/server";
import { call, liveClient, newAccount, type Account } from "../support/api";

const DEVICES = "/api/v1/auth/users/me/sessions/";
const MANY = 1_500;
const SOME = 160;

const accounts = anyApi.accounts as Record<string, Record<string, FunctionReference<any>>>;
const me = accounts.users!.me as FunctionReference<"query">;
const changePassword = accounts.password!.change as FunctionReference<"action">;

test("ending 1,500 sessions is one request and holds at once; 160 end with a new password, or lapse", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "live-sessions-many-"));
  const ports = await freePorts();
  let server = await startServer({ dataDir, ports });
  try {
    const user = () => newAccount({}, server.siteUrl, server.convexUrl);
    const [many, some, lapsed] = [await user(), await user(), await user()];
    const userId = ({ jwt }: Account) => decodeJwt(jwt).sub!.split("|")[0]!;
    const { siteUrl } = server;
    const { email, password } = many;
    const login = await call("POST", "/api/auth/login/", { body: { email, password }, siteUrl });
    const other = `SessionID ${login.body.session_id as string}`;
    const { body: token } = await call("POST", "/api/auth/token/", { auth: other, body: {}, siteUrl });
    await server.kill("SIGTERM");
    await insertSessions(join(dataDir, "deployment"), { userId: userId(many), count: MANY });
    await insertSessions(join(dataDir, "deployment"), { userId: userId(some), count: SOME });
    await insertSessions(join(dataDir, "deployment"), { userId: userId(lapsed), count: SOME, expiresAt: Date.now() });
    server = await startServer({ dataDir, ports });

    const list = (account: Account) => call("GET", DEVICES, { auth: account.session, siteUrl });
    const listed = (await list(many)).body.data;
    expect(listed.total_count).toBe(MANY + 2);
    expect(listed.sessions).toHaveLength(1_000);
    expect(listed.sessions[0].is_current).toBe(true);
    const there = liveClient(token.access as string, server.convexUrl);
    const failures: (Error & { data?: unknown })[] = [];
    const seen: unknown[] = [];
    there.onUpdate(
      me,
      {},
      (value) => seen.push(value),
      (error) => failures.push(error),
    );
    try {
      await waitFor(() => seen.length > 0, 20_000);
      const ended = await call("DELETE", `${DEVICES}?exclude_current=true`, { auth: many.session, siteUrl });
      expect(ended.body.data).toEqual({ terminated_count: MANY + 1 });
      expect((await call("GET", DEVICES, { auth: other, siteUrl })).status).toBe(401);
      expect((await list(many)).body.data.total_count).toBe(1);
      await waitFor(() => failures.length > 0, 20_000);
      expect(failures[0]!.data).toMatchObject({ code: "SESSION_REVOKED", reason: "ended_by_user" });
    } finally {
      await there.close();
    }

    const others = (await list(some)).body.data;
    expect(others.total_count).toBe(SOME + 1);
    expect(others.sessions[0].is_current).toBe(true);
    const change = { currentPassword: some.password, newPassword: "another horse battery" };
    expect(await some.http.action(changePassword, change)).toEqual({ endedCount: SOME });
    expect((await list(some)).body.data.total_count).toBe(1);

    const admin = adminClient(server.convexUrl, server.adminKey);
    await admin.run("accounts/sweep:endLapsed", {});
    const activities = async () => {
      const paginationOpts = { numItems: 100, cursor: null };
      const rows = { table: "accountSessionActivity", order: "asc", paginationOpts };
      return (await admin.run<{ page: unknown[] }>("_system/cli/tableData", rows)).page.length;
    };
    // One of each user, whose own session goes on.
    await waitFor(async () => (await activities()) === 3, 60_000);
    await admin.run("accounts/sweep:deleteOld", {});
    for (const { session } of [many, some, lapsed])
      expect((await call("GET", DEVICES, { auth: session, siteUrl })).body.data.total_count).toBe(1);
  } finally {
    await server.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
});
