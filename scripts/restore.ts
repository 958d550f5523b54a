/** `npm run restore -- BACKUP`: makes a data folder of a backup, for `npm start`. */
import { existsSync, readFileSync, renameSync, rmdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { startDeployment } from "./deployment/main";
import { adminClient } from "./lib/admin";
import { HELP_OPTION, readArguments } from "./lib/arguments";
import { isFree, runCommand } from "./lib/backup/command";
import { runConvexCli } from "./lib/backup/convex-cli";
import { LIVE_FILE, readManifest, SETTINGS_FILE, STORE_FILE, type Manifest } from "./lib/backup/manifest";
import { loadStore } from "./lib/backup/store-rows";
import { lockFolder } from "./lib/folders/folder-lock";
import { makeFolder } from "./lib/folders/folders";
import { freePorts } from "./lib/free-ports";
import { PROJECT_DIR, readSettings } from "./lib/settings";
import { step } from "./lib/start/progress";
import { cliEnvironment, pushIfChanged } from "./lib/start/push";
import { adminKey } from "./lib/start/secrets";
import { startStore } from "./store/start";

const HELP = `npm run restore -- BACKUP [options]     make a data folder of a backup

  BACKUP            a folder that npm run backup wrote
  --data-dir DIR    the folder to make (DATA_DIR, .data). It must be new or empty: move an old one away first
  --help            this text

Everything is as it was when the backup was taken, with its ids, passwords, keys and settings; then npm start serves
it. What was scheduled for a time is found again by the crons, within ten minutes. The admin key is a new one. A
backup whose permanent store was elsewhere gets its rows into the embedded one, unless PERMANENT_STORE_URL is set when
it is started.`;

runCommand(async () => {
  const { values: flags, positionals } = readArguments({
    options: { help: HELP_OPTION, "data-dir": { type: "string" } },
    allowPositionals: true,
  });
  if (flags.help) return console.log(HELP);
  if (positionals.length !== 1) throw new Error("Name one backup; see --help.");
  const backup = resolve(positionals[0]!);
  const dataDir = flags["data-dir"] === undefined ? readSettings().dataDir : resolve(flags["data-dir"]);
  assertFree(dataDir);
  const manifest = await step("check the backup", () => readManifest(backup));
  const unfinished = `${dataDir}.restoring`;
  makeFolder(unfinished);
  const release = lockFolder(unfinished, "restore.lock");
  try {
    for (const part of ["store", "deployment", "admin-key", "pushed.json"])
      rmSync(join(unfinished, part), { recursive: true, force: true });
    await restoreStore(backup, unfinished, manifest);
    await restoreLive(backup, unfinished);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  } finally {
    release();
  }
  if (existsSync(dataDir)) rmdirSync(dataDir);
  renameSync(unfinished, dataDir);
  console.log(`${dataDir} is as it was at ${manifest.takenAt}: npm start serves it.`);
});

/** @throws Error, one line, when something has the folder or is in it. */
function assertFree(dataDir: string): void {
  if (isFree(dataDir)) return;
  const locks = [
    [join(dataDir, "deployment"), "lock"],
    [join(dataDir, "store"), "store.lock"],
  ] as const;
  // A living process that has one of the parts makes this throw.
  for (const [folder, name] of locks) if (existsSync(folder)) lockFolder(folder, name)();
  throw new Error(`${dataDir} is not empty: restore into a new folder, or move this one away first.`);
}

async function restoreStore(backup: string, folder: string, { storeRows }: Manifest): Promise<void> {
  if (storeRows === null) return;
  await step("permanent store", async (say) => {
    const store = await startStore({ dataDir: join(folder, "store"), port: 0, onProgress: say });
    try {
      const counts = await loadStore(store.url, join(backup, STORE_FILE));
      for (const [table, count] of Object.entries(storeRows))
        if (counts[table] !== count) throw new Error(`${table} got ${counts[table] ?? 0} rows of ${count}.`);
    } finally {
      await store.close();
    }
  });
}

/** Settings of one start or one place, which the next start makes anew. */
const MADE_AT_START = ["PERMANENT_STORE_URL", "SITE_URL", "PASSED_ON"];

async function restoreLive(backup: string, folder: string): Promise<void> {
  const key = adminKey(folder);
  const ports = await freePorts();
  const deployment = await startDeployment({
    dataDir: join(folder, "deployment"),
    cloudPort: ports.convex,
    sitePort: ports.site,
    adminKey: key,
    projectDir: PROJECT_DIR,
  });
  try {
    const admin = adminClient(deployment.cloudUrl, key);
    const cli = cliEnvironment(deployment.cloudUrl, key);
    await step("functions", () => pushIfChanged(admin, cli, folder));
    await step("live store", () => runConvexCli(["import", "--replace-all", "-y", join(backup, LIVE_FILE)], cli));
    // Last, so that nothing is delivered or sent before all is there.
    const settings = JSON.parse(readFileSync(join(backup, SETTINGS_FILE), "utf8")) as Record<string, string>;
    await admin.setEnvironment(
      Object.fromEntries(Object.entries(settings).filter(([name]) => !MADE_AT_START.includes(name))),
    );
  } finally {
    await deployment.close();
  }
}
