/** Rows of the permanent store, as lines of JSON: a table's name, then one row a line, with the values as text. */
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";
import { createInterface } from "node:readline";
import pg from "pg";
import { migrate } from "../../../convex/store/adapters/postgres/migrate";

const PAGE_ROWS = 1_000;
const LOCK_WITHIN_MS = 30_000;
/** The table of the schema's own migrations: each database makes its own. */
const NOT_COPIED = "store_migrations";

/**
 * Writes all rows to `file` as of one moment, and runs `meanwhile` while nothing can be written: what a live store says
 * it has delivered at that time is in the file, and what is not in it still waits there.
 *
 * @returns how many rows each table has
 */
export async function dumpStore(
  url: string,
  file: string,
  meanwhile: () => Promise<void>,
): Promise<Record<string, number>> {
  return await connected(url, async (client) => {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    await client.query(`SET LOCAL lock_timeout = ${LOCK_WITHIN_MS}`);
    const tables = await listTables(client);
    if (tables.length > 0) await client.query(`LOCK TABLE ${tables.map(quote).join(", ")} IN SHARE MODE`);
    await meanwhile();
    const counts = await writeRows(client, tables, file);
    await client.query("COMMIT");
    return counts;
  });
}

async function connected<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // A connection that breaks makes the query at hand fail, which says so.
  client.on("error", () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function listTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ table_name: string }>(
    `SELECT table_name FROM information_schema.tables
     WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY table_name`,
  );
  return rows.map(({ table_name: name }) => name).filter((name) => name !== NOT_COPIED);
}

const quote = (name: string): string => `"${name.replaceAll('"', '""')}"`;

async function writeRows(client: pg.Client, tables: string[], file: string): Promise<Record<string, number>> {
  const out = createWriteStream(file, { mode: 0o600 });
  const counts: Record<string, number> = {};
  for (const table of tables) {
    out.write(`${JSON.stringify({ table })}\n`);
    counts[table] = 0;
    await client.query(`DECLARE rows CURSOR FOR SELECT row_to_json(t)::text AS row FROM ${quote(table)} t`);
    for (;;) {
      const { rows } = await client.query<{ row: string }>(`FETCH ${PAGE_ROWS} FROM rows`);
      if (rows.length === 0) break;
      counts[table] += rows.length;
      // One string a page, so that a slow disk holds the reading back.
      if (!out.write(rows.map(({ row }) => `${row}\n`).join(""))) await once(out, "drain");
    }
    await client.query("CLOSE rows");
  }
  out.end();
  await once(out, "close");
  return counts;
}

/** Fills the empty store at `url`, in one transaction. @returns how many rows each table got */
export async function loadStore(url: string, file: string): Promise<Record<string, number>> {
  return await connected(url, async (client) => {
    await migrate(client);
    const counts: Record<string, number> = {};
    await client.query("BEGIN");
    // Tables come in the order of their names, whatever refers to what; the rows fitted together where they come from.
    await client.query("SET LOCAL session_replication_role = replica");
    const known = new Set(await listTables(client));
    let table: string | undefined;
    let page: string[] = [];
    const flush = async (): Promise<void> => {
      if (table !== undefined && page.length > 0)
        counts[table] = (counts[table] ?? 0) + (await insert(client, table, page));
      page = [];
    };
    for await (const line of createInterface({ input: createReadStream(file, "utf8"), crlfDelay: Infinity })) {
      const named = /^\{"table":"([^"]+)"\}$/.exec(line)?.[1];
      if (named !== undefined || page.length === PAGE_ROWS) await flush();
      if (named === undefined) page.push(line);
      else {
        if (!known.has(named)) throw new Error(`The backup has a table that this release does not know: ${named}.`);
        counts[(table = named)] = 0;
      }
    }
    await flush();
    await client.query("COMMIT");
    return counts;
  });
}

async function insert(client: pg.Client, table: string, rows: string[]): Promise<number> {
  const { rows: columns } = await client.query<{ column_name: string }>(
    `SELECT column_name FROM information_schema.columns
     WHERE table_schema = current_schema() AND table_name = $1 AND is_generated = 'NEVER' ORDER BY ordinal_position`,
    [table],
  );
  const names = columns.map(({ column_name: name }) => quote(name)).join(", ");
  const { rowCount } = await client.query(
    `INSERT INTO ${quote(table)} (${names}) SELECT ${names} FROM json_populate_recordset(null::${quote(table)}, $1::json)`,
    [`[${rows.join(",")}]`],
  );
  return rowCount ?? 0;
}
