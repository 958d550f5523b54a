import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeFolder } from "../folders/folders";

/** The deployment's admin key: made once, kept readable by the owner only. Throws one line when the file holds none. */
export function adminKey(dataDir: string): string {
  const file = join(dataDir, "admin-key");
  if (existsSync(file)) {
    const key = readFileSync(file, "utf8").trim();
    if (!/^[^|\s]+\|\S{16,}$/.test(key))
      throw new Error(`${file} holds no admin key. Delete it, and the next start makes a new one.`);
    return key;
  }
  makeFolder(dataDir);
  const key = `live-sessions|${randomBytes(32).toString("hex")}`;
  // Whole or not at all, whenever this process is killed.
  writeFileSync(`${file}.new`, `${key}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return key;
}

export const randomKey = (): string => randomBytes(32).toString("base64url");
