import { join } from "node:path";
import type { PageSettings } from "../../../web/src/lib/pageSettings";
import { PROJECT_DIR } from "../settings";
import { buildSite } from "./site-build";
import { serveSite } from "./site";

export interface WebOptions {
  port: number;
  host: string;
  dataDir: string;
  settings: PageSettings & { convexUrl: string };
}

/**
 * Serves the web application: built once per state of its sources, or by Vite's development server with `dev`. Vite is
 * loaded (0.5 s of processor time) only when it is needed.
 */
export async function serveWeb(options: WebOptions & { dev: boolean }): Promise<{ close(): Promise<void> }> {
  const { port, host, settings, dataDir } = options;
  if (!options.dev) return await serveSite({ dir: await buildSite(join(dataDir, "web")), port, host, settings });
  process.env.VITE_CONVEX_URL = settings.convexUrl;
  process.env.VITE_GOOGLE_SIGN_IN = settings.offersGoogle ? "1" : "";
  process.env.VITE_DEMO_LOGINS = JSON.stringify(settings.demoLogins);
  const { createServer } = await import("vite");
  const vite = await createServer({
    root: join(PROJECT_DIR, "web"),
    configFile: join(PROJECT_DIR, "vite.config.ts"),
    server: { port, host, strictPort: true },
  });
  await vite.listen();
  return { close: () => vite.close() };
}
