/** Other people's tools on `/api/openapi.json`: linters find nothing, generated clients compile and work. */
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { Spectral, type RulesetDefinition } from "@stoplight/spectral-core";
import rulesets from "@stoplight/spectral-rulesets";
import openapiTS, { astToString } from "openapi-typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { PROJECT_DIR } from "../../lib/settings";
import { newAccount, target } from "../support/api";

interface Schema {
  $ref?: string;
  description?: string;
  properties?: Record<string, Schema>;
  [keyword: string]: unknown;
}
interface Body {
  content?: Record<string, { schema?: Schema; example?: unknown }>;
}
interface Operation {
  operationId?: string;
  description?: string;
  requestBody?: Body;
  responses: Record<string, Body>;
}
interface Document {
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, Body> };
}

let folder: string;
let document: Document;

beforeAll(async () => {
  // Below the project's modules, so that what is compiled and run there finds them.
  const cache = join(PROJECT_DIR, "node_modules/.cache");
  mkdirSync(cache, { recursive: true });
  folder = mkdtempSync(join(cache, "openapi-"));
  document = (await (await fetch(`${target().siteUrl}/api/openapi.json`)).json()) as Document;
  writeFileSync(join(folder, "openapi.json"), JSON.stringify(document));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Ended {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a module's command with this Node. */
const run = (module: string, args: string[], env: Record<string, string> = {}): Promise<Ended> =>
  promisify(execFile)(process.execPath, [join(PROJECT_DIR, "node_modules", module), ...args], {
    cwd: PROJECT_DIR,
    env: { ...process.env, ...env },
    maxBuffer: 64 * 1024 * 1024,
  }).then(
    (said) => ({ code: 0, ...said }),
    (failed: Ended) => failed,
  );

test("Redocly finds nothing", async () => {
  const args = ["lint", join(folder, "openapi.json"), "--config=redocly.yaml", "--format=json"];
  const quiet = { REDOCLY_TELEMETRY: "off", REDOCLY_SUPPRESS_UPDATE_NOTICE: "true" };
  const { code, stdout, stderr } = await run("@redocly/cli/bin/cli.js", args, quiet);
  const found = JSON.parse(stdout || "{}") as { problems?: unknown[] };
  expect([code, found.problems], stderr).toEqual([0, []]);
});

test("Spectral finds nothing", async () => {
  const { rules } = JSON.parse(readFileSync(join(PROJECT_DIR, ".spectral.json"), "utf8")) as { rules: object };
  const spectral = new Spectral();
  spectral.setRuleset({ extends: [rulesets.oas], rules } as RulesetDefinition);
  const found = await spectral.run(JSON.stringify(document));
  expect(found.map(({ code, path }) => `${code} ${path.join(" ")}`)).toEqual([]);
});

const listOperations = () =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ name: `${method.toUpperCase()} ${path}`, operation })),
  );

test("every operation has a name of its own, a description, and examples of its JSON bodies", () => {
  const operations = listOperations();
  const ids = operations.map(({ operation }) => operation.operationId);
  expect(new Set(ids).size).toBe(ids.length);
  const without = operations.flatMap(({ name, operation: { description, requestBody, responses } }) => {
    const bodies = [requestBody, ...Object.values(responses)].flatMap(
      (body) => body?.content?.["application/json"] ?? [],
    );
    return [...(description ? [] : [name]), ...(bodies.every((body) => body.example !== undefined) ? [] : [name])];
  });
  expect(without).toEqual([]);
});

test("every property is described, and free objects are open", () => {
  const { schemas } = document.components;
  const wrong: string[] = [];
  const look = (schema: Schema, place: string): void => {
    const types = [schema.type].flat();
    if (types.includes("object") && !schema.properties && schema.additionalProperties === undefined) wrong.push(place);
    for (const [name, property] of Object.entries(schema.properties ?? {})) {
      const described = property.$ref ? schemas[property.$ref.split("/").at(-1)!]! : property;
      if (!described.description) wrong.push(`${place}.${name}`);
      look(property, `${place}.${name}`);
    }
    for (const part of [schema.items, ...((schema.anyOf as unknown[]) ?? [])]) if (part) look(part as Schema, place);
  };
  for (const [name, schema] of Object.entries(schemas)) look(schema, name);
  for (const { name, operation } of listOperations())
    for (const body of [operation.requestBody, ...Object.values(operation.responses)])
      for (const { schema } of Object.values(body?.content ?? {})) if (schema) look(schema, name);
  expect(wrong).toEqual([]);
});

test("the server is the one that gave the document", () => {
  expect(document.servers.map(({ url }) => new URL(url).port)).toEqual([new URL(target().siteUrl).port]);
});

/** A program as somebody would write it with the generated types. It prints what it was answered. */
const PROGRAM = `
import createClient from "openapi-fetch";
import type { components, paths } from "./schema";

const [url = "", sessionId = ""] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: \`SessionID \${sessionId}\` } });

const created = await client.POST("/api/sessions", {
  body: { current_view: "MANUAL", form_data: { company_name: "Analytical Engines", anything: [1, { deep: true }] } },
});
if (created.error) throw new Error(created.error.error);
const reportId: string = created.data.report_id;
const read = await client.GET("/api/sessions/{reportId}", { params: { path: { reportId } } });
const name: unknown = read.data?.form_data?.company_name;

const code: components["schemas"]["ErrorCode"] = "VALIDATION_ERROR";
const refused = await client.POST("/api/sessions/", {
  body: { title: "", description: "d", subject: "s", level: "beginner", date: "2030-01-01T10:00:00Z", duration: 60 },
});
const listed = await client.GET("/api/notifications/");
const devices = await client.GET("/api/v1/users/me/sessions/", { params: { query: { search: "nothing like it" } } });
// @ts-expect-error there is no such level
const wrong: components["schemas"]["TutoringSession"]["level"] = "expert";

console.log(
  JSON.stringify({
    name,
    refused: [refused.response.status, refused.error && "code" in refused.error && refused.error.code === code],
    notifications: listed.data?.length,
    devices: devices.data?.data.total_count,
    wrong,
  }),
);
`;

test("a generated TypeScript client compiles strictly, and its calls work", async () => {
  const types = await openapiTS(JSON.stringify(document));
  writeFileSync(join(folder, "schema.d.ts"), astToString(types));
  writeFileSync(join(folder, "program.mts"), PROGRAM.replace('"./schema"', '"./schema.d.ts"'));
  const compilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    target: "ES2022",
    lib: ["ES2022", "DOM", "DOM.Iterable"],
    module: "NodeNext",
    moduleResolution: "NodeNext",
    allowImportingTsExtensions: true,
    skipLibCheck: true,
    types: ["node"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.mts", "*.d.ts"] }));
  const compiled = await run("typescript/bin/tsc", ["-p", folder]);
  expect([compiled.code, compiled.stdout]).toEqual([0, ""]);

  const account = await newAccount();
  const sessionId = account.session.replace(/^SessionID /, "");
  const program = [join(folder, "program.mts"), target().siteUrl, sessionId];
  const { code, stdout, stderr } = await run("tsx/dist/cli.mjs", program);
  expect(code, stderr).toBe(0);
  expect(JSON.parse(stdout)).toEqual({
    name: "Analytical Engines",
    refused: [400, true],
    notifications: 0,
    devices: 0,
    wrong: "expert",
  });
});
