import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { deadlineMs } from "../deadlines";
import { makeFolder } from "./folders";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "folders-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("makes what is missing, and takes what is there", () => {
  const folder = join(temporaryFolder(), "a", "b", "c");
  makeFolder(folder);
  makeFolder(folder);
  expect(existsSync(folder)).toBe(true);
});

test("a file in the way is an error", () => {
  const file = join(temporaryFolder(), "file");
  writeFileSync(file, "");
  expect(() => makeFolder(file)).toThrow("EEXIST");
  expect(() => makeFolder(join(file, "below"))).toThrow(/ENOTDIR|EEXIST/);
});

// In a process of its own: what would not return could not be stopped in this one.
test.runIf(existsSync("/proc/1"))("a place that takes no folders is an error, not an endless loop", () => {
  const code = `import("${new URL("folders.ts", import.meta.url).href}").then(({ makeFolder }) => makeFolder("/proc/1/nope/a"))`;
  const { status, stderr } = spawnSync(process.execPath, ["--import", "tsx", "--eval", code], {
    encoding: "utf8",
    timeout: deadlineMs(30_000),
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining("ENOENT")]);
});
