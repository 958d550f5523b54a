import type { TestProject } from "vitest/node";
import { startServer } from "../../lib/server";

/**
 * One server for the whole contract project; with `LIVE_SESSIONS_URL` (REST), `LIVE_SESSIONS_CONVEX_URL`,
 * `CONVEX_SELF_HOSTED_ADMIN_KEY`, `SERVICE_KEY`, `PERMANENT_STORE_URL` and `LIVE_SESSIONS_WEB_URL` (an origin that CORS allows)
 * the suite runs against that deployment instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.LIVE_SESSIONS_URL;
  if (url) {
    project.provide("siteUrl", url);
    project.provide("convexUrl", process.env.LIVE_SESSIONS_CONVEX_URL ?? url);
    project.provide("adminKey", process.env.CONVEX_SELF_HOSTED_ADMIN_KEY ?? "");
    project.provide("serviceKey", process.env.SERVICE_KEY ?? "");
    project.provide("storeUrl", process.env.PERMANENT_STORE_URL ?? "");
    project.provide("webUrl", process.env.LIVE_SESSIONS_WEB_URL ?? "");
    return async () => undefined;
  }
  const server = await startServer();
  project.provide("siteUrl", server.siteUrl);
  project.provide("convexUrl", server.convexUrl);
  project.provide("adminKey", server.adminKey);
  project.provide("serviceKey", server.serviceKey);
  project.provide("storeUrl", server.storeUrl);
  project.provide("webUrl", server.webUrl);
  return () => server.stop();
}
