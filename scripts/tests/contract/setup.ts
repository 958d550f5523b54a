import type { TestProject } from "vitest/node";
import { startServer } from "../../lib/server";
import { provide } from "../support/provide";

/**
 * One server for the whole contract project; with `LIVE_SESSIONS_URL` (REST), `LIVE_SESSIONS_CONVEX_URL`,
 * `CONVEX_SELF_HOSTED_ADMIN_KEY`, `SERVICE_KEY`, `PERMANENT_STORE_URL` and `LIVE_SESSIONS_WEB_URL` (an origin that CORS
 * allows) the suite runs against that deployment instead.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const url = process.env.LIVE_SESSIONS_URL;
  if (url) {
    provide(project, {
      siteUrl: url,
      convexUrl: process.env.LIVE_SESSIONS_CONVEX_URL ?? url,
      adminKey: process.env.CONVEX_SELF_HOSTED_ADMIN_KEY ?? "",
      serviceKey: process.env.SERVICE_KEY ?? "",
      storeUrl: process.env.PERMANENT_STORE_URL ?? "",
      webUrl: process.env.LIVE_SESSIONS_WEB_URL ?? "",
    });
    return async () => undefined;
  }
  const server = await startServer();
  provide(project, server);
  return () => server.stop();
}
