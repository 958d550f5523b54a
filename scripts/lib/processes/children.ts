import { fork, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";
import { passOn, wantsJsonLogs } from "../start/json-logs";
import type { Running } from "./keep-running";

const STOP_TIMEOUT_MS = 10_000;

export type Child<Ready> = Running & { ready: Ready };

/**
 * Runs a TypeScript entry as a child process that ends with this one, however this one ends: children leave when the
 * channel closes. Resolves when the child reports `{ready}`; rejects with its `{error}` line or its exit.
 */
export function startChild<Ready>(
  entry: URL,
  options: Record<string, unknown>,
  nodeOptions: string[] = [],
): Promise<Child<Ready>> {
  // Also what a process says when it dies natively has to be JSON then, so it is read here.
  const output = wantsJsonLogs() ? "pipe" : "inherit";
  const child = fork(fileURLToPath(entry), [], {
    execArgv: ["--import", "tsx", ...nodeOptions],
    stdio: ["ignore", output, output, "ipc"],
  });
  passOn(child.stdout, process.stdout);
  passOn(child.stderr, process.stderr);
  const exited = new Promise<string>((resolve) =>
    child.once("exit", (code, signal) => resolve(signal ?? `code ${code}`)),
  );
  child.send(options);
  return new Promise((resolve, reject) => {
    child.on("message", (message: { ready?: Ready; error?: string }) => {
      if (message.error !== undefined) reject(new Error(message.error));
      else if (message.ready !== undefined) resolve({ ready: message.ready, exited, stop: () => stop(child, exited) });
    });
    void exited.then((how) =>
      reject(new Error(`${entry.pathname.split("/").slice(-2).join("/")} ended while starting (${how}).`)),
    );
  });
}

async function stop(child: ChildProcess, exited: Promise<unknown>): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
  await exited;
  clearTimeout(timer);
}

/** The child's side: takes its options from the parent, reports readiness, and leaves when the parent is gone. */
export function runAsChild<Options, Ready>(
  start: (options: Options) => Promise<{ ready: Ready; close: () => Promise<void> }>,
): void {
  // Ctrl-C reaches the whole group; the parent decides the order in which things stop.
  process.on("SIGINT", () => undefined);
  let leave = (): void => process.exit(1);
  process.on("disconnect", () => leave());
  process.once("message", (options: Options) => {
    start(options).then(
      ({ ready, close }) => {
        let closing = false;
        leave = () => {
          if (closing) return;
          closing = true;
          close().then(
            () => process.exit(0),
            (error: unknown) => {
              console.error(error);
              process.exit(1);
            },
          );
        };
        process.on("SIGTERM", leave);
        process.send?.({ ready });
      },
      (error: unknown) => {
        process.send?.({ error: error instanceof Error ? error.message : String(error) }, () => process.exit(1));
      },
    );
  });
}
