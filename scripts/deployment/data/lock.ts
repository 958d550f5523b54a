import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Claims a data folder for this process; one line of error when another one holds it. Returns the release. */
export function lockFolder(folder: string): () => void {
  const file = join(folder, "lock");
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new Error(`Cannot use the data folder ${folder}: ${(error as Error).message}`);
  }
  for (;;) {
    try {
      const handle = openSync(file, "wx");
      writeSync(handle, String(process.pid));
      closeSync(handle);
      return () => rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST")
        throw new Error(`Cannot use the data folder ${folder}: ${(error as Error).message}`);
      const holder = Number(readFileSync(file, "utf8"));
      if (holder !== process.pid && isRunning(holder))
        throw new Error(`The data folder ${folder} is in use by process ${holder}.`);
      // What held it was killed.
      rmSync(file, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
