import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { keepRunning, type Running } from "../lib/processes/keep-running";
import type { StoreOptions } from "./server";
import { StoreError } from "./store-error";

export { StoreError, type StoreOptions };

export interface RunningStore {
  /** `postgresql://…` for any PostgreSQL client. */
  url: string;
  port: number;
  /** The process that serves now; changes after a restart. */
  readonly pid: number | undefined;
  /** Stops it cleanly. */
  close(): Promise<void>;
}

/** From the child: what it is doing until it listens, or cannot. */
export type StoreMessage =
  { kind: "doing"; doing: string } | { kind: "ready"; port: number } | { kind: "failed"; reason: string };

/**
 * A start that has sent nothing and written no file for as long hangs. On a busy machine a whole start may take longer.
 */
const STALLED_AFTER_MS = 5 * 60_000;
const LOOK_EVERY_MS = 5_000;
const CLOSE_WITHIN_MS = 10_000;

/**
 * Starts the embedded PostgreSQL in a process of its own, so that its work never delays this one, and starts it again
 * should it die. The process ends with this one, however this one ends.
 *
 * @throws StoreError when the port or the folder is in use or cannot be used, or it stops making progress.
 */
export async function startStore(options: StoreOptions & { log?: (line: string) => void }): Promise<RunningStore> {
  const host = options.host ?? "127.0.0.1";
  const first = await launch(options);
  const { port } = first;
  const store = keepRunning(first, () => launch({ ...options, port }), {
    name: "embedded store",
    log: options.log ?? ((line) => console.error(line)),
  });
  return {
    url: `postgresql://postgres@${host.includes(":") ? `[${host}]` : host}:${port}/postgres`,
    port,
    get pid() {
      return store.current().pid;
    },
    close: store.close,
  };
}

/** Measures how long nothing has happened: while the database is made, its process can write files but send nothing. */
class Progress {
  #lastMs = performance.now();
  #size = -1;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  note(): void {
    this.#lastMs = performance.now();
  }

  idleMs(): number {
    const size = sizeOf(this.#folder);
    if (size !== this.#size) this.note();
    this.#size = size;
    return performance.now() - this.#lastMs;
  }
}

/** Bytes in a folder's files; NaN, which equals no other size, when a folder in it went away meanwhile. */
function sizeOf(folder: string): number {
  if (!existsSync(folder)) return 0;
  try {
    return readdirSync(folder, { recursive: true, encoding: "utf8" })
      .map((path) => statSync(join(folder, path), { throwIfNoEntry: false })?.size ?? 0)
      .reduce((sum, size) => sum + size, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return NaN;
    throw error;
  }
}

type StoreProcess = Running & { pid: number | undefined; port: number };

function launch(options: StoreOptions): Promise<StoreProcess> {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const tsx = createRequire(import.meta.url).resolve("tsx");
  const args = ["--data-dir", options.dataDir, "--port", String(options.port), "--host", options.host ?? "127.0.0.1"];
  // Detached, so that Ctrl-C reaches only the parent, which closes the store last.
  const child = spawn(process.execPath, ["--import", tsx, main, ...args, "--quiet"], {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    detached: true,
  });
  const exited = new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`)),
  );
  return new Promise((resolve, reject) => {
    let doing = "starting";
    const progress = new Progress(options.dataDir);
    const fail = (reason: string) => {
      clearInterval(timer);
      child.kill("SIGKILL");
      reject(new StoreError(reason));
    };
    const timer = setInterval(() => {
      if (progress.idleMs() > STALLED_AFTER_MS)
        fail(`The embedded store has made no progress for ${STALLED_AFTER_MS / 60_000} minutes while ${doing}.`);
    }, LOOK_EVERY_MS);
    child.once("error", (error) => fail(`The embedded store cannot be started: ${error.message}`));
    void exited.then((how) => fail(`The embedded store ended while starting (${how}).`));
    child.on("message", (message: StoreMessage) => {
      if (message.kind === "failed") return fail(message.reason);
      if (message.kind === "doing") {
        doing = message.doing;
        progress.note();
        return options.onProgress?.(doing);
      }
      clearInterval(timer);
      resolve({ pid: child.pid, port: message.port, exited, stop: () => stop(child, exited) });
    });
  });
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  const timer = setTimeout(() => child.kill("SIGKILL"), CLOSE_WITHIN_MS);
  child.kill("SIGTERM");
  await exited;
  clearTimeout(timer);
}
