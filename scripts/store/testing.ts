/** Helpers that the store's tests share: a database to test against, and payloads. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { CompletePayload, RegisterPayload } from "../../convex/store/payload";
import { startStore } from "./start";
import { type Xp } from "../../convex/xp/amounts";

export interface TestDatabase {
  name: string;
  url: string;
  close(): Promise<void>;
}

/**
 * The embedded store always, and a real PostgreSQL when `TEST_POSTGRES_URL` names one whose user may create databases.
 */
export const databases: { name: string; open: () => Promise<TestDatabase> }[] = [
  { name: "embedded store", open: openEmbedded },
  ...(process.env.TEST_POSTGRES_URL
    ? [{ name: "PostgreSQL", open: () => openPostgres(process.env.TEST_POSTGRES_URL!) }]
    : []),
];

async function openEmbedded(): Promise<TestDatabase> {
  const dataDir = mkdtempSync(join(tmpdir(), "store-"));
  const store = await startStore({ dataDir, port: 0 });
  return {
    name: "embedded store",
    url: store.url,
    async close() {
      await store.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

async function openPostgres(url: string): Promise<TestDatabase> {
  const name = `store_test_${process.pid}_${Math.floor(Math.random() * 1e9)}`;
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return {
    name: "PostgreSQL",
    url: own.toString(),
    async close() {
      await admin.query(`DROP DATABASE ${name} WITH (FORCE)`);
      await admin.end();
    },
  };
}

export const USERS = ["a1111111-1111-4111-8111-111111111111", "b2222222-2222-4222-8222-222222222222"] as const;
const GOAL = "c3333333-3333-4333-8333-333333333333";
const ACTIVITY = "d4444444-4444-4444-8444-444444444444";
export const STARTED_AT = Date.UTC(2026, 4, 1, 10);

export const NO_XP: Xp = { physique: 0, energy: 0, logic: 0, creativity: 0, social: 0 };

export function register(sessionId: string, overrides: Partial<RegisterPayload> = {}): RegisterPayload {
  return {
    kind: "register",
    sessionId,
    userId: USERS[0],
    goal: {
      id: GOAL,
      title: "Learn to paint",
      emoji: "🎨",
      category: { name: "Art", color: "#aa3355" },
      status: "active",
      daysTotal: 30,
      daysCompleted: 2,
    },
    activity: { id: ACTIVITY, name: "Sketching", emoji: "✏️", category: "Drawing", color: "#3355aa" },
    startedAt: STARTED_AT,
    devicePlatform: "web",
    ...overrides,
  };
}

export function complete(sessionId: string, overrides: Partial<CompletePayload> = {}): CompletePayload {
  return {
    ...register(sessionId),
    kind: "complete",
    endedAt: STARTED_AT + 3_600_000,
    totalDurationSeconds: 3_600,
    focusedDurationSeconds: 3_200,
    // The example of the focus document: 3200 s at 5.0, 1.0, 0, 2.5, 0.25 XP/s.
    xp: { physique: 16_000, energy: 3_200, logic: 0, creativity: 8_000, social: 800 },
    completedReason: "manual",
    ...overrides,
  };
}
