import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { makeFolder } from "./folders";

/**
 * Takes the folder, made when missing, for this process and returns the function that gives it back. The lock of a
 * process that was killed counts for nothing. Throws one line when a living process has the folder or it cannot be
 * used.
 */
export function lockFolder(folder: string, name = "lock"): () => void {
  const path = join(folder, name);
  try {
    makeFolder(folder);
    while (!claimed(folder, path)) {
      const holder = read(path);
      if (holder === null) continue;
      const [pid, start] = holder.split(" ");
      if (isAlive(Number(pid), start ?? ""))
        throw new FolderInUse(`The data folder ${folder} is in use by process ${pid}.`);
      removeStale(path, holder);
    }
    return () => rmSync(path, { force: true });
  } catch (error) {
    if (error instanceof FolderInUse) throw error;
    throw new Error(`The data folder ${folder} cannot be used: ${(error as Error).message}`);
  }
}

/** A living process has the folder. */
export class FolderInUse extends Error {}

/** Whether there was no lock and it is ours now. A link appears with its content, so nobody ever reads half a lock. */
function claimed(folder: string, path: string): boolean {
  const own = join(folder, `.lock-${randomUUID()}`);
  writeFileSync(own, `${process.pid} ${startOf(process.pid) ?? ""}`);
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(own, { force: true });
  }
}

function read(path: string): string | null {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
}

/**
 * When two find the same stale lock, the slower one must not take away the lock that the faster one has made since.
 */
function removeStale(path: string, stale: string): void {
  const aside = `${path}-${randomUUID()}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (read(aside) !== stale) linkSync(aside, path);
  rmSync(aside, { force: true });
}

/** A process id alone is not enough: after a reboot or in a new container another process may have it. */
function isAlive(pid: number, start: string): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const now = startOf(pid);
  return now === null || start === "" || now === start;
}

/** When the process began, in clock ticks since boot, with the boot's id; null where /proc does not tell. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name, in parentheses, may contain spaces; the start time is the 20th field after it.
    const ticks = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}:${ticks}`;
  } catch {
    return null;
  }
}
