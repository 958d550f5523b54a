import type { TestProject } from "vitest/node";
import { startServer } from "../../lib/server";
import { provide } from "../support/provide";

/** One server with its web application for the files that need no settings of their own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startServer({
    args: ["--no-seed"],
    env: { TUTORING_AUTO_APPROVE: "true", WEBHOOK_ALLOW_PRIVATE: "true" },
  });
  provide(project, server);
  return () => server.stop();
}
