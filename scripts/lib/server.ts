import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deadlineMs } from "./deadlines";
import { freePorts, type Ports } from "./free-ports";
import { copyPreparedData, copyPreparedSite } from "./prepared-data";
import { PROJECT_DIR } from "./settings";

export interface Server {
  /** REST (HTTP actions). */
  siteUrl: string;
  /** Live functions and CLI. */
  convexUrl: string;
  webUrl: string;
  storeUrl: string;
  adminKey: string;
  serviceKey: string;
  dataDir: string;
  ports: Ports;
  output(): string;
  /**
   * Sends a signal to the whole process group, as an operator's `kill` or the kernel would; resolves when it is gone.
   */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** SIGTERM, then removes the data unless it was given. */
  stop(): Promise<void>;
}

interface ServerOptions {
  dataDir?: string;
  ports?: Ports;
  args?: string[];
  env?: Record<string, string>;
  /** With nothing prepared, as on a new machine. */
  bare?: boolean;
}

/** Settings of the caller's own shell that would send the server elsewhere. */
const NOT_INHERITED = [
  "PERMANENT_STORE_URL",
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_SELF_HOSTED_ADMIN_KEY",
  "CONVEX_SITE_URL",
  "CONVEX_DEPLOYMENT",
];

/** The longest time that one step of a start may take. */
const STEP_PATIENCE_MS = 120_000;
const TEST_SERVICE_KEY = "service-key-for-tests-0123456789abcdef";

/**
 * Runs `npm start` as a user would, on free ports and a data folder of its own, until it answers. `npx convex` goes on
 * talking to the deployment that the user started.
 */
export async function startServer(options: ServerOptions = {}): Promise<Server> {
  try {
    return await startOnce(options);
  } catch (error) {
    // Two that start at once may have chosen the same port.
    if (options.ports || !String(error).includes(" is in use. ")) throw error;
    return await startOnce(options);
  }
}

async function startOnce(options: ServerOptions): Promise<Server> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "live-sessions-"));
  mkdirSync(dataDir, { recursive: true });
  const args = options.args ?? ["--headless", "--no-seed"];
  if (!options.bare && readdirSync(dataDir).length === 0) {
    await copyPreparedData(dataDir);
    if (!args.includes("--headless")) await copyPreparedSite(dataDir);
  }
  const ports = options.ports ?? (await freePorts());
  const child = spawn("npm", ["start", "--", "--no-env-local", ...args], {
    cwd: PROJECT_DIR,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_INHERITED.includes(name))),
      CONVEX_PORT: String(ports.convex),
      CONVEX_SITE_PORT: String(ports.site),
      STORE_PORT: String(ports.store),
      WEB_PORT: String(ports.web),
      DATA_DIR: dataDir,
      SERVICE_KEY: TEST_SERVICE_KEY,
      RATE_LIMIT_SCALE: "1000",
      ...options.env,
    },
  });
  let output = "";
  let heardAt = Date.now();
  const hear = (chunk: Buffer) => {
    output += chunk.toString();
    heardAt = Date.now();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const exited = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const kill = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, signal);
    await exited;
  };
  try {
    // A start is slow on a busy machine, but each of its steps says something.
    while (!output.includes("Ready in")) {
      const ended = child.exitCode ?? child.signalCode;
      if (ended !== null) throw new Error(`npm start ended with ${ended}:\n${output}`);
      if (Date.now() - heardAt > deadlineMs(STEP_PATIENCE_MS))
        throw new Error(`npm start has said nothing for ${deadlineMs(STEP_PATIENCE_MS)} ms:\n${output}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  } catch (error) {
    await kill("SIGKILL").catch(() => undefined);
    throw error;
  }
  return {
    siteUrl: `http://127.0.0.1:${ports.site}`,
    convexUrl: `http://127.0.0.1:${ports.convex}`,
    webUrl: `http://127.0.0.1:${ports.web}`,
    storeUrl: `postgres://postgres@127.0.0.1:${ports.store}/postgres`,
    adminKey: options.env?.CONVEX_SELF_HOSTED_ADMIN_KEY ?? readFileSync(join(dataDir, "admin-key"), "utf8").trim(),
    serviceKey: options.env?.SERVICE_KEY ?? TEST_SERVICE_KEY,
    dataDir,
    ports,
    output: () => output,
    kill,
    async stop() {
      await kill("SIGTERM");
      if (!options.dataDir) rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/**
 * Polls until `condition` holds, at most as long as `timeoutMs` is on this machine; `check` may throw to give up early.
 */
export async function waitFor(
  condition: () => boolean | Promise<boolean>,
  timeoutMs: number,
  check: () => void = () => undefined,
): Promise<void> {
  const patienceMs = deadlineMs(timeoutMs);
  const deadline = Date.now() + patienceMs;
  for (;;) {
    if (await condition()) return;
    check();
    if (Date.now() > deadline) throw new Error(`not within ${patienceMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
