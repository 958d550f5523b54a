import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConvexClient } from "convex/browser";
import { anyApi } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  ADMIN_KEY,
  deployCall,
  eventually,
  FIXTURE,
  fixtureApp,
  push,
  run,
  startPush,
  startTestDeployment,
  type TestDeployment,
} from "./testing";

const PORT = 4350;
let app: TestDeployment;

beforeAll(async () => {
  app = await startTestDeployment(PORT);
});
afterAll(() => app.stop());

const text = (body: string): { text: string } => ({ text: body });

const sendVariable = (name: string, value: string | null, url = app.url): Promise<Response> =>
  fetch(`${url}/api/update_environment_variables`, {
    method: "POST",
    headers: { Authorization: `Convex ${ADMIN_KEY}` },
    body: JSON.stringify({ changes: [{ name, value }] }),
  });

async function setVariable(name: string, value: string | null): Promise<void> {
  expect((await sendVariable(name, value)).status).toBe(200);
}

describe("a push that fails changes nothing and says why", () => {
  const cron = (line: string) =>
    text(`import { anyApi, cronJobs } from "convex/server"; const crons = cronJobs(); ${line} export default crons;`);
  const cases: [string, Record<string, { text: string } | { file: string }>, string][] = [
    ["a module that throws", { "broken.ts": text(`throw new Error("at import"); export {};`) }, "at import"],
    [
      "a cron for a function that is not there",
      {
        "crons.ts": text(
          `import { anyApi, cronJobs } from "convex/server"; const crons = cronJobs(); crons.interval("x", { seconds: 5 }, anyApi.jobs.nowhere); export default crons;`,
        ),
      },
      "does not exist: jobs:nowhere",
    ],
    [
      "a cron for a query",
      {
        "crons.ts": text(
          `import { anyApi, cronJobs } from "convex/server"; const crons = cronJobs(); crons.interval("x", { seconds: 5 }, anyApi.jobs.runs, { name: "" }); export default crons;`,
        ),
      },
      "only mutations and actions",
    ],
    [
      "a cron that cannot be parsed",
      { "crons.ts": cron(`crons.cron("nightly", "0 25 * * *", anyApi.jobs.record, { name: "x" });`) },
      'The cron job \'nightly\' cannot be scheduled: its schedule "0 25 * * *" is invalid, in "25" for the hour, 25 is not between 0 and 23.',
    ],
    [
      "a cron that is never due",
      { "crons.ts": cron(`crons.cron("leap", "0 9 30 2 *", anyApi.jobs.record, { name: "x" });`) },
      "The cron job 'leap' cannot be scheduled",
    ],
    [
      "a cron at an hour that there is not",
      {
        "crons.ts": text(
          `export default { export: () => JSON.stringify({ x: { name: "jobs:record", args: [{}], schedule: { type: "daily", hourUTC: 24, minuteUTC: 0 } } }) };`,
        ),
      },
      "hourUTC must be an integer from 0 to 23",
    ],
    [
      "crons that are a schema",
      { "crons.ts": text(`import { defineSchema } from "convex/server"; export default defineSchema({});`) },
      "crons.ts must export default the result of cronJobs()",
    ],
    [
      "a schema without tables",
      { "schema.ts": text(`export default { export: () => "{}" };`) },
      "What was pushed cannot be made sense of",
    ],
    ["an auth config that is text", { "auth.config.ts": text(`export default { export: () => "no" };`) }, "no"],
    [
      "an auth provider without its variable",
      { "auth.config.ts": { file: `${FIXTURE}auth.config.ts` } },
      "Environment variable TEST_JWKS is used in auth config file",
    ],
    [
      "a schema with an index of a field that is not there",
      {
        "schema.ts": text(
          `import { defineSchema, defineTable } from "convex/server"; export default defineSchema({ notes: defineTable({}).index("by_text", ["text"]) });`,
        ),
      },
      'In table "notes" the index "by_text" is invalid: the field "text" does not exist.',
    ],
    ["an auth config without providers", { "auth.config.ts": text("export default {};") }, "providers"],
    ["a schema that is none", { "schema.ts": text("export const schema = 1;") }, "schema.js must export default"],
  ];
  test.each(cases)("%s", async (_name, changes, reason) => {
    const hashes = await configHashes();
    const failure = await push(app.url, fixtureApp(changes)).catch((error: unknown) => error);
    expect(String(failure)).toContain(reason);
    expect(failure).toMatchObject({ status: 400 });
    expect(await configHashes()).toEqual(hashes);
    expect(await run(app.url, "counters:get", { name: "x" })).toBe(0);
  });

  test("rows that do not fit the schema", async () => {
    await run(app.url, "counters:add", { name: "row", by: 1 });
    const schema = text(`import { defineSchema, defineTable } from "convex/server"; import { v } from "convex/values";
      export default defineSchema({ counters: defineTable({ name: v.string(), value: v.string() }).index("by_name", ["name"]), runs: defineTable({ name: v.string() }).index("by_name", ["name"]) });`);
    await expect(push(app.url, fixtureApp({ "schema.ts": schema }))).rejects.toThrow(
      /"type":"failed".*"tableName":"counters"/,
    );
    expect(await run(app.url, "counters:add", { name: "row", by: 1 })).toBe(2);
  });

  async function configHashes(): Promise<unknown> {
    return (
      await fetch(`${app.url}/api/get_config_hashes`, {
        method: "POST",
        body: JSON.stringify({ adminKey: ADMIN_KEY }),
      })
    ).json();
  }
});

