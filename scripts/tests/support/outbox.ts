/** Entries of the outbox that the permanent store has refused for good. */
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Server } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { cliEnvironment } from "../../lib/start/push";
import type { FocusOwner } from "./focus";

/**
 * Entries as ten refusals leave them behind, one for each session, put in with the CLI: letting one fail by itself
 * takes an hour of backoff.
 */
export async function importFailedEntries(server: Server, owner: FocusOwner, sessionIds: string[]): Promise<void> {
  const now = Date.now();
  const rows = sessionIds.map((sessionId, index) => ({
    sequence: now + index,
    sessionId,
    payload: completionOf(owner, sessionId, now),
    attempts: 10,
    lastError: "value too long for type character varying(10)",
    state: { kind: "failed", failedAt: now, cause: "rejected" },
  }));
  const folder = mkdtempSync(join(tmpdir(), "live-sessions-import-"));
  try {
    const file = join(folder, "rows.jsonl");
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    const cli = join(PROJECT_DIR, "node_modules/convex/bin/main.js");
    await promisify(execFile)(process.execPath, [cli, "import", "--table", "storeOutbox", "--append", "--yes", file], {
      cwd: PROJECT_DIR,
      env: cliEnvironment(server.convexUrl, server.adminKey),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const completionOf = (owner: FocusOwner, sessionId: string, now: number) => ({
  kind: "complete",
  sessionId,
  userId: owner.userId,
  goal: {
    id: owner.goalId,
    title: "Draw",
    emoji: "🎨",
    category: { name: "Drawing", color: "#4187a2" },
    status: "active",
    daysTotal: 30,
    daysCompleted: 1,
  },
  activity: { id: owner.activityId, name: "Drawing", emoji: "🎨", category: "Drawing", color: "#4187a2" },
  startedAt: now - 60_000,
  devicePlatform: "web",
  endedAt: now,
  totalDurationSeconds: 60,
  focusedDurationSeconds: 60,
  xp: { physique: 0, energy: 0, logic: 0, creativity: 300, social: 0 },
  completedReason: "manual",
});
