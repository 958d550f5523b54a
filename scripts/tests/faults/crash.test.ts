/** `kill -9` of everything in the middle of its work: whatever was answered is there afterwards, exactly once. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, test } from "vitest";
import { freePorts } from "../../lib/free-ports";
import { startServer, waitFor } from "../../lib/server";
import { newAccount } from "../support/api";
import { dueSessions } from "../support/tutoring-clock";
import { createGoal, focusFunction, focusOwner, reportCompletion } from "../support/focus";

const WRITERS = 6;
const ENOUGH_ANSWERS = 150;

test("a kill -9 under load loses no answered write and counts none twice, and what fell due meanwhile happens once", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "live-sessions-crash-"));
  const ports = await freePorts();
  const start = () => startServer({ dataDir, ports, env: { TUTORING_AUTO_APPROVE: "true" } });
  let server = await start();
  try {
    const owner = await focusOwner(await newAccount({}, server.siteUrl, server.convexUrl));
    const due = await dueSessions(server);
    const goals = new Map<string, string>();
    const answered = new Map<string, number>();
    const asked = new Map<string, number>();
    let dead = false;
    const untilDead = async (write: () => Promise<void>) => {
      while (!dead) {
        try {
          await write();
        } catch (error) {
          if (!dead) throw error;
        }
      }
    };
    const writers = Array.from({ length: WRITERS }, () => [
      untilDead(async () => {
        const title = `Goal ${randomUUID()}`;
        goals.set(await createGoal(owner.account, title), title);
      }),
      untilDead(async () => {
        const sessionId = randomUUID().replaceAll("-", "");
        const xpTotal = 1 + asked.size;
        asked.set(sessionId, xpTotal);
        if ((await reportCompletion(owner, sessionId, xpTotal, server)) === 200) answered.set(sessionId, xpTotal);
      }),
    ]).flat();
    await waitFor(() => goals.size >= ENOUGH_ANSWERS && answered.size >= ENOUGH_ANSWERS, 60_000);
    await due.offer();
    dead = true;
    await server.kill("SIGKILL");
    await Promise.all(writers);

    await due.passed();
    server = await start();
    const { http } = owner.account;
    for (const [goalId, title] of goals)
      expect(await http.query(focusFunction("goals", "get"), { goalId })).toMatchObject({ title });

    await due.expectOnce(server);

    // The store follows: every answered session stands there, once, and the totals are those of the ledger.
    const { xpTotal } = (await http.query(focusFunction("progress", "mine"), {})) as { xpTotal: number };
    const store = new pg.Pool({ connectionString: server.storeUrl, max: 1 });
    try {
      const ledger = async () =>
        (await store.query("select session_id, xp_total from xp_ledger where user_id = $1", [owner.userId])).rows as {
          session_id: string;
          xp_total: string;
        }[];
      await waitFor(
        async () => (await ledger()).reduce((sum, row) => sum + Number(row.xp_total), 0) === xpTotal,
        90_000,
      );
      const rows = new Map((await ledger()).map((row) => [row.session_id, Number(row.xp_total)]));
      for (const [sessionId, xp] of answered) expect(rows.get(sessionId), sessionId).toBe(xp);
      // What was never answered may have been written; nothing else may.
      for (const [sessionId, xp] of rows) expect(asked.get(sessionId), sessionId).toBe(xp);
      const level = await store.query("select xp_total from life_levels where user_id = $1", [owner.userId]);
      expect(Number(level.rows[0].xp_total)).toBe(xpTotal);
      const sessions = await store.query(
        "select count(*) as count from sessions where user_id = $1 and status = 'completed'",
        [owner.userId],
      );
      expect(Number(sessions.rows[0].count)).toBe(rows.size);
      const again = await reportCompletion(owner, [...answered.keys()][0]!, [...answered.values()][0]!, server);
      expect(again).toBe(200);
      expect(await http.query(focusFunction("progress", "mine"), {})).toMatchObject({ xpTotal });
    } finally {
      await store.end();
    }
  } finally {
    await server.kill("SIGKILL");
    rmSync(dataDir, { recursive: true, force: true });
  }
});