test("starting a push serves nothing of it; finishing does", async () => {
  const extra = {
    "extra.ts": text(`import { queryGeneric } from "convex/server"; export const hi = queryGeneric(async () => "hi");`),
  };
  const start = await startPush(app.url, fixtureApp(extra));
  await expect(run(app.url, "extra:hi")).rejects.toThrow("Could not find");
  await deployCall(app.url, "wait_for_schema", { schemaChange: start["schemaChange"], timeoutMs: 1_000 });
  await expect(run(app.url, "extra:hi")).rejects.toThrow("Could not find");
  const dry = await deployCall(app.url, "finish_push", { startPush: start, dryRun: true });
  expect(dry["componentDiffs"]).toMatchObject({
    "": { diffType: { type: "modify" }, moduleDiff: { added: ["extra.js"], removed: [] } },
  });
  await expect(run(app.url, "extra:hi")).rejects.toThrow("Could not find");
  await push(app.url, fixtureApp(extra));
  expect(await run(app.url, "extra:hi")).toBe("hi");
  await push(app.url, fixtureApp());
  await expect(run(app.url, "extra:hi")).rejects.toThrow("Could not find");
});

test("what the CLI sends several times for one push is analyzed once, and the next push anew", async () => {
  const random = `import { queryGeneric } from "convex/server"; import { v } from "convex/values";
    export const drawn = queryGeneric({ args: { lot: v.literal(String(Math.random())) }, handler: () => 1 });`;
  const start = async () => JSON.stringify(await startPush(app.url, fixtureApp({ "lot.ts": text(random) })));
  const lotIn = (answer: string) => /0\.\d{10,}/.exec(answer)?.[0];
  const first = lotIn(await start());
  expect(first).toBeDefined();
  expect(lotIn(await start())).toBe(first);
  await push(app.url, fixtureApp({ "lot.ts": text(random) }));
  expect(lotIn(await start())).not.toBe(first);
  await push(app.url, fixtureApp());
});

