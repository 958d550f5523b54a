import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { DeploymentMetrics } from "./metrics";

const folder = mkdtempSync(join(tmpdir(), "live-sessions-metrics-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("sizes are of the data folder's own files, and links lead nowhere", () => {
  const dataDir = join(folder, "data");
  for (const each of ["db/log", "node-modules/a1"]) mkdirSync(join(dataDir, each), { recursive: true });
  mkdirSync(join(folder, "packages"));
  writeFileSync(join(folder, "packages", "large.js"), "x".repeat(10_000));
  writeFileSync(join(dataDir, "db/log/1.log"), "x".repeat(300));
  writeFileSync(join(dataDir, "db/data.mdb"), "x".repeat(500));
  symlinkSync(join(folder, "packages"), join(dataDir, "node-modules/a1/node_modules"), "dir");
  // As where the data folder is below the project's packages.
  symlinkSync(dataDir, join(folder, "packages", "data"), "dir");
  const text = new DeploymentMetrics({ dataDir, sockets: () => 0 }).render();
  expect(text).toMatch(/^deployment_log_bytes 300$/m);
  expect(text).toMatch(/^deployment_data_bytes 800$/m);
});
