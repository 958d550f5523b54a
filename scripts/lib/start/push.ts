import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { AdminClient } from "../admin";
import { digestFiles } from "../folders/digest";
import { PROJECT_DIR } from "../settings";

/** Environment that makes the official CLI talk to this deployment and no other. */
export function cliEnvironment(url: string, key: string): NodeJS.ProcessEnv {
  const { CONVEX_DEPLOYMENT: _deployment, CONVEX_DEPLOY_KEY: _deployKey, ...rest } = process.env;
  return { ...rest, CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key, CI: "1" };
}

/** The sources of a push, and those of the deployment that analyzes it. */
const SOURCES = ["convex", "convex.json", "package-lock.json", "scripts/deployment"];

/** Digest of all that decides what a push does. */
export const digestSources = (): string => digestFiles(PROJECT_DIR, SOURCES);

/**
 * Pushes `convex/`, unless the embedded deployment serves what was pushed last from the same sources.
 *
 * @param dataDir the folder of all data, in which the last push is noted
 * @returns whether there was anything to push
 */
export async function pushIfChanged(admin: AdminClient, cliEnv: NodeJS.ProcessEnv, dataDir: string): Promise<boolean> {
  const file = join(dataDir, "pushed.json");
  const sources = digestSources();
  const note = async () => JSON.stringify({ sources, served: await admin.servedModules() });
  if (existsSync(file) && readFileSync(file, "utf8") === (await note())) return false;
  await pushFunctions(cliEnv);
  writeFileSync(file, await note());
  return true;
}

/** Pushes `convex/` with the official CLI; throws with the reason it gives when the push fails. */
export async function pushFunctions(environment: NodeJS.ProcessEnv): Promise<void> {
  const cli = join(PROJECT_DIR, "node_modules/convex/bin/main.js");
  const args = [cli, "deploy", "--yes", "--typecheck", "disable", "--codegen", "disable"];
  const child = spawn(process.execPath, args, {
    cwd: PROJECT_DIR,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", resolve);
  });
  if (code !== 0) throw new Error(`The functions in convex/ could not be pushed: ${reasonIn(output)}`);
}

/** The CLI marks what went wrong with ✖, the last one nearest to the cause; before it comes its progress. */
function reasonIn(output: string): string {
  const last = output.lastIndexOf("✖");
  const reason = last < 0 ? output : output.slice(last + 1);
  return reason.trim().replace(/^Error fetching \S+\s+\S+ \d{3} [A-Za-z ]+: /, "");
}
