import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROJECT_DIR } from "../settings";

/** Environment that makes the official CLI talk to this deployment and no other. */
export function cliEnvironment(url: string, key: string): NodeJS.ProcessEnv {
  const { CONVEX_DEPLOYMENT: _deployment, CONVEX_DEPLOY_KEY: _deployKey, ...rest } = process.env;
  return { ...rest, CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key, CI: "1" };
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
