import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, createServer, preview } from "vite";
import { PROJECT_DIR } from "../settings";

export interface WebOptions {
  port: number;
  host: string;
  dataDir: string;
  convexUrl: string;
  demoLogins: string | null;
  googleSignIn: boolean;
}

/** Serves the web application: built once per state of its sources, or by Vite's development server with `dev`. */
export async function serveWeb(options: WebOptions & { dev: boolean }): Promise<{ close(): Promise<void> }> {
  process.env.VITE_CONVEX_URL = options.convexUrl;
  if (options.demoLogins) process.env.VITE_DEMO_LOGINS = options.demoLogins;
  process.env.VITE_GOOGLE_SIGN_IN = options.googleSignIn ? "1" : "";
  const server = { port: options.port, host: options.host, strictPort: true };
  if (options.dev) {
    const vite = await createServer({ root: join(PROJECT_DIR, "web"), configFile: configFile(), server });
    await vite.listen();
    return { close: () => vite.close() };
  }
  const outDir = await builtSite(options);
  const site = await preview({
    root: join(PROJECT_DIR, "web"),
    configFile: configFile(),
    build: { outDir },
    preview: server,
  });
  return { close: () => site.close() };
}

const configFile = () => join(PROJECT_DIR, "vite.config.ts");

async function builtSite(options: WebOptions): Promise<string> {
  const sites = join(options.dataDir, "web");
  const outDir = join(sites, siteHash(options));
  if (existsSync(join(outDir, "index.html"))) return outDir;
  rmSync(sites, { recursive: true, force: true });
  await build({
    root: join(PROJECT_DIR, "web"),
    configFile: configFile(),
    logLevel: "error",
    build: { outDir, emptyOutDir: true },
  });
  return outDir;
}

/** Names a build by everything it is made from. */
function siteHash(options: WebOptions): string {
  const hash = createHash("sha256").update(
    `${options.convexUrl}\n${options.demoLogins ?? ""}\n${options.googleSignIn ? "google" : ""}\n`,
  );
  const files = ["web", "convex"].flatMap((folder) =>
    readdirSync(join(PROJECT_DIR, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  for (const file of [...files, join(PROJECT_DIR, "package-lock.json"), configFile()].sort())
    hash.update(file).update(readFileSync(file));
  return hash.digest("hex").slice(0, 16);
}
