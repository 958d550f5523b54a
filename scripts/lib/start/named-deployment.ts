import { existsSync } from "node:fs";
import { adminClient, type AdminClient } from "../admin";
import { ENV_LOCAL } from "./env-local";

/**
 * The deployment that the environment names, or `.env.local`.
 * @throws Error, one line, when neither names one.
 */
export function findNamedDeployment(): AdminClient {
  // Variables that are set already win, so that another deployment can be named for one run.
  if (existsSync(ENV_LOCAL)) process.loadEnvFile(ENV_LOCAL);
  const { CONVEX_SELF_HOSTED_URL: url, CONVEX_SELF_HOSTED_ADMIN_KEY: key } = process.env;
  if (!url || !key)
    throw new Error(
      "No deployment: run npm start first, or set CONVEX_SELF_HOSTED_URL and CONVEX_SELF_HOSTED_ADMIN_KEY.",
    );
  return adminClient(url, key);
}
