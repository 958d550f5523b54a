/** `npm run backup -- FOLDER`: both stores as of one moment, while everything goes on. */
import { renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { HELP_OPTION, readArguments } from "./lib/arguments";
import { isFree, runCommand } from "./lib/backup/command";
import { runConvexCli } from "./lib/backup/convex-cli";
import { LIVE_FILE, SETTINGS_FILE, STORE_FILE, writeManifest } from "./lib/backup/manifest";
import { dumpStore } from "./lib/backup/store-rows";
import { makeFolder } from "./lib/folders/folders";
import { findNamedDeployment } from "./lib/start/named-deployment";
import { step } from "./lib/start/progress";
import { cliEnvironment } from "./lib/start/push";

const HELP = `npm run backup -- FOLDER     save both stores while everything goes on

  FOLDER      a new or empty folder. It gets an archive of the live store with its files, the rows of the permanent
              store and the deployment's settings, secrets included: keep it as safe as the data itself
  --help      this text

The permanent store takes no writes meanwhile, so that both belong together: what the live store says it has delivered
is in the backup, and what is not still waits there. Deliveries go on afterwards; requests do not wait for them. The
deployment is that of .env.local, or of CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY; the permanent store is
the one of its PERMANENT_STORE_URL, if that is PostgreSQL. npm run restore reads the backup.`;

runCommand(async () => {
  const { values: flags, positionals } = readArguments({ options: { help: HELP_OPTION }, allowPositionals: true });
  if (flags.help) return console.log(HELP);
  if (positionals.length !== 1) throw new Error("Name one folder for the backup; see --help.");
  const folder = resolve(positionals[0]!);
  if (!isFree(folder)) throw new Error(`${folder} is not empty: a backup needs a new or empty folder.`);
  const admin = findNamedDeployment();
  const settings = await admin.environment();
  const unfinished = `${folder}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  makeFolder(unfinished);
  try {
    const takenAt = new Date().toISOString();
    const cli = cliEnvironment(admin.url, process.env.CONVEX_SELF_HOSTED_ADMIN_KEY!);
    const saveLive = () =>
      step("live store", () =>
        runConvexCli(["export", "--include-file-storage", "--path", join(unfinished, LIVE_FILE)], cli),
      );
    const storeRows = await saveStore(settings.PERMANENT_STORE_URL, join(unfinished, STORE_FILE), saveLive);
    writeFileSync(join(unfinished, SETTINGS_FILE), `${JSON.stringify(settings, null, 2)}\n`, { mode: 0o600 });
    await step("check sums", () => writeManifest(unfinished, { takenAt, storeRows }));
    rmSync(folder, { recursive: true, force: true });
    renameSync(unfinished, folder);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    throw error;
  }
  console.log(`The backup is in ${folder}.`);
});

async function saveStore(url: string | undefined, file: string, saveLive: () => Promise<void>) {
  if (url !== undefined && /^postgres(ql)?:/.test(url))
    return await step(
      "permanent store",
      () => dumpStore(url, file, saveLive),
      (counts) => `${Object.values(counts).reduce((sum, count) => sum + count, 0)} rows`,
    );
  await saveLive();
  console.log(
    url === undefined
      ? "    No permanent store is set; what is to be stored waits in the live one."
      : "    The permanent store is behind REST: it is not in this backup.",
  );
  return null;
}
