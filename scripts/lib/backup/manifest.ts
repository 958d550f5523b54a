/** A backup is a folder: an archive of the live store, rows of the permanent one, settings, and a list of its files. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, readFileSync, writeFileSync } from "node:fs";
import { pipeline } from "node:stream/promises";
import { join } from "node:path";

export const LIVE_FILE = "live.zip";
export const STORE_FILE = "store.jsonl";
export const SETTINGS_FILE = "settings.json";
const MANIFEST_FILE = "backup.json";
const FORMAT = 1;

export interface Manifest {
  format: number;
  /** When it was begun: what was answered before is in it. */
  takenAt: string;
  /** Rows by table of the permanent store; null when that is not PostgreSQL and has a backup of its own. */
  storeRows: Record<string, number> | null;
  /** SHA-256 by file. */
  files: Record<string, string>;
}

async function digestFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path), hash);
  return hash.digest("hex");
}

/** Writes the list of files; a folder without one is no backup, or one that was cut off. */
export async function writeManifest(folder: string, told: Pick<Manifest, "takenAt" | "storeRows">): Promise<void> {
  const files: Record<string, string> = {};
  for (const name of [LIVE_FILE, STORE_FILE, SETTINGS_FILE])
    if (existsSync(join(folder, name))) files[name] = await digestFile(join(folder, name));
  const manifest: Manifest = { format: FORMAT, ...told, files };
  writeFileSync(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
}

/** @throws Error, one line, when the folder is no whole backup. */
export async function readManifest(folder: string): Promise<Manifest> {
  const path = join(folder, MANIFEST_FILE);
  if (!existsSync(path))
    throw new Error(`${folder} is no backup, or one that was cut off: it has no ${MANIFEST_FILE}.`);
  const manifest = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  if (manifest.format !== FORMAT)
    throw new Error(`${folder} is a backup of format ${manifest.format}; this release reads ${FORMAT}.`);
  for (const [name, digest] of Object.entries(manifest.files)) {
    if (!existsSync(join(folder, name))) throw new Error(`${folder} is not whole: ${name} is missing.`);
    if ((await digestFile(join(folder, name))) !== digest)
      throw new Error(`${folder} is damaged: ${name} is not what was written.`);
  }
  return manifest;
}
