import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { StoreError } from "./store-error";

/**
 * Takes the folder for this process, or throws `StoreError` when a living process has it or it cannot be written.
 * The lock of a process that was killed counts for nothing. Returns the function that gives the folder back.
 */
export function lockFolder(dataDir: string): () => void {
  const path = join(dataDir, "store.lock");
  const own = `${process.pid} ${startOf(process.pid) ?? ""}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    for (;;) {
      try {
        writeFileSync(path, own, { flag: "wx" });
        return () => rmSync(path, { force: true });
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const [pid, start] = readFileSync(path, "utf8").split(" ");
      if (isAlive(Number(pid), start ?? ""))
        throw new StoreError(`The data folder ${dataDir} is in use by process ${pid}.`);
      rmSync(path, { force: true });
    }
  } catch (error) {
    if (error instanceof StoreError) throw error;
    throw new StoreError(`The store's data folder ${dataDir} cannot be used: ${(error as Error).message}`);
  }
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
