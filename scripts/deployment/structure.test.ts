import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";

/** The folders from the lowest up: each imports only from those before it. */
const FLOORS = [
  "lib",
  "values",
  "storage",
  "documents",
  "transactions",
  "identity",
  "web-apis",
  "isolate",
  "functions",
  "queries",
  "actions",
  "engine",
  "jobs",
  "deploy",
  "gateway/http",
  "gateway/files",
  "gateway/snapshots",
  "gateway/admin",
  "gateway/sync",
  "gateway/server",
];
/** The module that puts the folders together. */
const TOP = ".";
const MAX_FILES = 15;
const IMPORT = /^(?:import|export)\b[^;]*?\bfrom "(\.[^"]*)";$/gm;
const IS_FOR_TESTS = /(?:\.test|(?:^|\/)testing|-child)\.ts$/;

const root = import.meta.dirname;
const sources = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".ts") && !path.startsWith("fixture/") && !IS_FOR_TESTS.test(path))
  .map((path) => ({ path, folder: dirname(path), text: readFileSync(join(root, path), "utf8") }));
const imports = sources.flatMap(({ path, folder, text }) =>
  [...text.matchAll(IMPORT)].flatMap((match) => {
    const target = relative(root, join(root, folder, match[1]!)) || TOP;
    return target.startsWith("..") ? [] : [{ path, folder, target }];
  }),
);

test("every folder has its place, and is no larger than one can look over", () => {
  const folders = new Set(sources.map(({ folder }) => folder));
  expect([...folders].filter((folder) => folder !== TOP).sort()).toEqual([...FLOORS].sort());
  for (const floor of FLOORS)
    expect(sources.filter(({ folder }) => folder === floor).length, floor).toBeLessThanOrEqual(MAX_FILES);
});

test("a folder is entered through its index.ts, and only from above", () => {
  expect(imports.length).toBeGreaterThan(sources.length);
  const wrong = imports.filter(({ folder, target }) => {
    if (folder === TOP) return !FLOORS.includes(target);
    return dirname(target) !== folder && FLOORS.indexOf(target) < 0;
  });
  expect(wrong).toEqual([]);
  const upward = imports.filter(
    ({ folder, target }) =>
      folder !== TOP && FLOORS.includes(target) && FLOORS.indexOf(target) >= FLOORS.indexOf(folder),
  );
  expect(upward).toEqual([]);
});
