/** `npm run backup` while sessions are written, and `npm run restore` of it: both stores are as of one moment. */
import { execFile } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { afterAll, expect, test } from "vitest";
import { startServer, waitFor, type Server } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { newAccount } from "../support/api";
import { focusFunction, focusOwner, reportCompletion } from "../support/focus";
import { rawCall } from "../support/raw";

const folder = mkdtempSync(join(tmpdir(), "live-sessions-backup-"));
const running: Server[] = [];
afterAll(async () => {
  for (const server of running) await server.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

const run = (script: string, args: string[], server?: Server): Promise<Ended> =>
  promisify(execFile)(process.execPath, [join(PROJECT_DIR, "node_modules/tsx/dist/cli.mjs"), script, ...args], {
    cwd: PROJECT_DIR,
    env: {
      ...process.env,
      ...(server && { CONVEX_SELF_HOSTED_URL: server.convexUrl, CONVEX_SELF_HOSTED_ADMIN_KEY: server.adminKey }),
    },
  }).then(
    (said) => ({ code: 0, ...said }),
    (failed: Ended) => failed,
  );
const backup = (server: Server, ...args: string[]) => run("scripts/backup.ts", args, server);
const restore = (...args: string[]) => run("scripts/restore.ts", args);

test("a backup under writes is restored as one moment of both stores", async () => {
  const dataDir = join(folder, "data");
  const server = await startServer({ dataDir });
  running.push(server);
  const account = await newAccount({}, server.siteUrl, server.convexUrl);
  const owner = await focusOwner(account);
  const before = ["before0", "before1"];
  for (const id of before) expect(await reportCompletion(owner, id, 1_000, server)).toBe(200);

  let goesOn = true;
  const written: string[] = [];
  const writing = (async () => {
    for (let n = 0; goesOn; n++) {
      expect(await reportCompletion(owner, `during${n}`, 1_000, server)).toBe(200);
      written.push(`during${n}`);
      // The slower the machine, the longer the backup: all that is written meanwhile has to be delivered afterwards.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  const target = join(folder, "backup");
  const saved = await backup(server, target);
  goesOn = false;
  await writing;
  expect([saved.code, saved.stderr]).toEqual([0, ""]);
  expect(written.length).toBeGreaterThan(1);
  expect(readdirSync(target).sort()).toEqual(["backup.json", "live.zip", "settings.json", "store.jsonl"]);

  // A folder that is in use or not empty is left alone.
  expect((await backup(server, target)).stderr).toContain("is not empty");
  expect((await restore(target, "--data-dir", dataDir)).stderr).toContain("is in use by process");
  const other = join(folder, "other");
  mkdirSync(other);
  writeFileSync(join(other, "letter.txt"), "dear");
  expect((await restore(target, "--data-dir", other)).stderr).toContain("is not empty");
  expect(readdirSync(other)).toEqual(["letter.txt"]);

  const restored = join(folder, "restored");
  const made = await restore(target, "--data-dir", restored);
  expect([made.code, made.stderr], made.stdout).toEqual([0, ""]);
  await server.kill("SIGTERM");
  const again = await startServer({ dataDir: restored });
  running.push(again);

  // The same credentials, and the same sessions in both stores: all from before, then some of those meanwhile, in
  // order.
  const authorization = { Authorization: account.session };
  const read = (path: string) => rawCall("GET", path, { siteUrl: again.siteUrl, headers: authorization });
  expect((await read("/api/sessions/current/")).body).toMatchObject({ email: account.email });
  // A session that ends starts the delivery, which would else begin within a minute.
  expect(await reportCompletion(owner, "after", 1_000, again), again.output()).toBe(200);
  const health = async () => (await read("/api/health/")).body as { checks: { store: { outbox_depth: number } } };
  // The store gives way to everything else on the machine.
  await waitFor(async () => (await health()).checks.store.outbox_depth === 0, 180_000);
  const pool = new pg.Pool({ connectionString: again.storeUrl, max: 1 });
  const ledger = await pool.query<{ session_id: string }>("SELECT session_id FROM xp_ledger WHERE user_id = $1", [
    owner.userId,
  ]);
  const level = await pool.query<{ xp_total: string }>("SELECT xp_total FROM life_levels WHERE user_id = $1", [
    owner.userId,
  ]);
  await pool.end();
  const stored = ledger.rows.map(({ session_id: id }) => id);
  const meanwhile = stored.filter((id) => id.startsWith("during")).length;
  expect([...stored].sort()).toEqual([...before, ...written.slice(0, meanwhile), "after"].sort());
  expect(Number(level.rows[0]?.xp_total)).toBe(stored.length * 1_000);
  const client = await newAccount({}, again.siteUrl, again.convexUrl);
  expect(client.email).not.toBe(account.email);
  account.http.clearAuth();
  const { access } = (
    await rawCall("POST", "/api/auth/token/", {
      siteUrl: again.siteUrl,
      headers: { ...authorization, "Content-Type": "application/json" },
      body: "{}",
    })
  ).body as { access: string };
  client.http.setAuth(access);
  expect(await client.http.query(focusFunction("progress", "mine"), {})).toMatchObject({
    xpTotal: stored.length * 1_000,
  });
});

test("what is no whole backup is refused, and leaves nothing behind", async () => {
  const target = join(folder, "backup");
  const made = join(folder, "made");
  expect((await restore(join(folder, "nowhere"), "--data-dir", made)).stderr).toContain("is no backup");
  appendFileSync(join(target, "store.jsonl"), "\n");
  expect((await restore(target, "--data-dir", made)).stderr).toContain("store.jsonl is not what was written");
  rmSync(join(target, "live.zip"));
  expect((await restore(target, "--data-dir", made)).stderr).toContain("live.zip is missing");
  expect([existsSync(made), existsSync(`${made}.restoring`)]).toEqual([false, false]);
  for (const script of ["scripts/backup.ts", "scripts/restore.ts"]) {
    expect((await run(script, ["--help"])).stdout).toContain("npm run");
    expect((await run(script, [])).stderr).toContain("see --help");
    expect((await run(script, ["--what"])).stderr).toContain("see --help");
  }
});
