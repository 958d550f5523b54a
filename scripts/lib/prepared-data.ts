import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { startDeployment } from "../deployment/main";
import { openDatabase } from "../store/database";
import { adminClient, type AdminClient } from "./admin";
import { digestFiles } from "./folders/digest";
import { FolderInUse, lockFolder } from "./folders/folder-lock";
import { freePorts } from "./free-ports";
import { buildSite } from "./start/site-build";
import { cliEnvironment, digestSources, pushIfChanged } from "./start/push";
import { adminKey } from "./start/secrets";
import { PROJECT_DIR } from "./settings";

const CACHE_DIR = join(PROJECT_DIR, "node_modules/.cache/live-sessions");

/**
 * Fills the data folder of a test server: an empty database, and a deployment that serves `convex/` but has no
 * variables and no data. Making them takes 15 s of processor time, so they are made once for each state of the sources,
 * kept beside the packages, and copied from then on.
 *
 * @param dataDir must exist and be empty
 */
export async function copyPreparedData(dataDir: string): Promise<void> {
  const name = `data-${digestFiles(PROJECT_DIR, ["scripts/store/database.ts"], [digestSources()])}`;
  const folder = join(CACHE_DIR, name);
  const prepare = async () => (existsSync(folder) ? undefined : await prepareData(name));
  if (!existsSync(folder)) await alone(prepare);
  cpSync(folder, dataDir, { recursive: true });
}

/**
 * Puts the built web application, of which a build takes 8 s of processor time, into the data folder of a test server.
 */
export async function copyPreparedSite(dataDir: string): Promise<void> {
  const site = await alone(() => buildSite(join(CACHE_DIR, "web")));
  cpSync(site, join(dataDir, "web", basename(site)), { recursive: true });
}

/** Projects of tests that start together need the same: one makes it, the others wait. */
async function alone<T>(make: () => Promise<T>): Promise<T> {
  for (;;) {
    let release: () => void;
    try {
      release = lockFolder(CACHE_DIR, "preparing");
    } catch (error) {
      if (!(error instanceof FolderInUse)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
      continue;
    }
    try {
      return await make();
    } finally {
      release();
    }
  }
}

/**
 * Waits for the first run of the crons, of which the tick leaves a row, and for what it has put off: in a copy that
 * would run, late by the age of what was prepared.
 */
async function settleJobs(admin: AdminClient): Promise<void> {
  const read = async <Row>(table: string): Promise<Row[]> => {
    const paginationOpts = { numItems: 100, cursor: null };
    return (await admin.run<{ page: Row[] }>("_system/cli/tableData", { table, order: "desc", paginationOpts })).page;
  };
  for (;;) {
    const hasTicked = (await read("operationsTicks")).length > 0;
    const jobs = await read<{ state: { kind: string } }>("_scheduled_functions");
    if (hasTicked && jobs.every(({ state }) => state.kind !== "pending" && state.kind !== "inProgress")) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function prepareData(name: string): Promise<void> {
  const unfinished = mkdtempSync(join(CACHE_DIR, "unfinished-"));
  const fail = (error: unknown) => {
    throw error;
  };
  const database = await openDatabase(join(unfinished, "store"), fail);
  await database.close();
  const key = adminKey(unfinished);
  const ports = await freePorts();
  const deployment = await startDeployment({
    dataDir: join(unfinished, "deployment"),
    cloudPort: ports.convex,
    sitePort: ports.site,
    adminKey: key,
    projectDir: PROJECT_DIR,
  });
  const { cloudUrl } = deployment;
  const admin = adminClient(cloudUrl, key);
  await pushIfChanged(admin, cliEnvironment(cloudUrl, key), unfinished);
  await settleJobs(admin);
  await deployment.close();
  for (const old of readdirSync(CACHE_DIR))
    if (old.startsWith("data-")) rmSync(join(CACHE_DIR, old), { recursive: true });
  renameSync(unfinished, join(CACHE_DIR, name));
}
