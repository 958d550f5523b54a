/** The permanent store is away for a while: focus goes on, what it missed waits, and arrives once when it is back. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anyApi, type FunctionReference } from "convex/server";
import pg from "pg";
import { expect, test } from "vitest";
import { adminClient } from "../../lib/admin";
import { freePorts } from "../../lib/free-ports";
import { startServer, waitFor } from "../../lib/server";
import { startStore, type RunningStore } from "../../store/start";
import { newAccount } from "../support/api";
import { focusFunction, focusOwner, reportCompletion } from "../support/focus";

interface Status {
  depth: number;
  failed: unknown[];
  outage: { error: string } | null;
}

test("sessions go on without the store, and stand in it once it is there", async () => {
  const { store: port } = await freePorts();
  const storeUrl = `postgres://postgres@127.0.0.1:${port}/postgres`;
  const server = await startServer({ env: { PERMANENT_STORE_URL: storeUrl } });
  const storeDir = mkdtempSync(join(tmpdir(), "live-sessions-store-"));
  let store: RunningStore | undefined;
  const pool = new pg.Pool({ connectionString: storeUrl, max: 1 });
  try {
    const account = await newAccount({}, server.siteUrl, server.convexUrl);
    const owner = await focusOwner(account);
    await adminClient(server.convexUrl, server.adminKey).run("accounts/users:grantPermission", {
      email: account.email,
      permission: "view_operations",
    });
    const status = () =>
      account.http.query((anyApi.store as any).outbox.status as FunctionReference<"query">, {}) as Promise<Status>;

    const live = (await account.http.mutation(focusFunction("sessions", "start"), {
      goalId: owner.goalId,
      activityId: owner.activityId,
    })) as string;
    await account.http.mutation(focusFunction("sessions", "complete"), { sessionId: live });
    expect(await reportCompletion(owner, "reportedwhiledown", 1_234, server)).toBe(200);
    expect(await account.http.query(focusFunction("progress", "mine"), {})).toMatchObject({
      xpTotal: expect.any(Number),
    });
    await waitFor(async () => (await status()).outage !== null, 30_000);
    const card = await fetch(`${server.siteUrl}/api/business-cards?token=any`);
    expect([card.status, await card.json()]).toEqual([
      500,
      { error: "Failed to fetch business card", code: "INTERNAL_ERROR" },
    ]);
    await waitFor(() => server.output().includes(`request ${card.headers.get("x-request-id")} failed`), 10_000);
    expect((await status()).depth).toBeGreaterThanOrEqual(2);

    store = await startStore({ dataDir: storeDir, port });
    await waitFor(async () => (await status()).depth === 0, 90_000);
    expect(await status()).toMatchObject({ depth: 0, failed: [], outage: null });
    const { rows } = await pool.query(
      "select session_id, xp_total from xp_ledger where user_id = $1 order by xp_total",
      [owner.userId],
    );
    expect(rows.map((row) => row.session_id as string).sort()).toEqual([live, "reportedwhiledown"].sort());
    const { xpTotal } = (await account.http.query(focusFunction("progress", "mine"), {})) as { xpTotal: number };
    expect(rows.reduce((sum, row) => sum + Number(row.xp_total), 0)).toBe(xpTotal);
  } finally {
    await pool.end();
    await server.stop();
    await store?.close();
    rmSync(storeDir, { recursive: true, force: true });
  }
});
