/** In a process of its own: a test runner's watches for errors that nothing handles. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "live-sessions-unhandled-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const FUNCTIONS = `
import { action, query, mutation, fn, v, ConvexError } from "./server";
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
export const listenerThrows = action({
  handler: async () => {
    dispatching(() => { throw "s"; });
    dispatching(() => { throw null; });
    dispatching(() => { new URL("x"); });
    dispatching(() => { throw new Error("own"); });
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
export const queryListenerThrows = query({ handler: () => { dispatching(() => { throw "q"; }); return 1; } });
`;

/** Runs `body` with an engine of the functions above, in a process. */
async function inProcess(body: string): Promise<{ code: number | null; output: string }> {
  const entry = join(folder, "run.mts");
  writeFileSync(
    entry,
    `import { startEngine } from ${JSON.stringify(join(import.meta.dirname, "testing.ts"))};
    const engine = await startEngine({ "t.ts": ${JSON.stringify(FUNCTIONS)} });
    ${body};
    await new Promise((resolve) => setTimeout(resolve, 100));
    await engine.close();
    console.log("closed");
    process.exit(0);`,
  );
  const child = spawn(process.execPath, ["--expose-internals", "--import", "tsx", entry], { cwd: import.meta.dirname });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code, output };
}

test("what a function leaves to fail in the host's own parts is told, and ends nothing", async () => {
  const { code, output } = await inProcess(`
    console.log("late", await engine.action("t:importedLate"));
    for (const name of ["formLeft", "streamFails", "listenerThrows"]) await engine.action("t:" + name);
    console.log("query", engine.query("t:queryListenerThrows"));`);
  expect(output).toContain("late caught");
  expect(output).toContain("query 1");
  for (const thrown of ["s", "null", "Error: own", "undefined", "q"])
    expect(output).toContain(`in a function: ${thrown}`);
  expect(output).toMatch(/Unhandled promise rejection.*: z/);
  expect([code, output.trimEnd().split("\n").at(-1)]).toEqual([0, "closed"]);
});

test("a promise that is rejected and that nothing handles fails its function, and nothing of it is kept", async () => {
  const { output } = await inProcess(`
    const show = (work: () => unknown) =>
      Promise.resolve().then(work).then((value) => console.log(value), (error) => console.log("failed:", error.message.match(/Uncaught [^\\n]*/)?.[0]));
    await show(() => engine.mutation("t:writes", { forgets: true }));
    await show(() => engine.mutation("t:writes", { forgets: true, data: "why" }));
    await show(() => engine.mutation("t:writesBadly"));
    await show(() => engine.query("t:reads"));
    await show(() => engine.mutation("t:forgiving"));
    await show(() => engine.query("t:count"));
    await show(() => engine.mutation("t:writes", { forgets: false }));
    await show(() => engine.mutation("t:lateHandled"));
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
    "1",
    "closed",
    "",
  ]);
});

test("an exception of the deployment's own code ends the process, which is started again", async () => {
  const { code, output } = await inProcess(`setTimeout(() => { throw new Error("a bug"); }, 10)`);
  expect(output).toContain("a bug");
  expect(code).toBe(1);
});
