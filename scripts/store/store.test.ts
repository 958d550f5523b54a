import { execFile, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadlineMs } from "../lib/deadlines";
import { canHaveSmallDisks, onSmallDisk } from "../lib/folders/small-disk.testing";
import { startStore, type RunningStore } from "./start";

const folders: string[] = [];
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "store-"));
  folders.push(folder);
  return folder;
};
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const connect = async (url: string): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: url });
  // A server that is killed in a test also ends its clients.
  client.on("error", () => {});
  await client.connect();
  return client;
};

const waitFor = async <T>(attempt: () => Promise<T>): Promise<T> => {
  for (const deadline = Date.now() + deadlineMs(30_000); ;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
};

describe("one server, many clients", () => {
  let store: RunningStore;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = newFolder();
    store = await startStore({ dataDir, port: 0 });
    const client = await connect(store.url);
    await client.query("CREATE TABLE counters (name text PRIMARY KEY, value int NOT NULL)");
    await client.end();
  });
  afterAll(() => store.close());

  test("transactions of many connections never mix", async () => {
    const pool = new pg.Pool({ connectionString: store.url, max: 12 });
    await pool.query("INSERT INTO counters VALUES ('shared', 0)");
    const addOne = async () => {
      const client = await pool.connect();
      await client.query("BEGIN");
      const { rows } = await client.query<{ value: number }>("SELECT value FROM counters WHERE name = $1", ["shared"]);
      await new Promise((resolve) => setTimeout(resolve, 1));
      await client.query("UPDATE counters SET value = $1 WHERE name = 'shared'", [(rows[0]?.value ?? 0) + 1]);
      await client.query("COMMIT");
      client.release();
    };
    await Promise.all(Array.from({ length: 60 }, addOne));
    const { rows } = await pool.query("SELECT value FROM counters WHERE name = 'shared'");
    expect(rows).toEqual([{ value: 60 }]);
    await pool.end();
  });

  test("concurrent single statements each get their own answer", async () => {
    const pool = new pg.Pool({ connectionString: store.url, max: 10 });
    const answers = await Promise.all(
      Array.from(
        { length: 200 },
        async (_, i) => (await pool.query<{ n: number }>("SELECT $1::int AS n", [i])).rows[0]?.n,
      ),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, (_, i) => i));
    await pool.end();
  });

  test("equal names of prepared statements on two connections are two statements", async () => {
    const [one, two] = [await connect(store.url), await connect(store.url)];
    const run = async (client: pg.Client, text: string) =>
      (await client.query<{ n: number }>({ name: "same", text })).rows[0]?.n;
    expect(await run(one, "SELECT 1 AS n")).toBe(1);
    expect(await run(two, "SELECT 2 AS n")).toBe(2);
    expect(await run(one, "SELECT 1 AS n")).toBe(1);
    await one.end();
    const { rows } = await two.query("SELECT count(*)::int AS open FROM pg_prepared_statements");
    expect(rows).toEqual([{ open: 1 }]);
    await two.end();
  });

  test("an error leaves the connection usable and others undisturbed", async () => {
    const [one, two] = [await connect(store.url), await connect(store.url)];
    await expect(one.query("SELECT 1 / $1::int", [0])).rejects.toMatchObject({ code: "22012" });
    await expect(one.query("SELEC")).rejects.toMatchObject({ code: "42601" });
    await one.query("BEGIN");
    await expect(one.query("SELECT 1 / 0")).rejects.toMatchObject({ code: "22012" });
    const waiting = two.query("SELECT 7 AS n");
    await expect(one.query("SELECT 1")).rejects.toMatchObject({ code: "25P02" });
    await one.query("ROLLBACK");
    expect((await waiting).rows).toEqual([{ n: 7 }]);
    expect((await one.query("SELECT 8 AS n")).rows).toEqual([{ n: 8 }]);
    await Promise.all([one.end(), two.end()]);
  });

  test("a client that vanishes in a transaction is rolled back and blocks nobody", async () => {
    const one = await connect(store.url);
    await one.query("BEGIN");
    await one.query("INSERT INTO counters VALUES ('vanished', 1)");
    (one as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
    const two = await connect(store.url);
    expect((await two.query("SELECT * FROM counters WHERE name = 'vanished'")).rows).toEqual([]);
    await two.end();
  });

  test("what one backend cannot do is refused, not mixed up", async () => {
    const [one, two] = [await connect(store.url), await connect(store.url)];
    await expect(one.query("COPY counters FROM STDIN")).rejects.toMatchObject({ code: "0A000" });
    const wire = (one as unknown as { connection: { parse(q: object): void; bind(q: object): void; sync(): void } })
      .connection;
    await one.query("SELECT $1::int", [1]);
    await two.query("SELECT $1::int + 1", [1]);
    const refused = new Promise((resolve) => one.once("error", resolve));
    wire.bind({ portal: "", statement: "", values: ["1"], binary: false, valueMapper: String });
    wire.sync();
    expect(await refused).toMatchObject({ code: "26000" });
    expect((await two.query("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
    await Promise.all([one.end(), two.end()]);
  });

  test("large parameters and results arrive whole", async () => {
    const client = await connect(store.url);
    const text = "0123456789".repeat(300_000);
    const { rows } = await client.query<{ t: string }>("SELECT $1::text AS t", [text]);
    expect(rows[0]?.t === text).toBe(true);
    expect((await client.query("SELECT generate_series(1, 50000)")).rowCount).toBe(50_000);
    await client.end();
  });

  test("a second store on the same folder or port is refused in one line", async () => {
    await expect(startStore({ dataDir, port: 0 })).rejects.toThrow(/^The data folder .* is in use by process \d+\.$/);
    await expect(startStore({ dataDir: newFolder(), port: store.port })).rejects.toThrow(
      `Port ${store.port} is in use: set STORE_PORT to a free one.`,
    );
    await expect(startStore({ dataDir: newFolder(), port: 0, host: "0.0.0.0" })).rejects.toThrow(/loopback only/);
    await expect(startStore({ dataDir: "/dev/null/store", port: 0 })).rejects.toThrow(/cannot be used/);
  });
});

test("a start says what it is doing, and again only opens what it has made", async () => {
  const dataDir = newFolder();
  const starts: string[][] = [];
  for (const doing of [(starts[0] ??= []), (starts[1] ??= [])])
    await (await startStore({ dataDir, port: 0, onProgress: (text) => doing.push(text) })).close();
  expect(starts).toEqual([["making a new database", "opening the database"], ["opening the database"]]);
});

test.runIf(canHaveSmallDisks())("a full disk at the first start is one line, and nothing of the database stays", () => {
  const disk = newFolder();
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const shell = `"$0" --import tsx "${main}" --data-dir "${disk}/store" --port 0; ls "${disk}/store"`;
  const [file, ...args] = onSmallDisk(disk, "12m", "sh", "-c", shell, process.execPath);
  const { stdout, stderr } = spawnSync(file, args, { encoding: "utf8" });
  expect(stderr).toBe(`The store's data folder ${disk}/store cannot be opened: the disk is full.\n`);
  expect(stdout).not.toMatch(/^cluster$/m);
});

test("every answered commit outlives kill -9, and the store comes back by itself", async () => {
  const store = await startStore({ dataDir: newFolder(), port: 0, log: () => {} });
  const setUp = await connect(store.url);
  await setUp.query("CREATE TABLE written (n int PRIMARY KEY)");
  await setUp.end();
  const answered: number[] = [];
  let next = 0;
  for (let round = 0; round < 3; round++) {
    const client = await waitFor(() => connect(store.url));
    const pid = store.pid!;
    const enough = answered.length + 15;
    try {
      for (;;) {
        const n = next++;
        await client.query("INSERT INTO written VALUES ($1)", [n]);
        // Somewhere in what comes next.
        if (answered.push(n) === enough) setTimeout(() => process.kill(pid, "SIGKILL"), round * 7);
      }
    } catch {
      // It has been killed.
    }
  }
  const client = await waitFor(() => connect(store.url));
  const { rows } = await client.query<{ n: number }>("SELECT n FROM written");
  const stored = new Set(rows.map(({ n }) => n));
  expect(answered.filter((n) => !stored.has(n))).toEqual([]);
  await client.end();
  await store.close();
});

test("a connection idle in a transaction is cut off", async () => {
  const { serveStore } = await import("./server");
  const server = await serveStore({ dataDir: newFolder(), port: 0, idleInTransactionMs: 100 }, (error) => {
    throw error;
  });
  const url = `postgresql://postgres@127.0.0.1:${server.port}/postgres`;
  const idle = await connect(url);
  const ended = new Promise((resolve) => idle.once("error", resolve));
  await idle.query("BEGIN");
  const other = await connect(url);
  expect((await other.query("SELECT 1 AS n")).rows).toEqual([{ n: 1 }]);
  expect(await ended).toMatchObject({ code: "25P03" });
  await other.end();
  await server.close();
});

test("the command explains itself and refuses a port in use with one line", async () => {
  const run = promisify(execFile);
  const command = ["--import", "tsx", fileURLToPath(new URL("./main.ts", import.meta.url))];
  expect((await run(process.execPath, [...command, "--help"])).stdout).toContain("--data-dir <folder>");
  const taken = createServer();
  const port = await new Promise<number>((resolve) =>
    taken.listen(0, "127.0.0.1", () => resolve((taken.address() as { port: number }).port)),
  );
  const failed = await run(process.execPath, [...command, "--port", String(port), "--data-dir", newFolder()]).catch(
    (error: { code: number; stderr: string }) => error,
  );
  expect(failed).toMatchObject({
    code: 1,
    stderr: `Port ${port} is in use: set STORE_PORT to a free one.\n`,
  });
  taken.close();
});
