import { spawn } from "node:child_process";
import { join } from "node:path";
import { PROJECT_DIR } from "../settings";

/** Runs the official CLI. @throws Error with what it said last when it fails. */
export async function runConvexCli(args: string[], environment: NodeJS.ProcessEnv): Promise<void> {
  const child = spawn(process.execPath, [join(PROJECT_DIR, "node_modules/convex/bin/main.js"), ...args], {
    cwd: PROJECT_DIR,
    env: environment,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (said += part.toString()));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0)
    throw new Error(
      `convex ${args[0]} failed: ${said
        .slice(said.lastIndexOf("✖") + 1)
        .trim()
        .slice(-1_000)}`,
    );
}
