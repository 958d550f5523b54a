import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "./folder-lock";
import { PROJECT_DIR } from "../settings";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "live-sessions-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("one holder at a time; given back, it can be taken again, and nothing is left", () => {
  const release = lockFolder(join(folder, "made"));
  expect(() => lockFolder(join(folder, "made"))).toThrow(
    `The data folder ${join(folder, "made")} is in use by process ${process.pid}.`,
  );
  release();
  lockFolder(join(folder, "made"))();
  expect(readdirSync(join(folder, "made"))).toEqual([]);
});

test("the lock of a killed process counts for nothing, even where another has its id now", () => {
  writeFileSync(join(folder, "lock"), "999999999 boot:1");
  lockFolder(folder)();
  const other = spawn("sleep", ["30"]);
  try {
    writeFileSync(join(folder, "lock"), `${other.pid} an-earlier-boot:1`);
    lockFolder(folder)();
    // Without a start time there is only the id to go by.
    writeFileSync(join(folder, "lock"), String(other.pid));
    expect(() => lockFolder(folder)).toThrow(/in use by process/);
  } finally {
    other.kill("SIGKILL");
  }
});

test("a folder that cannot be one is told in one line", () => {
  writeFileSync(join(folder, "file"), "");
  expect(() => lockFolder(join(folder, "file"))).toThrow(/^The data folder .*file cannot be used: .*$/);
  mkdirSync(join(folder, "lock"));
  expect(() => lockFolder(folder)).toThrow(/^The data folder .* cannot be used: .*$/);
});

test("of many that find a stale lock at once, one gets the folder", async () => {
  const entry = `import { lockFolder } from ${JSON.stringify(join(PROJECT_DIR, "scripts/lib/folders/folder-lock.ts"))};
    for (const until = ${Date.now() + 2_500}; Date.now() < until;);
    try { lockFolder(${JSON.stringify(folder)}); console.log("mine"); } catch (error) { console.log(error.message); }
    setInterval(() => {}, 1_000);`;
  writeFileSync(join(folder, "entry.ts"), entry);
  writeFileSync(join(folder, "lock"), "999999999 boot:1");
  const children = Array.from({ length: 6 }, () =>
    spawn(process.execPath, ["--import", "tsx", join(folder, "entry.ts")], {
      cwd: PROJECT_DIR,
      stdio: ["ignore", "pipe", "inherit"],
    }),
  );
  // Whoever has the folder keeps it until all have spoken.
  const lines = await Promise.all(
    children.map(
      (child) =>
        new Promise<string>((resolve) => child.stdout.once("data", (line: Buffer) => resolve(line.toString().trim()))),
    ),
  );
  for (const child of children) child.kill("SIGKILL");
  expect(lines.filter((line) => line === "mine")).toHaveLength(1);
  expect(lines.filter((line) => /is in use by process \d+\.$/.test(line))).toHaveLength(5);
  expect(readFileSync(join(folder, "lock"), "utf8")).toMatch(/^\d+ /);
});
