/** `.env.local`, in which the Convex CLI and the imports find the deployment. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PROJECT_DIR } from "../settings";

export const ENV_LOCAL = join(PROJECT_DIR, ".env.local");
const NOTE = "# Written by npm start: the deployment that npx convex talks to.";

/** Names the deployment in `.env.local`. What else the file says, the CLI's own lines or the reader's, stays. */
export function nameDeployment(url: string, key: string): void {
  const before = existsSync(ENV_LOCAL) ? readFileSync(ENV_LOCAL, "utf8") : "";
  writeFileSync(ENV_LOCAL, withDeployment(before, url, key), { mode: 0o600 });
}

/** The text of an `.env.local` that names this deployment and keeps every other line. */
export function withDeployment(text: string, url: string, key: string): string {
  const others = text
    .split("\n")
    .filter((line) => line !== NOTE && !/^\s*CONVEX_SELF_HOSTED_(URL|ADMIN_KEY)\s*=/.test(line));
  const own = [NOTE, `CONVEX_SELF_HOSTED_URL=${url}`, `CONVEX_SELF_HOSTED_ADMIN_KEY='${key}'`];
  return [...own, others.join("\n").trim()].join("\n").trimEnd() + "\n";
}
