import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { openDatabase } from "../store/database";
import { PROJECT_DIR } from "./settings";

const CACHE_DIR = join(PROJECT_DIR, "node_modules/.cache/live-sessions");

/**
 * Puts an empty database into the data folder of a test server. Making one takes 5 s of processor time, so the first is
 * kept beside the packages and copied from then on.
 *
 * @param storeDir the folder of the embedded store, which must not exist
 */
export async function copyEmptyStore(storeDir: string): Promise<void> {
  const kept = join(CACHE_DIR, `store-${pgliteVersion()}`);
  if (!existsSync(kept)) await makeEmptyStore(kept);
  cpSync(kept, storeDir, { recursive: true });
}

async function makeEmptyStore(folder: string): Promise<void> {
  mkdirSync(CACHE_DIR, { recursive: true });
  const unfinished = mkdtempSync(join(CACHE_DIR, "store-unfinished-"));
  const database = await openDatabase(unfinished, (error) => {
    throw error;
  });
  await database.close();
  try {
    renameSync(unfinished, folder);
  } catch (error) {
    // Another process was quicker.
    if (!existsSync(folder)) throw error;
    rmSync(unfinished, { recursive: true, force: true });
  }
}

function pgliteVersion(): string {
  const text = readFileSync(join(PROJECT_DIR, "node_modules/@electric-sql/pglite/package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
