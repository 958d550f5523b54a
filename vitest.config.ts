import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** The file that sleeps longer than any other works goes first, beside the others. */
class SleeperFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sleeps = (file: TestSpecification) => Number(file.moduleId.endsWith("interruptions.test.ts"));
    return (await super.sort(files)).sort((a, b) => sleeps(b) - sleeps(a));
  }
}

/**
 * Projects by environment: `convex` runs functions in convex-test's edge runtime, `node` everything else in this
 * process, `contract` the black-box suites against one server, `faults` what happens to servers that are killed or cut off,
 * `browser` real Chromium. Files of `contract` and `faults` run one after another, because they change their server for all.
 */
export default defineConfig({
  resolve: { alias: { "@": new URL("./web/src", import.meta.url).pathname, "@convex": new URL("./convex", import.meta.url).pathname } },
  test: {
    sequence: { sequencer: SleeperFirst },
    // Many files wait for processes they start; vitest's default would leave a second core idle.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: "convex",
          include: ["convex/**/*.test.ts"],
          environment: "edge-runtime",
          // Real password hashes, and claims of a thousand drafts, on a machine that may be busy.
          testTimeout: 30_000,
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
          testTimeout: 60_000,
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
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["scripts/tests/faults/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 60_000,
          hookTimeout: 180_000,
        },
      },
      {
        extends: true,
        test: {
          name: "browser",
          include: ["scripts/tests/browser/**/*.test.ts"],
          globalSetup: ["scripts/tests/browser/setup.ts"],
          environment: "node",
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
