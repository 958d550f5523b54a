import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { toJsonLine, wantsJsonLogs } from "./json-logs";

test("the format is text or json", () => {
  expect(wantsJsonLogs({})).toBe(false);
  expect(wantsJsonLogs({ LOG_FORMAT: "" })).toBe(false);
  expect(wantsJsonLogs({ LOG_FORMAT: "text" })).toBe(false);
  expect(wantsJsonLogs({ LOG_FORMAT: "json" })).toBe(true);
  expect(() => wantsJsonLogs({ LOG_FORMAT: "xml" })).toThrow('LOG_FORMAT must be text or json, not "xml".');
});

test("a line becomes one object, without colors; an object with a message stays as it is", () => {
  const line = (text: string) => toJsonLine(text, "info", 0);
  expect(JSON.parse(line("  \u001b[32m✓\u001b[0m settings")!)).toEqual({
    time: "1970-01-01T00:00:00.000Z",
    level: "info",
    message: "✓ settings",
  });
  expect(line(" \t")).toBeNull();
  expect(line('{"level":"error","message":"x"}')).toBe('{"level":"error","message":"x"}');
  for (const text of ["{not json}", '{"a":1}', "[1]"]) expect(JSON.parse(line(text)!).message).toBe(text);
});

test("everything a process prints is one object a line: half lines, stacks, bytes and uncaught errors", async () => {
  const script = `
    import { printAsJson } from ${JSON.stringify(join(import.meta.dirname, "json-logs.ts"))};
    printAsJson();
    process.stdout.write("one ");
    process.stdout.write("two\\nthree\\n");
    console.log("a\\nb");
    console.error(Buffer.from("x"));
    process.stdout.write(new TextEncoder().encode("bytes\\n"));
    process.stdout.write("unfinished");
    setTimeout(() => { throw new Error("late\\nfailure"); }, 10);
  `;
  const run = promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script]);
  const { stdout, stderr } = await run.catch((error: { stdout: string; stderr: string }) => error);
  const messages = (text: string) =>
    text
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as { message: string }).message);
  expect(messages(stdout)).toEqual(["one two", "three", "a", "b", "bytes", "unfinished"]);
  expect(messages(stderr)).toEqual(["<Buffer 78>", expect.stringMatching(/^Error: late\nfailure\n {4}at /)]);
});
