/**
 * `npm test`: everything that checks the project. Types, lint, then the vitest projects; ends with one line that says
 * how many tests passed and failed. `npm test -- --help` for options.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { HELP_OPTION, readArguments } from "./lib/arguments";
import { findChromium } from "./lib/chromium";
import { PROJECT_DIR } from "./lib/settings";
import { OUTCOME_FILE, type Outcome } from "./tests/support/outcome";

const HELP = `npm test -- [options]     run everything that checks the project

  --project NAME   only this vitest project: convex, node, contract, faults or browser (repeatable)
  --no-static      without types, lint, format and dead code
  --help           this text

The browser tests run when a Chromium is found (CHROMIUM_PATH, or chromium-headless-shell, chromium or
google-chrome on the PATH).`;

const NOTHING: Outcome = { passed: 0, failed: 0, skipped: 0, failures: [], secondTries: [] };
/** Lines of a run that broke off, told again at the end. */
const MOST_ERROR_LINES = 20;
type Ended = Outcome & { name: string; ok: boolean };

/**
 * Stage after stage, for two cores: of each the lanes run side by side, and what is in a lane one after the other. What
 * breaks most often and is told soonest comes first. Tests of functions come last: they alone keep the cores busy,
 * while all others wait for processes now and then.
 */
const STAGES = [
  [["types and lint"], ["format", "dead code"]],
  [["node", "convex"], ["faults"], ["contract"], ["browser"]],
];
const NAMES = STAGES.flat(2);
const STATIC: Record<string, string[]> = {
  "types and lint": ["oxlint"],
  format: ["prettier", "--check", "--log-level", "warn", "."],
  "dead code": ["knip"],
};

async function main(): Promise<number> {
  const { values: flags } = readArguments({
    options: {
      project: { type: "string", multiple: true },
      "no-static": { type: "boolean", default: false },
      help: HELP_OPTION,
    },
  });
  if (flags.help) {
    console.log(HELP);
    return 0;
  }
  const chromium = findChromium();
  const wanted = (name: string) => {
    if (name in STATIC) return !flags["no-static"] && !flags.project;
    return flags.project ? flags.project.includes(name) : name !== "browser" || chromium !== null;
  };
  const unknown = flags.project?.filter((name) => name in STATIC || !NAMES.includes(name)) ?? [];
  if (unknown.length > 0) {
    console.error(`There is no project ${unknown.join(", ")}; --help lists them.`);
    return 2;
  }
  const outcomes: Ended[] = [];
  const runLane = async (names: string[]) => {
    for (const name of names.filter(wanted)) {
      console.log(`\n▶ ${name in STATIC ? name : `${name} tests`}`);
      outcomes.push(name in STATIC ? await runStatic(name) : await runProject(name, chromium));
    }
  };
  for (const stage of STAGES) await Promise.all(stage.map(runLane));
  if (!chromium && !flags.project)
    console.log("\n!! The browser tests did NOT run: no Chromium was found. Install one or set CHROMIUM_PATH.");
  return conclude(outcomes);
}

/**
 * Says what failed, by name, first line and place, what passed only at its second try, and the totals. → the exit code
 */
function conclude(outcomes: Ended[]): number {
  const secondTries = outcomes.flatMap((outcome) => outcome.secondTries);
  if (secondTries.length > 0)
    console.log(["", "Passed at the second try:", ...secondTries.map((failure) => `  ${failure}`)].join("\n"));
  const broken = outcomes.filter(({ ok }) => !ok);
  for (const { name, failures } of broken)
    console.log(["", `Failed: ${name}`, ...failures.map((failure) => `  ${failure}`)].join("\n"));
  const sum = (key: "passed" | "failed" | "skipped") => outcomes.reduce((total, outcome) => total + outcome[key], 0);
  const skipped = sum("skipped") > 0 ? `, ${sum("skipped")} skipped` : "";
  console.log(`\n${sum("passed")} passed, ${Math.max(sum("failed"), broken.length)} failed${skipped}`);
  return broken.length === 0 ? 0 : 1;
}

async function runStatic(name: string): Promise<Ended> {
  // Types are checked by a Go program, which spends a fifth of its time on collecting garbage, though there is room.
  const { code } = await run(STATIC[name]!, { GOGC: "400" });
  return { name, ok: code === 0, ...NOTHING };
}

async function runProject(name: string, chromium: string | null): Promise<Ended> {
  const folder = mkdtempSync(join(tmpdir(), "live-sessions-test-"));
  const file = join(folder, "outcome.json");
  const { code, errors } = await run(
    ["vitest", "run", "--project", name, "--reporter=default", "--reporter=./scripts/tests/support/outcome.ts"],
    { [OUTCOME_FILE]: file, ...(chromium && { CHROMIUM_PATH: chromium }) },
  );
  const outcome = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Outcome) : null;
  rmSync(folder, { recursive: true, force: true });
  if (outcome && (code === 0 || outcome.failures.length > 0))
    return { name: `${name} tests`, ok: code === 0, ...outcome };
  // A run that ends without an outcome has tested nothing, whatever its exit code.
  const failures = [`vitest ended with ${code} and named no failure. The last that it wrote:`, ...errors];
  return { name: `${name} tests`, ok: false, ...(outcome ?? NOTHING), failures };
}

/**
 * Runs a tool of the project, line by line into this process's output, so that two can speak at once.
 *
 * @returns its exit code, or the signal that ended it, and the last lines that it wrote to its standard error
 */
function run(
  [tool, ...args]: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | string; errors: string[] }> {
  const child = spawn(join(PROJECT_DIR, "node_modules/.bin", tool!), args, {
    cwd: PROJECT_DIR,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}), ...process.env, ...env },
  });
  createInterface({ input: child.stdout }).on("line", (line) => console.log(line));
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on("line", (line) => {
    console.error(line);
    errors.push(line);
    errors.splice(0, errors.length - MOST_ERROR_LINES);
  });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal ?? "nothing", errors }));
  });
}

process.exit(
  await main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return 2;
  }),
);
