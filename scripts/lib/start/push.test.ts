import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ADMIN_KEY, fixtureApp, push, startTestDeployment } from "../../deployment/deploy/testing";
import { adminClient } from "../admin";
import { PROJECT_DIR } from "../settings";
import { cliEnvironment, digestSources, pushIfChanged } from "./push";

const PORT = 4390;

test("what is served already is not pushed again; what somebody else has pushed since is replaced", async () => {
  const app = await startTestDeployment(PORT, fixtureApp(), { projectDir: PROJECT_DIR });
  try {
    const admin = adminClient(app.url, ADMIN_KEY);
    const pushAgain = () => pushIfChanged(admin, cliEnvironment(app.url, ADMIN_KEY), app.dataDir);
    const served = await admin.servedModules();
    writeFileSync(join(app.dataDir, "pushed.json"), JSON.stringify({ sources: digestSources(), served }));
    expect(await pushAgain()).toBe(false);
    const other = { text: `import { queryGeneric } from "convex/server"; export const a = queryGeneric(() => 1);` };
    await push(app.url, { "other.ts": other });
    expect(await pushAgain()).toBe(true);
    expect(await admin.servedModules()).toContain('"http.js"');
    expect(await pushAgain()).toBe(false);
  } finally {
    await app.stop();
  }
});
