/** Comments keep within the width that Prettier gives to code, and does not give to them. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { PROJECT_DIR } from "./settings";

const { printWidth } = JSON.parse(readFileSync(join(PROJECT_DIR, ".prettierrc.json"), "utf8")) as {
  printWidth: number;
};
const COMMENT = /^\s*(\/\/|\/\*|\*)/;

const sources = ["convex", "scripts", "web"].flatMap((folder) =>
  readdirSync(join(PROJECT_DIR, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/_generated|node_modules/.test(path))
    .map((path) => join(folder, path)),
);

test("no comment is wider than the code", () => {
  expect(sources.length).toBeGreaterThan(700);
  const wide = sources.flatMap((path) =>
    readFileSync(join(PROJECT_DIR, path), "utf8")
      .split("\n")
      .flatMap((line, index) => (COMMENT.test(line) && line.length > printWidth ? [`${path}:${index + 1}`] : [])),
  );
  expect(wide).toEqual([]);
});
