import { spawn } from "node:child_process";
import { existsSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { digestFiles } from "../folders/digest";
import { PROJECT_DIR } from "../settings";

/** The sources of a build. */
const SOURCES = ["web", "convex", "package-lock.json", "vite.config.ts"];

/**
 * Builds the web application, unless `sites` has the build of these sources. It serves at any address: what differs is
 * written into its page when it is served.
 *
 * @param sites the folder of builds; others in it are removed
 * @returns the folder of the build
 */
export async function buildSite(sites: string): Promise<string> {
  const folder = join(sites, digestFiles(PROJECT_DIR, SOURCES));
  if (existsSync(folder)) return folder;
  rmSync(sites, { recursive: true, force: true });
  const unfinished = `${folder}.unfinished`;
  await runVite(["build", "web", "--config", "vite.config.ts", "--outDir", unfinished, "--logLevel", "error"]);
  renameSync(unfinished, folder);
  return folder;
}

/** In a process of its own, which takes the memory of the build with it. */
async function runVite(args: string[]): Promise<void> {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("VITE_"));
  const child = spawn(process.execPath, [join(PROJECT_DIR, "node_modules/vite/bin/vite.js"), ...args], {
    cwd: PROJECT_DIR,
    // Pages for people never come with React's checks for developers.
    env: { ...Object.fromEntries(own), NODE_ENV: "production" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  // Whoever ends this process ends the build.
  const stop = () => child.kill();
  process.once("exit", stop);
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const ended = await new Promise<number | string | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal));
  }).finally(() => process.off("exit", stop));
  if (ended !== 0) throw new Error(`The web application could not be built (${ended}): ${output.trim()}`);
}
