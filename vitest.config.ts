import { defineConfig } from "vitest/config";

/**
 * Projects by environment: `convex` runs functions in convex-test's edge runtime, `node` everything else in this
 * process, `contract` the black-box suites against a deployment they start, `browser` real Chromium. The last two run
 * their files one after another, because each starts servers of its own.
 */
export default defineConfig({
  resolve: { alias: { "@": new URL("./web/src", import.meta.url).pathname, "@convex": new URL("./convex", import.meta.url).pathname } },
  test: {
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
          include: ["scripts/tests/contract/**/*.test.ts", "scripts/tests/faults/**/*.test.ts"],
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
          name: "browser",
          include: ["scripts/tests/browser/**/*.test.ts"],
          environment: "node",
          fileParallelism: false,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
    ],
  },
});
