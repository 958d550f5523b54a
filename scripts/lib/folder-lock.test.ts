import { execFileSync, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFolder } from "./folder-lock";
import { PROJECT_DIR } from "./settings";

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

test("of many that find a stale lock at once, one gets the folder", () => {
  const entry = `import { lockFolder } from ${JSON.stringify(join(PROJECT_DIR, "scripts/lib/folder-lock.ts"))};
    for (const until = ${Date.now() + 2_500}; Date.now() < until;);
    try { lockFolder(${JSON.stringify(folder)}); console.log("mine"); setTimeout(() => {}, 2_000); } catch (error) { console.log(error.message); }`;
  writeFileSync(join(folder, "entry.ts"), entry);
  writeFileSync(join(folder, "lock"), "999999999 boot:1");
  const tsx = join(PROJECT_DIR, "node_modules/.bin/tsx");
  const told = execFileSync(
    "sh",
    ["-c", `for i in 1 2 3 4 5 6; do ${tsx} ${join(folder, "entry.ts")} & done; wait`],
    { encoding: "utf8" },
  );
  const lines = told.trim().split("\n");
  expect(lines.filter((line) => line === "mine")).toHaveLength(1);
  expect(lines.filter((line) => /is in use by process \d+\.$/.test(line))).toHaveLength(5);
  expect(readFileSync(join(folder, "lock"), "utf8")).toMatch(/^\d+ /);
});
