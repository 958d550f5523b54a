import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConvexHttpClient } from "convex/browser";
import { anyApi, type FunctionReference } from "convex/server";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { deadlineMs } from "../../lib/deadlines";
import { waitFor } from "../../lib/server";
import { ADMIN_KEY, containing, startTestDeployment, type TestDeployment } from "./testing";

const PORT = 4360;
const repository = resolve(fileURLToPath(new URL("../../..", import.meta.url)));
let app: TestDeployment;
let project: string;

const FILES: Record<string, string> = {
  "package.json": JSON.stringify({
    name: "scratch",
    private: true,
    type: "module",
    dependencies: { convex: "*" },
  }),
  "convex/schema.ts": `import { defineSchema, defineTable } from "convex/server";
    import { authTables } from "@convex-dev/auth/server";
    import { v } from "convex/values";
    export default defineSchema({ ...authTables, notes: defineTable({ text: v.string() }).index("by_text", ["text"]) });`,
  "convex/convex.config.ts": `import { defineApp } from "convex/server";
    import rateLimiter from "@convex-dev/rate-limiter/convex.config";
    import aggregate from "@convex-dev/aggregate/convex.config";
    import actionCache from "@convex-dev/action-cache/convex.config";
    import local from "./local/convex.config";
    const app = defineApp();
    app.use(local, { httpPrefix: "/local", env: { NAME: "bound" } });
    app.use(rateLimiter);
    app.use(aggregate);
    app.use(actionCache);
    export default app;`,
  "convex/notes.ts": `import { v } from "convex/values";
    import { RateLimiter } from "@convex-dev/rate-limiter";
    import { DirectAggregate } from "@convex-dev/aggregate";
    import { ActionCache } from "@convex-dev/action-cache";
    import { components, internal } from "./_generated/api";
    import { action, internalAction, mutation, query } from "./_generated/server";
    const limiter = new RateLimiter(components.rateLimiter, { add: { kind: "fixed window", rate: 2, period: 3_600_000 } });
    const lengths = new DirectAggregate<{ Key: number; Id: string }>(components.aggregate);
    const cache = new ActionCache(components.actionCache, { action: internal.notes.costly });
    export const add = mutation({ args: { text: v.string() }, handler: async (ctx, { text }) => {
      if (!(await limiter.limit(ctx, "add")).ok) return "limited";
      const id = await ctx.db.insert("notes", { text });
      await lengths.insert(ctx, { key: text.length, id, sumValue: text.length });
      return "added";
    } });
    export const list = query({ args: {}, handler: async (ctx) => (await ctx.db.query("notes").withIndex("by_text").collect()).map((note) => note.text) });
    export const total = query({ args: {}, handler: (ctx) => lengths.sum(ctx) });
    export const greeting = query({ args: {}, handler: async () => process.env.GREETING ?? null });
    export const costly = internalAction({ args: { n: v.number() }, handler: async (_ctx, { n }): Promise<number> => n + Math.random() });
    export const cached = action({ args: {}, handler: async (ctx): Promise<boolean> => (await cache.fetch(ctx, { n: 1 })) === (await cache.fetch(ctx, { n: 1 })) });`,
  "convex/local/convex.config.ts": `import { defineComponent } from "convex/server";
    import { v } from "convex/values";
    export default defineComponent("local", { env: { NAME: v.string() } });`,
  "convex/local/http.ts": `import { httpRouter } from "convex/server";
    import { httpAction } from "./_generated/server";
    const http = httpRouter();
    http.route({ path: "/name", method: "GET", handler: httpAction(async () => Response.json([process.env.NAME, process.env.SECRET ?? null])) });
    export default http;`,
  "convex/native.ts": `"use node";
    import { createHash } from "node:crypto";
    import { action } from "./_generated/server";
    export const digest = action({ args: {}, handler: async () => createHash("sha256").update("x").digest("hex") });`,
  "convex/crons.ts": `import { cronJobs } from "convex/server";
    import { api } from "./_generated/api";
    const crons = cronJobs();
    crons.daily("native", { hourUTC: 3, minuteUTC: 0 }, api.native.digest, {});
    export default crons;`,
  "convex/auth.config.ts": `export default { providers: [{ domain: process.env.CONVEX_SITE_URL, applicationID: "convex" }] };`,
  "convex/auth.ts": `import { convexAuth } from "@convex-dev/auth/server";
    import { Password } from "@convex-dev/auth/providers/Password";
    export const { auth, signIn, signOut, store, isAuthenticated } = convexAuth({ providers: [Password] });`,
  "convex/http.ts": `import { httpRouter } from "convex/server";
    import { auth } from "./auth";
    const http = httpRouter();
    auth.addHttpRoutes(http);
    export default http;`,
};

