import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

/**
 * Digest of files, for telling whether what was made from them must be made again.
 *
 * @param root the folder that `paths` start from
 * @param paths files, and folders with all that is in them; one that is missing counts as empty
 * @param settings texts that it depends on besides
 * @returns 16 hex digits
 */
export function digestFiles(root: string, paths: readonly string[], settings: readonly string[] = []): string {
  const hash = createHash("sha256").update(JSON.stringify(settings));
  for (const path of paths.flatMap((path) => listFiles(root, path)).sort())
    hash.update(`${path}\n`).update(readFileSync(join(root, path)));
  return hash.digest("hex").slice(0, 16);
}

function listFiles(root: string, path: string): string[] {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));
}
