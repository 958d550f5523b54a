import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { digestFiles } from "../folders/digest";
import { PROJECT_DIR } from "../settings";
import { serveSite } from "./site";

export interface WebOptions {
  port: number;
  host: string;
  dataDir: string;
  convexUrl: string;
  demoLogins: string | null;
  googleSignIn: boolean;
}

/**
 * Serves the web application: built once per state of its sources, or by Vite's development server with `dev`. Vite is
 * loaded (0.5 s of processor time) only when it is needed.
 */
export async function serveWeb(options: WebOptions & { dev: boolean }): Promise<{ close(): Promise<void> }> {
  process.env.VITE_CONVEX_URL = options.convexUrl;
  if (options.demoLogins) process.env.VITE_DEMO_LOGINS = options.demoLogins;
  process.env.VITE_GOOGLE_SIGN_IN = options.googleSignIn ? "1" : "";
  const { port, host, convexUrl } = options;
  if (!options.dev) return await serveSite({ dir: await builtSite(options), port, host, convexUrl });
  const { createServer } = await import("vite");
  const server = { port, host, strictPort: true };
  const vite = await createServer({ root: join(PROJECT_DIR, "web"), configFile: configFile(), server });
  await vite.listen();
  return { close: () => vite.close() };
}

/** The sources of a build. */
const SOURCES = ["web", "convex", "package-lock.json", "vite.config.ts"];

const configFile = () => join(PROJECT_DIR, "vite.config.ts");

async function builtSite(options: WebOptions): Promise<string> {
  const sites = join(options.dataDir, "web");
  const { convexUrl, demoLogins, googleSignIn } = options;
  const digest = digestFiles(PROJECT_DIR, SOURCES, [convexUrl, demoLogins ?? "", String(googleSignIn)]);
  const outDir = join(sites, digest);
  if (existsSync(join(outDir, "index.html"))) return outDir;
  rmSync(sites, { recursive: true, force: true });
  // Vite takes over what is set, and pages for people never come with React's checks for developers.
  process.env.NODE_ENV = "production";
  const { build } = await import("vite");
  await build({
    root: join(PROJECT_DIR, "web"),
    configFile: configFile(),
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}
