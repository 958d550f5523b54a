/** In a process of its own: a test runner's watches for errors that nothing handles. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "live-sessions-unhandled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FUNCTIONS = `
import { action, httpAction, httpRouter, query, mutation, fn, v, ConvexError } from "./server";
const wait = () => new Promise((resolve) => setTimeout(resolve, 20));
export const echo = query({ handler: () => 1 });
export const importedLate = action({
  handler: async (ctx) => {
    const key = crypto.subtle.importKey("raw", new Uint8Array(1), { name: "AES-GCM" }, false, ["encrypt"]);
    await ctx.runQuery(fn("t:echo"), {});
    await wait();
    try { await key; return "taken"; } catch { return "caught"; }
  },
});
export const formLeft = action({
  handler: async () => {
    void new Response("x", { headers: { "content-type": "multipart/form-data; boundary=a" } }).formData();
    await wait();
  },
});
export const streamFails = action({
  handler: async () => {
    void new Response(new ReadableStream({ pull() { throw "z"; } })).text();
    await wait();
  },
});
const dispatching = (listener) => {
  const target = new EventTarget();
  target.addEventListener("x", listener);
  target.dispatchEvent(new Event("x"));
};
const throwing = (listener) => action({ handler: async () => { dispatching(listener); await wait(); } });
export const throwsText = throwing(() => { throw "s"; });
export const throwsNull = throwing(() => { throw null; });
export const throwsInHost = throwing(() => { new URL("x"); });
export const throwsError = throwing(() => { throw new Error("own"); });
export const abortThrows = action({
  handler: async () => {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => { throw undefined; });
    controller.abort();
    await wait();
  },
});
const fail = async (data) => { throw data === undefined ? new Error("not admin") : new ConvexError(data); };
export const count = query({ handler: async (ctx) => (await ctx.db.query("rows").collect()).length });
export const writes = mutation({
  args: { forgets: v.boolean(), data: v.optional(v.string()) },
  handler: async (ctx, { forgets, data }) => {
    const failing = fail(data);
    if (!forgets) await failing.catch(() => {});
    await ctx.db.insert("rows", { n: 1 });
    return "done";
  },
});
export const writesBadly = mutation({ handler: async (ctx) => { void ctx.db.insert("rows", { n: Symbol() }); } });
export const reads = query({ handler: () => { void fail(); return "secret"; } });
export const forgiving = mutation({
  handler: async (ctx) => {
    try { await ctx.runMutation(fn("t:writes"), { forgets: true }); } catch (error) { return error.message; }
  },
});
export const lateHandled = mutation({
  handler: async (ctx) => {
    const failing = (async () => { await null; throw new Error("late"); })();
    await null; await null;
    return await failing.catch((error) => error.message);
  },
});
export const nestedHandled = mutation({
  handler: async (ctx) => {
    const failing = fail();
    await ctx.runMutation(fn("t:writes"), { forgets: false });
    return await failing.catch((error) => error.message);
  },
});

export const ends = action({ handler: async () => { void fail(); return "done"; } });
export const endsAfterCall = action({
  handler: async (ctx) => { void fail(); return await ctx.runQuery(fn("t:echo"), {}); },
});
export const endsLater = action({ handler: async () => { void wait().then(() => fail("why")); await wait(); await wait(); } });
export const throwsInTimer = action({ handler: async () => { setTimeout(() => { throw new Error("timer"); }, 1); await wait(); } });
export const throwsInInterval = action({ handler: async () => { setInterval(() => { throw "tick"; }, 1); await wait(); } });
export const neverEnds = action({ handler: async () => { void fail(); await new Promise(() => {}); } });
export const nests = action({
  handler: async (ctx) => { try { await ctx.runAction(fn("t:ends"), {}); } catch (error) { return error.message; } },
});
export const goesOn = action({
  handler: async (ctx) => {
    void fail();
    await wait();
    await ctx.runMutation(fn("t:writes"), { forgets: false });
  },
});
export const handles = action({ handler: async (ctx) => {
  const failing = fail();
  const asked = ctx.runQuery(fn("t:echo"), {});
  return (await Promise.allSettled([failing, asked])).map(({ status }) => status);
} });
export const both = action({ args: { fails: v.boolean() }, handler: async (ctx, { fails }) => {
  await wait();
  if (fails) void fail();
  await wait();
  await ctx.runQuery(fn("t:echo"), {});
  return "done";
} });

const http = httpRouter();
http.route({ path: "/ends", method: "GET", handler: httpAction(async () => { void fail(); return new Response("x"); }) });
http.route({ path: "/timer", method: "GET", handler: httpAction(async () => {
  setTimeout(() => { throw new Error("timer"); }, 1);
  await wait();
  return new Response("x");
}) });
http.route({ path: "/fine", method: "GET", handler: httpAction(async () => { await fail().catch(() => {}); return new Response("x"); }) });
export default http;
export const queryListenerThrows = query({ handler: () => { dispatching(() => { throw "q"; }); return 1; } });
`;

/** Runs `body` with an engine of the functions above, in a process. */
async function inProcess(
  body: string,
  flags = ["--expose-internals"],
): Promise<{ code: number | null; output: string }> {
  const entry = join(folder, "run.mts");
  writeFileSync(
    entry,
    `import { startEngine } from ${JSON.stringify(join(import.meta.dirname, "testing.ts"))};
    const functions = ${JSON.stringify(FUNCTIONS)};
    const reusing = "export const experimental_reuseContext = true;" + functions;
    const http = 'export { default } from "./t";';
    const engine = await startEngine({ "t.ts": functions, "reusing.ts": reusing, "http.ts": http });
    const show = (work: () => unknown) =>
      Promise.resolve().then(work).then((value) => console.log(value), (error) => console.log("failed:", error.message.match(/Uncaught [^\\n]*/)?.[0]));
    ${body};
    await new Promise((resolve) => setTimeout(resolve, 100));
    await engine.close();
    console.log("closed");
    process.exit(0);`,
  );
  const child = spawn(process.execPath, [...flags, "--import", "tsx", entry], { cwd: import.meta.dirname });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

test("what a function leaves to fail in the host's own parts fails an action, and ends nothing", async () => {
  const names = ["importedLate", "formLeft", "streamFails"];
  const throwing = ["throwsText", "throwsNull", "throwsInHost", "throwsError", "abortThrows"];
  const { code, output } = await inProcess(`
    for (const module of ["t", "reusing"])
      for (const name of ${JSON.stringify([...names, ...throwing])}) await show(() => engine.action(module + ":" + name));
    await show(() => engine.query("t:queryListenerThrows"));`);
  const failures = [
    expect.stringMatching(/^failed: Uncaught DataError/),
    expect.stringMatching(/^failed: Uncaught TypeError/),
    "failed: Uncaught z",
    "failed: Uncaught s",
    "failed: Uncaught null",
    expect.stringMatching(/^failed: Uncaught TypeError: Invalid URL/),
    "failed: Uncaught Error: own",
    "failed: Uncaught undefined",
  ];
  const told = "Uncaught exception in a function: q";
  expect(output.split("\n")).toEqual([...failures, ...failures, "1", told, "closed", ""]);
  expect(code).toBe(0);
});

const ACTIONS = [
  ["ends", "failed: Uncaught Error: not admin"],
  ["endsAfterCall", "failed: Uncaught Error: not admin"],
  ["endsLater", expect.stringMatching(/^failed: Uncaught ConvexError.*why/)],
  ["throwsInTimer", "failed: Uncaught Error: timer"],
  ["throwsInInterval", "failed: Uncaught tick"],
  ["neverEnds", "failed: Uncaught Error: not admin"],
  ["nests", "Uncaught Error: not admin"],
  ["handles", "[ 'rejected', 'fulfilled' ]"],
] as const;

test.each([["--expose-internals"], []])("an action fails by what it leaves to fail, at once (%s)", async (...flags) => {
  const { code, output } = await inProcess(
    `
    for (const module of ["t", "reusing"]) {
      for (const name of ${JSON.stringify(ACTIONS.map(([name]) => name))}) await show(() => engine.action(module + ":" + name));
      await Promise.all([false, true, false].map((fails) => show(() => engine.action(module + ":both", { fails }))));
      await show(() => engine.action(module + ":goesOn"));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    await show(() => engine.query("t:count"));
    for (const path of ["/ends", "/timer", "/fine"]) {
      const response = await engine.http(path);
      console.log(response.status, (await response.text()).match(/Uncaught Error: [a-z ]*/)?.[0]);
    }`,
    flags,
  );
  const each = ACTIONS.map(([, outcome]) => outcome as string);
  const both = ["failed: Uncaught Error: not admin", "done", "done"];
  const goesOn = "failed: Uncaught Error: not admin";
  expect(output.split("\n")).toEqual([
    ...[...each, ...both, goesOn],
    ...[...each, ...both, goesOn],
    "0",
    "500 Uncaught Error: not admin",
    "500 Uncaught Error: timer",
    "200 undefined",
    "closed",
    "",
  ]);
  expect(code).toBe(0);
});

test("a promise that is rejected and that nothing handles fails its function, and nothing of it is kept", async () => {
  const { output } = await inProcess(`
    await show(() => engine.mutation("t:writes", { forgets: true }));
    await show(() => engine.mutation("t:writes", { forgets: true, data: "why" }));
    await show(() => engine.mutation("t:writesBadly"));
    await show(() => engine.query("t:reads"));
    await show(() => engine.mutation("t:forgiving"));
    await show(() => engine.query("t:count"));
    await show(() => engine.mutation("t:writes", { forgets: false }));
    await show(() => engine.mutation("t:lateHandled"));
    await show(() => engine.mutation("t:nestedHandled"));
    await show(() => engine.query("t:count"));`);
  expect(output.split("\n")).toEqual([
    expect.stringContaining("failed: Uncaught Error: not admin"),
    expect.stringMatching(/^failed: Uncaught ConvexError.*why/),
    expect.stringMatching(/failed: .*Symbol/),
    expect.stringContaining("failed: Uncaught Error: not admin"),
    "Uncaught Error: not admin",
    "0",
    "done",
    "late",
    "not admin",
    "2",
    "closed",
    "",
  ]);
});

test("an exception of the deployment's own code ends the process, which is started again", async () => {
  const { code, output } = await inProcess(`setTimeout(() => { throw new Error("a bug"); }, 10)`);
  expect(output).toContain("a bug");
  expect(code).toBe(1);
});
