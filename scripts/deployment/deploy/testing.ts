/** For tests: a deployment in a temporary folder, and pushes made as the CLI makes them but without its seconds. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { expect } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import type { ModuleSource } from "../isolate";
import { type Deployment, type DeploymentOptions, startDeployment } from "../main";

export const FIXTURE = fileURLToPath(new URL("../fixture/", import.meta.url));
export const ADMIN_KEY = "tests|0123456789abcdef0123456789abcdef0123456789abcdef";

/** Files by path inside the functions folder; text in place of a file's name gives its contents. */
export type AppFiles = Record<string, { text: string } | { file: string }>;

const MODULES = ["counters", "jobs", "files", "http"];

/** The fixture app, with changes. */
export function fixtureApp(changes: AppFiles = {}): AppFiles {
  const files = Object.fromEntries(
    [...MODULES, "schema"].map((name) => [`${name}.ts`, { file: join(FIXTURE, `${name}.ts`) }]),
  );
  return { ...files, ...changes };
}

/** One self-contained ESM module per file. */
async function bundle(files: AppFiles): Promise<ModuleSource[]> {
  const modules: ModuleSource[] = [];
  for (const [path, source] of Object.entries(files)) {
    const entry =
      "file" in source
        ? { entryPoints: [source.file] }
        : { stdin: { contents: source.text, resolveDir: FIXTURE, sourcefile: path, loader: "ts" as const } };
    const result = await build({
      ...entry,
      bundle: true,
      format: "esm",
      platform: "browser",
      conditions: ["convex", "module"],
      write: false,
      target: "esnext",
      logLevel: "silent",
    });
    modules.push({
      path: path.replace(/\.ts$/, ".js"),
      source: result.outputFiles[0]!.text,
      environment: "isolate",
    });
  }
  return modules;
}

class PushFailure extends Error {
  constructor(
    readonly endpoint: string,
    readonly status: number,
    readonly body: { code: string; message: string },
  ) {
    super(`${endpoint}: ${status} ${body.code}: ${body.message}`);
  }
}

/** Calls a deploy2 endpoint. @throws PushFailure */
export async function deployCall(
  url: string,
  endpoint: string,
  body: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}/api/deploy2/${endpoint}`, {
    method: "POST",
    body: JSON.stringify({ adminKey: ADMIN_KEY, ...body }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  if (!response.ok) throw new PushFailure(endpoint, response.status, answer as { code: string; message: string });
  return answer;
}

export async function startPush(url: string, files: AppFiles): Promise<Record<string, unknown>> {
  const modules = await bundle(files);
  return await deployCall(url, "start_push", {
    dryRun: false,
    functions: "convex/",
    appDefinition: {
      definition: null,
      dependencies: [],
      schema: modules.find((module) => module.path === "schema.js") ?? null,
      changedModules: modules.filter((module) => module.path !== "schema.js"),
      unchangedModuleHashes: [],
      udfServerVersion: "1.48.0",
    },
    componentDefinitions: [],
    nodeDependencies: [],
  });
}

/**
 * A whole push.
 * @returns what finish_push answered.
 * @throws PushFailure, or Error when the schema does not fit the data.
 */
export async function push(url: string, files: AppFiles): Promise<Record<string, unknown>> {
  const start = await startPush(url, files);
  for (;;) {
    const status = await deployCall(url, "wait_for_schema", {
      schemaChange: start["schemaChange"],
      timeoutMs: 5_000,
    });
    if (status["type"] === "complete") break;
    if (status["type"] !== "inProgress") throw new Error(`wait_for_schema: ${JSON.stringify(status)}`);
  }
  return await deployCall(url, "finish_push", { startPush: start, dryRun: false, message: null });
}

export interface TestDeployment {
  deployment: Deployment;
  url: string;
  siteUrl: string;
  dataDir: string;
  /** Stops it and deletes its data. */
  stop(): Promise<void>;
}

export async function startTestDeployment(
  cloudPort: number,
  files: AppFiles | null = fixtureApp(),
  options: Partial<DeploymentOptions> = {},
): Promise<TestDeployment> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), "deployment-test-"));
  const deployment = await startDeployment({
    dataDir,
    cloudPort,
    sitePort: cloudPort + 1,
    adminKey: ADMIN_KEY,
    ...options,
  });
  if (files !== null) await push(deployment.cloudUrl, files);
  return {
    deployment,
    url: deployment.cloudUrl,
    siteUrl: deployment.siteUrl,
    dataDir,
    async stop() {
      await deployment.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Polls until `check` is true. @throws Error after as long as `timeoutMs` is on this machine. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  what: string,
  timeoutMs = 30_000,
): Promise<void> {
  const patienceMs = deadlineMs(timeoutMs);
  const deadline = Date.now() + patienceMs;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Waited ${patienceMs} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Calls a function over HTTP as an administrator. */
export async function run(url: string, path: string, args: Record<string, unknown> = {}): Promise<unknown> {
  const response = await fetch(`${url}/api/function`, {
    method: "POST",
    headers: { Authorization: `Convex ${ADMIN_KEY}` },
    body: JSON.stringify({ path, args: [args], format: "convex_encoded_json" }),
  });
  const answer = (await response.json()) as { status: string; value: unknown; errorMessage: string };
  if (answer.status !== "success") throw new Error(answer.errorMessage ?? JSON.stringify(answer));
  return answer.value;
}

/** Matchers as the type of what they stand for, not as `any`. */
export const containing = (text: string): string => expect.stringContaining(text) as string;
export const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
