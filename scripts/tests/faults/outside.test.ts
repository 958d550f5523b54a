/** `npm start` on a deployment that it did not start: it asks where it answers, and keeps what it has set. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminClient, type AdminClient } from "../../lib/admin";
import { freePorts, type Ports } from "../../lib/free-ports";
import { startServer, waitFor } from "../../lib/server";
import { PROJECT_DIR } from "../../lib/settings";
import { DEMO_LOGINS } from "../../lib/demo/seed";
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
      ...[
        "--import",
        "tsx",
        join(PROJECT_DIR, "scripts/deployment/main.ts"),
        "--data",
        dataDir,
        "--project",
        PROJECT_DIR,
      ],
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

test("what is set there stays, what is missing is set, and no store comes with it", async () => {
  const server = await startServer({
    ports,
    // Demo data needs the address that only the deployment tells.
    args: ["--headless", "--seed"],
    env: { CONVEX_SELF_HOSTED_URL: admin.url, CONVEX_SELF_HOSTED_ADMIN_KEY: ADMIN_KEY },
  });
  const { siteUrl } = server;
  try {
    expect(server.output()).toContain(`${siteUrl}/api/docs`);
    expect(server.output()).toMatch(/^ +Left as set there: PERMANENT_STORE_URL, SERVICE_KEY, SITE_URL\.$/m);
    expect(await admin.environment()).toMatchObject({
      ...SET_THERE,
      JWT_PRIVATE_KEY: expect.stringContaining("PRIVATE KEY") as string,
      RATE_LIMIT_SCALE: "1000",
      CORS_ALLOWED_ORIGINS: expect.stringContaining(server.webUrl) as string,
      DEMO_DATA: "seeded",
    });
    await expect(fetch(`http://127.0.0.1:${ports.store}`)).rejects.toThrow();
  } finally {
    await server.stop();
  }
  const { email, password } = DEMO_LOGINS[0]!;
  const { body } = await call("POST", "/api/auth/login/", { body: { email, password }, siteUrl });
  const seen = async (path: string) =>
    (await call("GET", path, { auth: `SessionID ${body.session_id as string}`, siteUrl })).body as unknown;
  expect(await seen("/api/sessions/my_sessions/")).toMatchObject({ created: [{}], joined: [{ participant_count: 1 }] });
  expect(await seen("/api/sessions")).toMatchObject({
    total: 1,
    sessions: [{ form_data: { company_name: "Harbour Bakery" } }],
  });
});