beforeAll(async () => {
  app = await startTestDeployment(PORT, null, { projectDir: repository });
  project = mkdtempSync(join(tmpdir(), "cli-test-"));
  mkdirSync(join(project, "convex/local"), { recursive: true });
  for (const [path, text] of Object.entries(FILES)) writeFileSync(join(project, path), text);
  symlinkSync(join(repository, "node_modules"), join(project, "node_modules"));
  writeFileSync(
    join(project, ".env.local"),
    `CONVEX_SELF_HOSTED_URL=${app.url}\nCONVEX_SELF_HOSTED_ADMIN_KEY=${ADMIN_KEY}\n`,
  );
});

afterAll(async () => {
  await app.stop();
  rmSync(project, { recursive: true, force: true });
});

/** `CI` keeps the tool from reporting to its makers, which it would wait for where there is no way out to them. */
async function convex(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [join(repository, "node_modules/convex/bin/main.js"), ...args], {
    cwd: project,
    env: { ...process.env, CONVEX_DEPLOYMENT: undefined, NO_COLOR: "1", CI: "1" },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const timer = setTimeout(() => child.kill(), deadlineMs(60_000));
  const code = await new Promise<number | null>((done) => child.on("close", done));
  clearTimeout(timer);
  return { code, stdout, stderr };
}

async function succeed(...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await convex(...args);
  expect(code, stderr).toBe(0);
  return stdout.trim();
}

// As any client does, in a fraction of the time that the tool takes to start.
const client = () => new ConvexHttpClient(app.url);
const listNotes = (): Promise<string[]> => client().query(anyApi.notes!.list as ListNotes, {});
const add = (text: string): Promise<string> => client().mutation(anyApi.notes!.add as AddNote, { text });
type ListNotes = FunctionReference<"query", "public", Record<string, never>, string[]>;
type AddNote = FunctionReference<"mutation", "public", { text: string }, string>;

describe.sequential("the command line tool, unmodified", () => {
  test("pushes an app with components, auth, crons, HTTP routes and Node actions", async () => {
    const { code, stderr } = await convex("dev", "--once", "--typecheck", "disable");
    expect(code, stderr).toBe(0);
    for (const line of [
      "[+] notes.by_text",
      "Installed component rateLimiter.",
      "Installed component aggregate/",
      "Convex functions ready!",
    ])
      expect(stderr).toContain(line);
    expect(readFileSync(join(project, "convex/_generated/api.d.ts"), "utf8")).toContain("rateLimiter");
  });

  test("runs functions, through components too", async () => {
    expect(await succeed("run", "notes:add", '{"text":"one"}')).toBe('"added"');
    expect(await add("three")).toBe("added");
    expect(await add("four")).toBe("limited");
    expect(JSON.parse(await succeed("run", "notes:list"))).toEqual(["one", "three"]);
    expect(await succeed("run", "notes:total")).toBe("8");
    expect(await succeed("run", "notes:cached")).toBe("true");
    expect(await succeed("run", "native:digest")).toBe(
      '"2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881"',
    );
    expect((await convex("run", "notes:missing")).stderr).toContain("• notes:list");
  });

  test("sets, reads and removes variables", async () => {
    await succeed("env", "set", "GREETING", "hello");
    expect(await succeed("env", "get", "GREETING")).toBe("hello");
    expect(await succeed("run", "notes:greeting")).toBe('"hello"');
    await succeed("env", "set", "SECRET", "for the app only");
    expect(await (await fetch(`${app.siteUrl}/local/name`)).json()).toEqual(["bound", null]);
    await succeed("env", "remove", "SECRET");
    await succeed("env", "remove", "GREETING");
    expect(await succeed("env", "list")).toBe("");
  });

  test("shows tables, rows and functions", async () => {
    expect((await succeed("data")).split("\n")).toContain("notes");
    expect(await succeed("data", "notes", "--format", "jsonl")).toContain('"text": "one"');
    expect(await succeed("data", "rateLimits", "--component", "rateLimiter")).toContain("add");
    const spec = JSON.parse(await succeed("function-spec")) as { url: string; functions: object[] };
    expect(spec.url).toBe(app.url);
    expect(spec.functions).toContainEqual(
      expect.objectContaining({ identifier: "notes.js:add", functionType: "Mutation" }),
    );
  });

  test("generates types and deploys without changing what is not new", async () => {
    await succeed("codegen", "--typecheck", "disable");
    const { code, stderr } = await convex("deploy", "--yes", "--typecheck", "disable");
    expect(code, stderr).toBe(0);
    expect(await listNotes()).toEqual(["one", "three"]);
  });

  test("exports everything and imports it again under the same ids", async () => {
    const zip = join(project, "all.zip");
    await succeed("export", "--path", zip);
    const before = await succeed("data", "notes", "--format", "jsonl");
    const rows = join(project, "rows.jsonl");
    writeFileSync(rows, '{"text":"alone"}\n');
    await succeed("import", "--table", "notes", "--replace", "--yes", rows);
    expect(await listNotes()).toEqual(["alone"]);
    await succeed("import", "--replace-all", "--yes", zip);
    expect(await succeed("data", "notes", "--format", "jsonl")).toBe(before);
  });

  test("imports rows as they are given, or nothing", async () => {
    const before = await succeed("data", "notes", "--format", "jsonl");
    const rows = join(project, "rows.jsonl");
    const [first] = before.split("\n").map((line) => JSON.parse(line) as { _id: string; _creationTime: number });
    const { _id, _creationTime } = first!;
    writeFileSync(rows, `${JSON.stringify({ _id, _creationTime, text: "kept" })}\n{"text":7}\n`);
    const refused = await convex("import", "--table", "notes", "--replace", "--yes", rows);
    expect([refused.code, refused.stderr]).toEqual([1, containing("line 2: It does not match the schema")]);
    expect(await succeed("data", "notes", "--format", "jsonl")).toBe(before);
    writeFileSync(rows, `${JSON.stringify({ _id, _creationTime, text: "kept" })}\n`);
    await succeed("import", "--table", "notes", "--replace", "--yes", rows);
    expect(JSON.parse(await succeed("data", "notes", "--format", "jsonl"))).toEqual({
      _id,
      _creationTime,
      text: "kept",
    });
    await succeed("import", "--replace-all", "--yes", join(project, "all.zip"));
    expect(await succeed("data", "notes", "--format", "jsonl")).toBe(before);
  });

  test("says why a cron cannot be, once", async () => {
    const path = join(project, "convex/crons.ts");
    writeFileSync(
      path,
      FILES["convex/crons.ts"]!.replace(
        "crons.daily(",
        'crons.cron("bad", "0 9 * * 7", api.native.digest, {}); crons.daily(',
      ),
    );
    const { code, stderr } = await convex("dev", "--once", "--typecheck", "disable");
    expect([code, stderr]).toEqual([
      1,
      containing("The cron job 'bad' cannot be scheduled: its schedule \"0 9 * * 7\" is invalid"),
    ]);
    writeFileSync(path, FILES["convex/crons.ts"]!);
  });

  test("deploys no schema that the rows do not fit, and says which row does not", async () => {
    const path = join(project, "convex/schema.ts");
    writeFileSync(path, FILES["convex/schema.ts"]!.replace("text: v.string()", "text: v.number()"));
    const { code, stderr } = await convex("deploy", "--yes", "--typecheck", "disable");
    expect([code, stderr]).toEqual([1, containing('in table "notes" does not match the schema')]);
    writeFileSync(path, FILES["convex/schema.ts"]!);
    expect(await listNotes()).toEqual(["one", "three"]);
  });

  test("watches a query and shows each of its answers", async () => {
    const child = spawn(
      process.execPath,
      [join(repository, "node_modules/convex/bin/main.js"), "run", "--watch", "notes:list"],
      { cwd: project, env: { ...process.env, CONVEX_DEPLOYMENT: undefined, NO_COLOR: "1", CI: "1" } },
    );
    let shown = "";
    child.stdout.on("data", (chunk: Buffer) => (shown += chunk.toString()));
    try {
      await waitFor(async () => shown.includes('"three"'), 60_000);
      const rows = join(project, "rows.jsonl");
      writeFileSync(rows, '{"text":"two"}\n');
      await succeed("import", "--table", "notes", "--append", "--yes", rows);
      await waitFor(async () => shown.includes('"two"'), 60_000);
    } finally {
      child.kill();
    }
    await succeed("import", "--replace-all", "--yes", join(project, "all.zip"));
  });

  test("says in one line why a push cannot be", async () => {
    const path = join(project, "convex/auth.config.ts");
    writeFileSync(path, `export default { providers: [{ domain: process.env.NOT_SET, applicationID: "convex" }] };`);
    const { code, stderr } = await convex("dev", "--once", "--typecheck", "disable");
    expect(code).toBe(1);
    expect(stderr).toContain("Environment variable NOT_SET is used in auth config file but its value was not set");
    writeFileSync(path, FILES["convex/auth.config.ts"]!);
    expect(await listNotes()).toEqual(["one", "three"]);
  });
});