test("a push of another schema alone is seen by what watches, and by what had failed", async () => {
  const schema = (indexes: string) =>
    text(`import { defineSchema, defineTable } from "convex/server"; import { v } from "convex/values";
      export default defineSchema({ counters: defineTable({ name: v.string(), value: v.number() }).index("by_name", ["name"])${indexes},
      runs: defineTable({ name: v.string() }).index("by_name", ["name"]) });`);
  const ranked = text(`import { queryGeneric } from "convex/server";
    export const names = queryGeneric(async (ctx) =>
      (await ctx.db.query("counters").withIndex("ranked", (q) => q).collect()).map(({ name }) => name).filter((name) => name.startsWith("ranked ")));`);
  const pushWith = (indexes: string) =>
    push(app.url, fixtureApp({ "ranked.ts": ranked, "schema.ts": schema(indexes) }));
  await pushWith("");
  await run(app.url, "counters:add", { name: "ranked a", by: 2 });
  await run(app.url, "counters:add", { name: "ranked b", by: 1 });
  const client = new ConvexClient(app.url, { logger: false });
  try {
    let told: unknown;
    const isTold = (wanted: string) =>
      eventually(
        () => JSON.stringify(told)?.includes(wanted) ?? false,
        `${wanted}, told ${JSON.stringify(told)}`,
        5_000,
      );
    client.onUpdate(
      anyApi.ranked!.names!,
      {},
      (names: unknown) => (told = names),
      (error) => (told = error.message),
    );
    await isTold("Index counters.ranked not found");
    await pushWith('.index("ranked", ["value"])');
    await isTold('["ranked b","ranked a"]');
    await pushWith('.index("ranked", ["name"])');
    await isTold('["ranked a","ranked b"]');
    await run(app.url, "counters:add", { name: "ranked 0", by: 9 });
    await isTold('["ranked 0","ranked a","ranked b"]');
  } finally {
    await client.close();
  }
  await push(app.url, fixtureApp());
});

test("a push that is finished without waiting for its schema waits, and says what does not match", async () => {
  await run(app.url, "counters:add", { name: "waits", by: 1 });
  const schema = (type: string) =>
    text(`import { defineSchema, defineTable } from "convex/server"; import { v } from "convex/values";
      export default defineSchema({ counters: defineTable({ name: v.string(), value: v.${type}() }).index("by_name", ["name"]) }, { strictTableNameTypes: false });`);
  const wrong = await startPush(app.url, fixtureApp({ "schema.ts": schema("string") }));
  await expect(deployCall(app.url, "finish_push", { startPush: wrong, dryRun: false })).rejects.toMatchObject({
    body: { code: "SchemaValidationFailed", message: expect.stringContaining("does not match the schema") as string },
  });
  const right = await startPush(app.url, fixtureApp());
  await deployCall(app.url, "finish_push", { startPush: right, dryRun: false });
});

test("a push overtaken by another push, or by a change of the environment, has to start again", async () => {
  const slow = await startPush(app.url, fixtureApp());
  await push(app.url, fixtureApp());
  await expect(deployCall(app.url, "finish_push", { startPush: slow, dryRun: false })).rejects.toMatchObject({
    body: { code: "RaceDetected" },
  });
  const next = await startPush(app.url, fixtureApp());
  await setVariable("OTHER", "1");
  await expect(deployCall(app.url, "finish_push", { startPush: next, dryRun: false })).rejects.toMatchObject({
    body: { code: "RaceDetected" },
  });
  await expect(deployCall(app.url, "finish_push", { startPush: {}, dryRun: false })).rejects.toMatchObject({
    body: { code: "RaceDetected" },
  });
});

describe("the auth config follows what it reads", () => {
  const config = (providers: string) => ({ "auth.config.ts": text(`export default { providers: [${providers}] };`) });
  const served = (of: TestDeployment) =>
    (JSON.parse(of.deployment.store.meta.get("push/served")!) as { auth: { domain: string }[] }).auth;

  test("a changed variable holds at once; the last value of one that it needs cannot be removed", async () => {
    await setVariable("ISSUER", "https://one.test");
    await push(app.url, fixtureApp(config(`{ domain: process.env.ISSUER, applicationID: "a" }`)));
    await setVariable("ISSUER", "https://two.test");
    expect(served(app)).toEqual([{ domain: "https://two.test", applicationID: "a" }]);
    const removed = await sendVariable("ISSUER", null);
    expect([removed.status, await removed.json()]).toEqual([
      400,
      {
        code: "AuthConfigMissingEnvironmentVariable",
        message: "Environment variable ISSUER is used in auth config file but its value was not set.",
      },
    ]);
    expect(served(app)[0]!.domain).toBe("https://two.test");
    await push(app.url, fixtureApp());
    await setVariable("ISSUER", null);
  });

  test("the deployment's own address, after a start on another port", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "deployment-test-"));
    const files = fixtureApp(config(`{ domain: process.env.CONVEX_SITE_URL, applicationID: "a" }`));
    const first = await startTestDeployment(PORT + 2, files, { dataDir });
    expect(served(first)[0]!.domain).toBe(first.siteUrl);
    await first.deployment.close();
    const second = await startTestDeployment(PORT + 4, null, { dataDir });
    expect(served(second)[0]!.domain).toBe(`http://127.0.0.1:${PORT + 5}`);
    await second.stop();
  });
});

