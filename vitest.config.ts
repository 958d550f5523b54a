import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";
import { compileMessages } from "./web/compileMessages.ts";
import { deadlineMs, FACTOR_VARIABLE, measureDeadlineFactor } from "./scripts/lib/deadlines.ts";

/** The file that sleeps longer than any other works goes first, beside the others. */
class SleeperFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sleeps = (file: TestSpecification) => Number(file.moduleId.endsWith("interruptions.test.ts"));
    return (await super.sort(files)).sort((a, b) => sleeps(b) - sleeps(a));
  }
}

// Once, before anything reads it: what is started from here, and the workers, wait as long as this run does.
if (process.env[FACTOR_VARIABLE] === undefined) {
  const factor = await measureDeadlineFactor();
  process.env[FACTOR_VARIABLE] = factor.toFixed(1);
  if (factor >= 2) console.log(`This machine is busy or slow: deadlines are ${factor.toFixed(1)} times as long.`);
}

// Hundreds of users sign up, and nobody guesses their passwords: hashes at full cost took a third of the contract
// tests.
process.env.PASSWORD_HASH_PASSES ??= "1";

/** One time limit for all tests of a kind. Those that pass do not wait for it, so it is what a hanging one may take. */
const within = (ms: number) => ({ testTimeout: deadlineMs(ms), hookTimeout: deadlineMs(ms) });

/** Pages mostly wait for their server and for what they show to come to rest. */
const BROWSER_WORKERS = Math.max(2, availableParallelism());

/**
 * Projects by environment: `convex` runs functions in convex-test's edge runtime, `node` everything else in this
 * process, `contract` the black-box suites against one server, `faults` what happens to servers that are killed or cut
 * off, `browser` real Chromium. Files of `contract` and `faults` run one after another, because they change their
 * server for all. Files share their workers: loading everything anew costs up to 2 s a file. So each leaves
 * environment, clock and modules as it found them.
 */
export default defineConfig({
  plugins: [compileMessages()],
  resolve: {
    alias: {
      "@": new URL("./web/src", import.meta.url).pathname,
      "@convex": new URL("./convex", import.meta.url).pathname,
    },
  },
  test: {
    sequence: { sequencer: SleeperFirst },
    isolate: false,
    // A failure in a log names everything that was found, not how much it was.
    chaiConfig: { truncateThreshold: 0 },
    // Many files wait for processes they start; vitest's default would leave a second core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: "convex",
          include: ["convex/**/*.test.ts"],
          environment: "edge-runtime",
          setupFiles: ["convex/stubs.testing.ts"],
          ...within(120_000),
          server: { deps: { inline: ["convex-test"] } },
        },
      },
      {
        extends: true,
        test: {
          name: "node",
          include: ["scripts/**/*.test.ts", "web/**/*.test.{ts,tsx}"],
          exclude: ["**/node_modules/**", "scripts/tests/**"],
          environment: "node",
          ...within(120_000),
        },
      },
      {
        extends: true,
        test: {
          name: "contract",
          include: ["scripts/tests/contract/**/*.test.ts"],
          globalSetup: ["scripts/tests/contract/setup.ts"],
          environment: "node",
          fileParallelism: false,
          ...within(240_000),
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["scripts/tests/faults/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          ...within(240_000),
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["scripts/tests/browser/**/*.test.ts"],
          maxWorkers: BROWSER_WORKERS,
          globalSetup: ["scripts/tests/browser/setup.ts"],
          environment: "node",
          // Where nobody looks on, pages get a second try: a browser on a shared machine stands still now and then.
          // What needed it is told at the end. Rules, races and faults get none: there, failing now and then is a bug.
          retry: process.env.CI ? 1 : 0,
          ...within(240_000),
        },
      },
    ],
  },
});
