/** `npm start` on a deployment that it did not start: it asks where it answers, and keeps what it has set. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient, type AdminClient } from "../../lib/admin";
import { freePorts, startServer, waitFor, type Ports } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { DEMO_LOGINS } from "../../lib/demo";
import { call } from "../support/api";

const ADMIN_KEY = "outside|0123456789abcdef0123456789abcdef";
const SET_THERE = {
  SITE_URL: "https://app.example.com",
  PERMANENT_STORE_URL: "postgres://nobody@127.0.0.1:1/production",
  SERVICE_KEY: "service-key-of-the-outside-deployment",
};

let ports: Ports;
let admin: AdminClient;
let dataDir: string;
let stop: () => Promise<unknown>;

beforeAll(async () => {
  ports = await freePorts();
  dataDir = mkdtempSync(join(tmpdir(), "live-sessions-outside-"));
  const child = spawn(
    process.execPath,
    [
      ...["--import", "tsx", join(PROJECT_DIR, "scripts/deployment/main.ts"), "--data", dataDir, "--project", PROJECT_DIR],
      ...["--cloud-port", String(ports.convex), "--site-port", String(ports.site), "--admin-key", ADMIN_KEY],
    ],
    { cwd: PROJECT_DIR, stdio: ["ignore", "pipe", "inherit"] },
  );
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const exited = new Promise((resolve) => child.once("close", resolve));
  stop = () => {
    child.kill("SIGTERM");
    return exited;
  };
  await waitFor(() => output.includes("Serving"), 60_000);
  admin = adminClient(`http://127.0.0.1:${ports.convex}`, ADMIN_KEY);
  await admin.setEnvironment(SET_THERE);
});

afterAll(async () => {
  await stop();
  rmSync(dataDir, { recursive: true, force: true });
});

/** With the two variables that the README names, and no more that say where to go. */
const start = (...args: string[]) =>
  startServer({
    ports,
    args: ["--headless", ...args],
    env: { CONVEX_SELF_HOSTED_URL: `http://127.0.0.1:${ports.convex}`, CONVEX_SELF_HOSTED_ADMIN_KEY: ADMIN_KEY },
  });

const signIn = async (siteUrl: string) => {
  const { email, password } = DEMO_LOGINS[0]!;
  return (await call("POST", "/api/auth/login/", { body: { email, password }, siteUrl })).status;
};

test("what is set there stays, what is missing is set, and nothing comes with it that was not asked for", { timeout: 180_000 }, async () => {
  const server = await start();
  let keys: Record<string, string>;
  try {
    expect(server.output()).toContain(`${server.siteUrl}/api/docs`);
    expect(server.output()).toMatch(/^ +Left as set there: PERMANENT_STORE_URL, SERVICE_KEY, SITE_URL\.$/m);
    expect(server.output()).not.toMatch(/demo|permanent store/i);
    const { JWT_PRIVATE_KEY = "", JWKS = "", ...rest } = await admin.environment();
    expect(rest).toMatchObject({ ...SET_THERE, RATE_LIMIT_SCALE: "1000", CORS_ALLOWED_ORIGINS: expect.stringContaining(server.webUrl) as string });
    expect(rest).not.toHaveProperty("DEMO_DATA");
    keys = { JWT_PRIVATE_KEY, JWKS };
    expect(JWT_PRIVATE_KEY).toContain("PRIVATE KEY");
    expect(await signIn(server.siteUrl)).toBe(401);
    await expect(fetch(`http://127.0.0.1:${ports.store}`)).rejects.toThrow();
  } finally {
    await server.stop();
  }
  expect((await fetch(`${server.siteUrl}/api/openapi.json`)).status).toBe(200);

  await admin.setEnvironment({ PERMANENT_STORE_URL: null });
  const asked = await start("--seed", "--embedded-store");
  try {
    expect(await signIn(asked.siteUrl)).toBe(200);
    expect(asked.output()).toContain("Demo login");
    expect(await admin.environment()).toMatchObject({ ...keys, SITE_URL: SET_THERE.SITE_URL, DEMO_DATA: "seeded" });
    expect((await admin.environment()).PERMANENT_STORE_URL).toContain(`:${ports.store}/`);
  } finally {
    await asked.stop();
  }
});
