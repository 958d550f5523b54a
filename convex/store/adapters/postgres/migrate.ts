import { migrations, type Migration } from "./migrations";

/** A connection, such as a `pg` client: all statements must go to the same one. */
export type Connection = {
  query(text: string, values?: unknown[]): Promise<{ rows: Record<string, unknown>[] }>;
};

/** "STOR", so that no other program's advisory lock is in the way. */
const LOCK = 0x53544f52;

/**
 * Brings the database to the newest schema; does nothing when it is there. Safe under any number of starters: one
 * applies the migrations in one transaction while the others wait, then find them applied.
 * Throws when the database was migrated by a newer version that this one does not know.
 */
export async function migrate(connection: Connection, known: readonly Migration[] = migrations): Promise<void> {
  if (listMissing(await listApplied(connection), known).length === 0) return;
  await connection.query("BEGIN");
  try {
    await connection.query("SELECT pg_advisory_xact_lock($1)", [LOCK]);
    await connection.query(
      `CREATE TABLE IF NOT EXISTS store_migrations (
         name text PRIMARY KEY,
         applied_at timestamptz NOT NULL DEFAULT now()
       )`,
    );
    for (const { name, statements } of listMissing(await listApplied(connection), known)) {
      for (const statement of statements) await connection.query(statement);
      await connection.query("INSERT INTO store_migrations (name) VALUES ($1)", [name]);
    }
    await connection.query("COMMIT");
  } catch (error) {
    await connection.query("ROLLBACK");
    throw error;
  }
}

async function listApplied(connection: Connection): Promise<Set<string>> {
  const table = await connection.query("SELECT to_regclass('store_migrations') AS name");
  if (table.rows[0]?.name == null) return new Set();
  const { rows } = await connection.query("SELECT name FROM store_migrations");
  return new Set(rows.map(({ name }) => String(name)));
}

function listMissing(done: Set<string>, known: readonly Migration[]): Migration[] {
  const names = new Set(known.map(({ name }) => name));
  const unknown = [...done].filter((name) => !names.has(name));
  if (unknown.length > 0)
    throw new Error(`The permanent store has migrations this version does not know: ${unknown.join(", ")}.`);
  return known.filter(({ name }) => !done.has(name));
}
