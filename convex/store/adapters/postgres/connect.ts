"use node";

import { drizzle } from "drizzle-orm/node-postgres";
import pg from "pg";
import { SECOND_MS } from "../../../lib/time";
import { migrate } from "./migrate";

export type Database = ReturnType<typeof open>["db"];

const CONNECT_TIMEOUT_MS = 5 * SECOND_MS;
/** A statement that takes longer is stuck, most likely on a lock. */
const STATEMENT_TIMEOUT_MS = 8 * SECOND_MS;

function open(url: string) {
  const pool = new pg.Pool({
    connectionString: url,
    max: 4,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: STATEMENT_TIMEOUT_MS,
    // A hosted function may be frozen between calls, and its connections die meanwhile.
    idleTimeoutMillis: 5 * SECOND_MS,
    allowExitOnIdle: true,
  });
  // An idle connection that breaks is replaced by the next query; without a listener it would end the process.
  pool.on("error", () => {});
  return { pool, db: drizzle(pool) };
}

let current: { url: string; pool: pg.Pool; db: Database; migrated: Promise<void> | null } | null = null;

/** The store at `url` (postgres://…), migrated; connections are kept for the calls to come. */
export async function connect(url: string): Promise<Database> {
  if (current?.url !== url) {
    const former = current;
    current = { url, ...open(url), migrated: null };
    void former?.pool.end();
  }
  const store = current;
  store.migrated ??= migrateOnce(store.pool);
  try {
    await store.migrated;
  } catch (error) {
    store.migrated = null;
    throw error;
  }
  return store.db;
}

/** Ends all connections; the next `connect` opens new ones. */
export async function disconnect(): Promise<void> {
  const former = current;
  current = null;
  await former?.pool.end();
}

async function migrateOnce(pool: pg.Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await migrate(client);
    client.release();
  } catch (error) {
    client.release(true);
    throw error;
  }
}