test("functions see variables as they are now", async () => {
  await setVariable("GREETING", "hello");
  expect(await run(app.url, "counters:variable")).toBe("hello");
  await setVariable("GREETING", null);
  expect(await run(app.url, "counters:variable")).toBe(null);
});

test.each([
  ["1BAD", "x", "EnvironmentVariableNameInvalid"],
  ["N".repeat(257), "x", "EnvironmentVariableNameTooLong"],
  ["BIG", "x".repeat(8 * 1024 + 1), "EnvironmentVariableValueTooLarge"],
  ["CONVEX_SITE_URL", "http://elsewhere.test", "EnvVarNameForbidden"],
  ["CONVEX_CLOUD_URL", "http://elsewhere.test", "EnvVarNameForbidden"],
])("variable %s is refused", async (name, value, code) => {
  const response = await fetch(`${app.url}/api/update_environment_variables`, {
    method: "POST",
    headers: { Authorization: `Convex ${ADMIN_KEY}` },
    body: JSON.stringify({
      changes: [
        { name: "FINE", value: "1" },
        { name, value },
      ],
    }),
  });
  expect([response.status, ((await response.json()) as { code: string }).code]).toEqual([400, code]);
});

test("variables are changed and listed by the platform's API too", async () => {
  const call = (path: string, init: RequestInit = {}) =>
    fetch(`${app.url}/api/v1/${path}`, { headers: { Authorization: `Convex ${ADMIN_KEY}` }, ...init });
  const changes = [
    { name: "GREETING", value: "from v1" },
    { name: "OTHER", value: "1" },
  ];
  const changed = await call("update_environment_variables", { method: "POST", body: JSON.stringify({ changes }) });
  expect([changed.status, await changed.text()]).toEqual([200, ""]);
  expect(await run(app.url, "counters:variable")).toBe("from v1");
  const listed = await call("list_environment_variables");
  expect(await listed.json()).toEqual({ environmentVariables: { GREETING: "from v1", OTHER: "1" } });
  expect((await fetch(`${app.url}/api/v1/list_environment_variables`)).status).toBe(403);
  const removed = [{ name: "GREETING" }, { name: "OTHER", value: null }];
  await call("update_environment_variables", { method: "POST", body: JSON.stringify({ changes: removed }) });
  expect(await (await call("list_environment_variables")).json()).toEqual({ environmentVariables: {} });
});

test("code, data, variables and the key outlive a restart", async () => {
  await setVariable("GREETING", "still here");
  await run(app.url, "counters:add", { name: "kept", by: 3 });
  await app.deployment.close();
  app = await startTestDeployment(PORT, null, { dataDir: app.dataDir });
  // Connections kept alive from before are found dead on first use.
  await eventually(
    () =>
      fetch(app.url).then(
        (response) => response.ok,
        () => false,
      ),
    "a fresh connection",
  );
  expect(await run(app.url, "counters:get", { name: "kept" })).toBe(3);
  expect(await run(app.url, "counters:variable")).toBe("still here");
  expect(
    (
      await fetch(`${app.url}/api/get_config_hashes`, {
        method: "POST",
        body: JSON.stringify({ adminKey: ADMIN_KEY }),
      })
    ).status,
  ).toBe(200);
});
