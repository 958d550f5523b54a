/** Starting where something is in the way, and stopping: one clear line, and nothing left behind. */
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { ENV_LOCAL } from "../../lib/start/env-local";
import { freePorts, type Ports } from "../../lib/free-ports";
import { startServer, waitFor } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { call, newAccount } from "../support/api";

const folders: string[] = [];
const groups: ChildProcess[] = [];
afterAll(() => {
  for (const child of groups) if (groupLives(child.pid!)) process.kill(-child.pid!, "SIGKILL");
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Settings that would make `npm start` use something else than what it starts itself. */
const ELSEWHERE = [
  "PERMANENT_STORE_URL",
  "CONVEX_SELF_HOSTED_URL",
  "CONVEX_SELF_HOSTED_ADMIN_KEY",
  "CONVEX_DEPLOYMENT",
];
const ownEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !ELSEWHERE.includes(name)));

/** `npm start` as the leader of a process group of its own. */
function npmStart(ports: Ports, env: Record<string, string> = {}, args: string[] = []) {
  const dataDir = mkdtempSync(join(tmpdir(), "live-sessions-start-"));
  folders.push(dataDir);
  const child = spawn("npm", ["start", "--", "--no-seed", "--no-env-local", ...args], {
    cwd: PROJECT_DIR,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...ownEnvironment(),
      CONVEX_PORT: String(ports.convex),
      CONVEX_SITE_PORT: String(ports.site),
      STORE_PORT: String(ports.store),
      WEB_PORT: String(ports.web),
      DATA_DIR: dataDir,
      ...env,
    },
  });
  groups.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise<number | null>((resolve) => child.once("close", resolve));
  return { child, exited, output: () => output };
}

function groupLives(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch {
    return false;
  }
}

const listen = (port: number) =>
  new Promise<NetServer>((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
const close = (server: NetServer) => new Promise((resolve) => server.close(resolve));

test.each([
  ["CONVEX_PORT", "convex"],
  ["CONVEX_SITE_PORT", "site"],
  ["STORE_PORT", "store"],
  ["WEB_PORT", "web"],
] as const)("a taken %s is one line that names it", async (variable, name) => {
  const ports = await freePorts();
  const squatter = await listen(ports[name]);
  try {
    const startedAt = Date.now();
    const { exited, output } = npmStart(ports);
    expect(await exited).toBe(1);
    expect(Date.now() - startedAt).toBeLessThan(deadlineMs(20_000));
    const told = output()
      .split("\n")
      .filter((line) => line.includes(String(ports[name])));
    expect(told, output()).toHaveLength(1);
    expect(told[0]).toContain(variable);
    expect(output()).not.toMatch(/^\s+at /m);
  } finally {
    await close(squatter);
  }
});

test("a malformed port, a data folder that is a file and an empty admin key are one line each", async () => {
  const ports = await freePorts();
  const malformed = npmStart(ports, { CONVEX_PORT: "many" });
  expect(await malformed.exited).toBe(1);
  expect(malformed.output()).toMatch(/CONVEX_PORT must be a port number .* not "many"/);
  const file = npmStart(ports, { DATA_DIR: join(PROJECT_DIR, "package.json") });
  expect(await file.exited).toBe(1);
  expect(file.output()).toContain("package.json");
  expect(file.output()).toContain("DATA_DIR");
  const keyless = mkdtempSync(join(tmpdir(), "live-sessions-start-"));
  folders.push(keyless);
  writeFileSync(join(keyless, "admin-key"), "");
  const noKey = npmStart(ports, { DATA_DIR: keyless });
  expect(await noKey.exited).toBe(1);
  expect(noKey.output()).toContain(`${join(keyless, "admin-key")} holds no admin key.`);
  if (existsSync("/proc/1")) {
    const nowhere = npmStart(ports, { DATA_DIR: "/proc/1/nope" });
    expect(await nowhere.exited).toBe(1);
    expect(nowhere.output()).toMatch(/^DATA_DIR \/proc\/1\/nope cannot be used as a folder \(ENOENT\)\.$/m);
  }
  for (const { child, output } of [malformed, file, noKey]) {
    expect(output()).not.toMatch(/^\s+at /m);
    await waitFor(() => !groupLives(child.pid!), 15_000);
  }
});

test("a second start on the same data folder is one line; a part that is killed alone is started again", async () => {
  const server = await startServer();
  try {
    const envLocal = existsSync(ENV_LOCAL) ? readFileSync(ENV_LOCAL, "utf8") : "";
    expect(envLocal, "npx convex talks to what the user started, not to a server of a test").not.toContain(
      server.convexUrl,
    );
    const second = npmStart(await freePorts(), { DATA_DIR: server.dataDir }, ["--headless"]);
    expect(await second.exited).toBe(1);
    expect(second.output()).toMatch(/^The data folder .* is in use by process \d+\.$/m);
    expect(second.output()).not.toMatch(/^\s+at /m);

    const account = await newAccount({}, server.siteUrl, server.convexUrl);
    for (const [part, lock] of [
      ["deployment", "deployment/lock"],
      ["embedded store", "store/store.lock"],
    ] as const) {
      process.kill(Number(readFileSync(join(server.dataDir, lock), "utf8").split(" ")[0]), "SIGKILL");
      await waitFor(() => server.output().includes(`The ${part} runs again.`), 60_000);
      expect(server.output()).toContain(`The ${part} ended (SIGKILL); starting it again in 500 ms.`);
      const me = await call("GET", "/api/sessions/current/", { auth: account.session, siteUrl: server.siteUrl });
      expect([me.status, me.body.email]).toEqual([200, account.email]);
    }
  } finally {
    await server.stop();
  }
});

const stopped = mkdtempSync(join(tmpdir(), "live-sessions-start-"));
folders.push(stopped);
test.each([
  ["the whole group, as a terminal does", "pushed", (leader: number) => process.kill(-leader, "SIGTERM")],
  ["npm alone, as a supervisor does", "unchanged", (leader: number) => process.kill(leader, "SIGTERM")],
])("SIGTERM to %s stops everything, once its functions are %s", async (_, functions, stop) => {
  const ports = await freePorts();
  const { child, exited, output } = npmStart(ports, { DATA_DIR: stopped }, ["--headless"]);
  await waitFor(
    () => output().includes("Ready in"),
    90_000,
    () => {
      if (child.exitCode !== null) throw new Error(output());
    },
  );
  expect(output()).toContain(`✓ functions ${functions}`);
  stop(child.pid!);
  await exited;
  await waitFor(() => !groupLives(child.pid!), 15_000);
  for (const port of Object.values(ports)) await close(await listen(port));
});
