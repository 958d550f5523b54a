/** `convex/` is what `npx convex deploy` pushes to a hosted deployment: it may lean on nothing that only runs here. */
import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_DIR } from "./settings";

const FOLDER = join(PROJECT_DIR, "convex");
const IMPORT = /(?:\bfrom|\bimport|\brequire\(|\bimport\()\s*["']([^"']+)["']/g;

interface Module {
  path: string;
  node: boolean;
  imports: string[];
}

// Two dots keep a file out of a push.
const modules: Module[] = readdirSync(FOLDER, { recursive: true, encoding: "utf8" })
  .filter((path) => /^[^.]+\.(ts|js)$/.test(path.split("/").at(-1)!) && !path.startsWith("_generated"))
  .map((path) => {
    const text = readFileSync(join(FOLDER, path), "utf8");
    return {
      path,
      node: /^\s*["']use node["']/.test(text),
      imports: [...text.matchAll(IMPORT)].map((match) => match[1]!),
    };
  });

const isBuiltin = (name: string) => name.startsWith("node:") || builtinModules.includes(name.split("/")[0]!);
const inside = (from: string, name: string) => !relative(FOLDER, join(FOLDER, dirname(from), name)).startsWith("..");

test("the scan sees the modules and their imports", () => {
  expect(modules.length).toBeGreaterThan(150);
  expect(modules.find(({ path }) => path === "store/adapters/postgres/connect.ts")).toMatchObject({
    node: true,
    imports: expect.arrayContaining(["pg"]) as string[],
  });
});

test("no module imports from outside the folder", () => {
  const outside = modules.flatMap(({ path, imports }) =>
    imports.filter((name) => name.startsWith(".") && !inside(path, name)).map((name) => `${path}: ${name}`),
  );
  expect(outside).toEqual([]);
});

test('Node\'s own modules are imported in "use node" files only, and those by no other', () => {
  const nodeFiles = new Set(modules.filter(({ node }) => node).map(({ path }) => path.replace(/\.ts$/, "")));
  const wrong = modules
    .filter(({ node }) => !node)
    .flatMap(({ path, imports }) =>
      imports
        .filter((name) => isBuiltin(name) || (name.startsWith(".") && nodeFiles.has(join(dirname(path), name))))
        .map((name) => `${path}: ${name}`),
    );
  expect(wrong).toEqual([]);
});
