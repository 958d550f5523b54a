import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "live-sessions-watchdog-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs `body` in a process that watches itself with a patience of one second; → how it ended and what it said. */
async function watched(name: string, body: string): Promise<{ signal: string | null; output: string }> {
  const entry = join(folder, `${name}.ts`);
  const source = `import { Script, createContext } from "node:vm";
    import { startWatchdog } from ${JSON.stringify(join(import.meta.dirname, "watchdog.ts"))};
    const stop = startWatchdog(1_000);
    const forMs = (ms: number) => { for (const end = performance.now() + ms; performance.now() < end; ); };
    setTimeout(async () => { ${body}; await stop(); console.log("came back"); process.exit(0); }, 600);`;
  writeFileSync(entry, source);
  const child = spawn(process.execPath, ["--import", "tsx", entry], {
    cwd: import.meta.dirname,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
  const signal = await new Promise<string | null>((resolve) => child.once("close", (_, by) => resolve(by)));
  return { signal, output };
}

const pushed = (source: string) =>
  `new Script(${JSON.stringify(source)}, { filename: "convex-module:7/jobs/endless.js" }).runInContext(createContext({ forMs }))`;

test("an endless loop of pushed code ends the process, with a line that says where", async () => {
  const { signal, output } = await watched(
    "endless",
    `await ${pushed("(async function spin() { await null; for (;;); })()")}`,
  );
  expect([signal, output]).toEqual([
    "SIGKILL",
    "A function has not come back for 1 s (spin in jobs/endless.js:1) and holds up all others; the deployment ends.\n",
  ]);
});

test("one that calls out of its own code all the time does not escape", async () => {
  expect(await watched("calling", pushed("for (;;) forMs(50)"))).toMatchObject({ signal: "SIGKILL" });
});

test("the deployment's own long work is nobody's loop, nor is a function that comes back in time", async () => {
  expect(await watched("own", "forMs(4_000)")).toEqual({ signal: null, output: "came back\n" });
  expect(await watched("short", pushed("forMs(400)"))).toEqual({ signal: null, output: "came back\n" });
});
