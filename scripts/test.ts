/**
 * `npm test`: everything that checks the project. Types, lint, then the vitest projects; ends with one line that says how
 * many tests passed and failed. `npm test -- --help` for options.
 */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { findChromium } from "./lib/chromium";
import { PROJECT_DIR } from "./lib/settings";

const HELP = `npm test -- [options]     run everything that checks the project

  --project NAME   only this vitest project: convex, node, contract or browser (repeatable)
  --no-static      without type check and lint
  --help           this text

The browser tests run when a Chromium is found (CHROMIUM_PATH, or chromium or google-chrome on the PATH).`;

type Counts = { passed: number; failed: number; skipped: number };

async function main(): Promise<number> {
  const { values: flags } = parseArgs({
    options: {
      project: { type: "string", multiple: true },
      "no-static": { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (flags.help) {
    console.log(HELP);
    return 0;
  }
  const chromium = findChromium();
  const all = ["convex", "node", "contract", ...(chromium ? ["browser"] : [])];
  const failures: string[] = [];
  if (!flags["no-static"] && !flags.project) {
    const checks = [
      ["type check", ["tsc", "--noEmit", "-p", "."]],
      ["lint", ["eslint", ".", "--max-warnings", "0"]],
    ] as const;
    console.log(`\n▶ ${checks.map(([name]) => name).join(" and ")}`);
    const results = await Promise.all(checks.map(async ([name, command]) => ({ name, ...(await captured([...command])) })));
    for (const { name, code, output } of results) {
      process.stdout.write(output);
      if (code !== 0) failures.push(name);
    }
  }
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  for (const project of flags.project ?? all) {
    console.log(`\n▶ ${project} tests`);
    if (!runProject(project, counts, chromium)) failures.push(`${project} tests`);
  }
  if (!chromium && !flags.project)
    console.log("\n!! The browser tests did NOT run: no Chromium was found. Install one or set CHROMIUM_PATH.");
  if (failures.length > 0) console.log(`\nFailed: ${failures.join(", ")}`);
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
  console.log(`\n${counts.passed} passed, ${Math.max(counts.failed, failures.length)} failed${skipped}`);
  return failures.length === 0 ? 0 : 1;
}

function runProject(project: string, counts: Counts, chromium: string | null): boolean {
  const folder = mkdtempSync(join(tmpdir(), "live-sessions-test-"));
  const report = join(folder, "report.json");
  const code = run(
    ["vitest", "run", "--project", project, "--reporter=default", "--reporter=json", `--outputFile.json=${report}`],
    chromium ? { CHROMIUM_PATH: chromium } : {},
  );
  if (existsSync(report)) {
    const result = JSON.parse(readFileSync(report, "utf8")) as Record<string, number>;
    counts.passed += result.numPassedTests ?? 0;
    counts.failed += result.numFailedTests ?? 0;
    counts.skipped += (result.numPendingTests ?? 0) + (result.numTodoTests ?? 0);
  }
  rmSync(folder, { recursive: true, force: true });
  return code === 0;
}

function run([tool, ...args]: string[], env: NodeJS.ProcessEnv = {}): number {
  const result = spawnSync(join(PROJECT_DIR, "node_modules/.bin", tool ?? ""), args, {
    cwd: PROJECT_DIR,
    stdio: "inherit",
    env: { ...process.env, ...env },
  });
  return result.status ?? 1;
}

/** For what runs side by side: its output comes in one piece, when it is over. */
function captured([tool, ...args]: string[]): Promise<{ code: number; output: string }> {
  const child = spawn(join(PROJECT_DIR, "node_modules/.bin", tool ?? ""), args, { cwd: PROJECT_DIR });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

process.exit(await main());
