import { spawn, type ChildProcess } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { StoreOptions } from "./server";
import { StoreError } from "./store-error";

export { StoreError, type StoreOptions };

export type RunningStore = {
  /** `postgresql://…` for any PostgreSQL client. */
  url: string;
  port: number;
  /** The process that serves now; changes after a restart. */
  readonly pid: number | undefined;
  /** Stops it cleanly. */
  close(): Promise<void>;
};

/** From the child: it listens, or it cannot. */
export type StoreMessage = { kind: "ready"; port: number } | { kind: "failed"; reason: string };

const READY_WITHIN_MS = 60_000;
const CLOSE_WITHIN_MS = 10_000;
const RESTART_AFTER_MS = { first: 500, most: 30_000 };

/**
 * Starts the embedded PostgreSQL in a process of its own, so that its work never delays this one, and starts it again
 * should it die. The process ends with this one, however this one ends.
 *
 * @throws StoreError when the port or the folder is in use, or it is not ready within a minute.
 */
export async function startStore(
  options: StoreOptions & { log?: (line: string) => void },
): Promise<RunningStore> {
  const log = options.log ?? ((line: string) => console.error(line));
  const host = options.host ?? "127.0.0.1";
  const first = await launch(options);
  const { port } = first;
  let { child } = first;
  let closing = false;
  let restartMs = RESTART_AFTER_MS.first;
  let timer: NodeJS.Timeout | undefined;

  const watch = (watched: ChildProcess) => {
    watched.once("exit", (code, signal) => {
      if (closing) return;
      log(`The embedded store ended (${signal ?? `code ${code}`}); starting it again in ${restartMs} ms.`);
      timer = setTimeout(() => void restart(), restartMs);
      restartMs = Math.min(restartMs * 2, RESTART_AFTER_MS.most);
    });
  };
  const restart = async () => {
    try {
      const next = await launch({ ...options, port });
      if (closing) return stop(next.child);
      child = next.child;
      watch(child);
      restartMs = RESTART_AFTER_MS.first;
      log("The embedded store runs again.");
    } catch (error) {
      log(error instanceof Error ? error.message : String(error));
      timer = setTimeout(() => void restart(), restartMs);
      restartMs = Math.min(restartMs * 2, RESTART_AFTER_MS.most);
    }
  };
  watch(child);

  return {
    url: `postgresql://postgres@${host.includes(":") ? `[${host}]` : host}:${port}/postgres`,
    port,
    get pid() {
      return child.pid;
    },
    async close() {
      closing = true;
      clearTimeout(timer);
      await stop(child);
    },
  };
}

function launch(options: StoreOptions): Promise<{ child: ChildProcess; port: number }> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const args = [
    "--data-dir",
    options.dataDir,
    "--port",
    String(options.port),
    "--host",
    options.host ?? "127.0.0.1",
  ];
  // Detached, so that Ctrl-C reaches only the parent, which closes the store last.
  const child = spawn(process.execPath, ["--import", tsx, main, ...args, "--quiet"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
  return new Promise((resolve, reject) => {
    const fail = (reason: string) => {
      clearTimeout(timer);
      child.kill("SIGKILL");
      reject(new StoreError(reason));
    };
    const timer = setTimeout(
      () => fail("The embedded store was not ready within a minute."),
      READY_WITHIN_MS,
    );
    child.once("error", (error) => fail(`The embedded store cannot be started: ${error.message}`));
    child.once("exit", (code, signal) =>
      fail(`The embedded store ended while starting (${signal ?? `code ${code}`}).`),
    );
    child.on("message", (message: StoreMessage) => {
      if (message.kind === "failed") return fail(message.reason);
      clearTimeout(timer);
      child.removeAllListeners("exit");
      resolve({ child, port: message.port });
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_WITHIN_MS);
  child.kill("SIGTERM");
  await ended;
  clearTimeout(timer);
}
