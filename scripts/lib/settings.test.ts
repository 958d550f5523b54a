import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assertPublicUrl, PASSED_ON, PROJECT_DIR, readSettings } from "./settings";

test("the README's table names exactly the variables that are passed on", () => {
  const section = readFileSync(join(PROJECT_DIR, "README.md"), "utf8").split("\n## Settings\n")[1]!.split("\n## ")[0]!;
  const firstCells = section.split("\n").flatMap((line) => (line.startsWith("| `") ? [line.split("|")[1]!] : []));
  const named = firstCells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map((match) => match[1]!));
  expect(named.sort()).toEqual([...PASSED_ON].sort());
});

test("ports are numbers that differ; what is empty is unset; what is wrong names its variable", () => {
  expect(readSettings({ CONVEX_PORT: "4000", DATA_DIR: "/data" })).toMatchObject({
    convexPort: 4000,
    sitePort: 3211,
    dataDir: "/data",
  });
  for (const port of ["many", "0", "65536", "1.5"])
    expect(() => readSettings({ WEB_PORT: port })).toThrow(
      `WEB_PORT must be a port number from 1 to 65535, not "${port}".`,
    );
  const unset = readSettings({});
  expect(readSettings({ DATA_DIR: "", HOST: "", WEB_PORT: "" })).toEqual(unset);
  expect(() => readSettings({ STORE_PORT: "3210" })).toThrow(/must differ/);
});

test("PUBLIC_URL is an address that links can begin with", () => {
  for (const fine of [undefined, "", "https://api.example.com", "http://127.0.0.1:8080/live/"]) assertPublicUrl(fine);
  for (const wrong of [
    "api.example.com",
    "ftp://example.com",
    "https://a@example.com",
    "https://example.com/?x",
    "https://",
  ])
    expect(() => assertPublicUrl(wrong), wrong).toThrow(/^PUBLIC_URL must be/);
});
