/** The folder in which packages are installed and applications are pushed from, outside of the repository. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { cliEnvironment } from "../lib/start/push";
import type { ConformanceCase } from "./case";

const CONVEX = "1.48.0";
/** The versions that are driven. */
export const COMPONENT_VERSIONS: Record<string, string> = {
  "action-cache": "0.3.1",
  "action-retrier": "0.3.1",
  aggregate: "0.3.1",
  crons: "0.2.2",
  geospatial: "0.2.1",
  migrations: "0.3.6",
  "persistent-text-streaming": "0.3.3",
  presence: "0.4.0",
  "rate-limiter": "0.4.0",
  "sharded-counter": "0.2.1",
  workflow: "0.4.8",
  workpool: "0.4.16",
};
/** What components mount themselves. */
const OTHER_PACKAGES = { convex: CONVEX, "convex-helpers": "0.1.135" };

export const defaultCacheFolder = (): string =>
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "live-sessions-conformance");

/** Installs the packages, unless they are there. @returns whether there was anything to install. */
export async function installPackages(cache: string): Promise<boolean> {
  const dependencies: Record<string, string> = { ...OTHER_PACKAGES };
  for (const [name, version] of Object.entries(COMPONENT_VERSIONS)) dependencies[`@convex-dev/${name}`] = version;
  const text = JSON.stringify({ private: true, type: "module", dependencies }, null, 2);
  const manifest = join(cache, "package.json");
  const installed = join(cache, "installed.json");
  if (existsSync(installed) && readFileSync(installed, "utf8") === text) return false;
  mkdirSync(cache, { recursive: true });
  writeFileSync(manifest, text);
  // Peers are interfaces for React and its kin, which nothing here imports.
  await run(
    "npm",
    ["install", "--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"],
    cache,
    process.env,
  );
  writeFileSync(installed, text);
  return true;
}

/** Writes the application of a case and pushes it as its developer would. @throws Error with the reason. */
export async function pushCase(
  cache: string,
  { name, components, files }: ConformanceCase,
  url: string,
  adminKey: string,
): Promise<void> {
  const project = join(cache, "projects", name.split(":", 1)[0]!);
  rmSync(project, { recursive: true, force: true });
  const mounts = components.map((component, n) => ({
    line: `import component${n} from "@convex-dev/${component}/convex.config.js";`,
    use: `app.use(component${n});`,
  }));
  const config = [
    'import { defineApp } from "convex/server";',
    ...mounts.map(({ line }) => line),
    "const app = defineApp();",
    ...mounts.map(({ use }) => use),
    "export default app;",
  ].join("\n");
  for (const [path, text] of Object.entries({ ...files, "convex.config.ts": config })) {
    const file = join(project, "convex", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  await pushProject(project, cache, url, adminKey);
}

/** Pushes what is in `convex/` of a folder, with the tool installed in another. @throws Error with the reason. */
export async function pushProject(project: string, cache: string, url: string, adminKey: string): Promise<void> {
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module", dependencies: { convex: CONVEX } }));
  const cli = join(cache, "node_modules/convex/bin/main.js");
  const args = [cli, "deploy", "--yes", "--typecheck", "disable"];
  await run(process.execPath, args, project, cliEnvironment(url, adminKey));
}

/** Runs a command to its end. @throws Error with what it printed last when it fails. */
async function run(command: string, args: string[], folder: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(command, args, { cwd: folder, env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`${command} ${args[0]!.split("/").at(-1)}: ${readReason(output)}`);
}

/** The CLI marks what went wrong with ✖, the last one nearest to the cause. */
function readReason(output: string): string {
  const last = output.lastIndexOf("✖");
  return (last < 0 ? output : output.slice(last + 1)).trim();
}
