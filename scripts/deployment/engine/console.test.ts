/** Lines and stacks as developers see them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { publicCall, startEngine, type TestEngine } from "./testing";

const HANDLERS = `
class Point { constructor() { this.x = 1; } }
const values = () => [
  "text", 1, 2n, { a: 1, b: [1, { c: 2 }] }, new Map([[1, 2]]), new Set(["a"]), [1, 2], [], null, undefined,
  new Error("boom"), new Point(), Point, new Date(0), new Uint8Array(2), Promise.resolve(1), process.env,
];
export const prints = KIND({ args: {}, handler: async () => {
  for (const value of values()) console.log(value);
  console.warn("two", 2);
  const cruel = { get x() { throw new Error("no"); } };
  console.info(cruel);
} });
function deep() { return new Error("boom"); }
export const stacks = KIND({ args: {}, handler: async () => [deep().stack, (() => { const seen = {}; Error.captureStackTrace(seen); return seen.stack; })()] });
export const traces = KIND({ args: {}, handler: async () => { console.trace("here", 1); console.trace(); } });
export const rethrows = KIND({ args: {}, handler: async () => { const error = deep(); console.log(error.stack.length > 0); throw error; } });
export const times = KIND({ args: {}, handler: async () => {
  console.time(); console.time("a"); console.time("a"); console.timeLog("a", { x: 1 }); console.timeEnd("a"); console.timeEnd("a"); console.timeLog("b");
} });
export const methods = KIND({ args: {}, handler: async () => Object.keys(console).sort() });
`;
const source = (kind: string) => `import { ${kind} } from "./server";\n${HANDLERS.replaceAll("KIND", kind)}`;
const node = `"use node";
import { action } from "../server";
function inner() {
  throw new Error("inner");
}
export const fails = action({
  args: {},
  handler: async () => {
    console.log({ a: { b: { c: { d: 1 } } } });
    inner();
  },
});`;

const KINDS = ["query", "mutation", "action"];
let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({
    ...Object.fromEntries(KINDS.map((kind) => [`${kind}.ts`, source(kind)])),
    "work/node.ts": node,
  });
});
afterAll(() => t.close());

const run = async (kind: string, name: string) => {
  const call = publicCall(`${kind}:${name}`);
  if (kind === "query") return t.engine.query(call);
  return kind === "mutation" ? await t.engine.mutation(call) : await t.engine.action(call);
};
const frame = (kind: string, name: string) =>
  expect.stringMatching(new RegExp(`^ {4}at ${name}.*${kind}\\.ts:\\d+:\\d+\\)?$`)) as string;

test.each(KINDS)("in a %s, values are printed as the platform prints them", async (kind) => {
  const { logLines } = await run(kind, "prints");
  expect(logLines).toEqual([
    "[LOG] 'text'",
    "[LOG] 1",
    "[LOG] 2n",
    "[LOG] {\n  a: 1,\n  b: [\n    1,\n    {\n      c: 2\n    }\n  ]\n}",
    "[LOG] Map (1) {\n  1 => 2\n}",
    "[LOG] Set (1) {\n  'a'\n}",
    "[LOG] [ 1, 2 ]",
    "[LOG] []",
    "[LOG] null",
    "[LOG] undefined",
    "[LOG] [Error: boom]",
    "[LOG] Point {\n  x: 1\n}",
    "[LOG] [Function: Point]",
    `[LOG] ${String(new Date(0))}`,
    "[LOG] Uint8Array [Uint8Array] {\n  0: 0,\n  1: 0\n}",
    "[LOG] Promise [Promise] {}",
    "[LOG] [process.env]",
    "[WARN] 'two' 2",
    "[INFO] [not printable: no]",
  ]);
});

test.each(KINDS)("in a %s, stacks and traces are frames of its own files alone", async (kind) => {
  const { value } = (await run(kind, "stacks")) as { value: string };
  const [stack, captured] = JSON.parse(value) as [string, string];
  expect(stack.split("\n")).toEqual(["Error: boom", frame(kind, "deep"), frame(kind, "handler")]);
  expect(captured).toMatch(/^Error\n {4}at /);
  const { logLines } = await run(kind, "traces");
  expect(logLines.map((line) => line.split("\n"))).toEqual([
    ["[LOG] 'here' 1", frame(kind, "handler")],
    ["[LOG] ", frame(kind, "handler")],
  ]);
  const failed = (await run(kind, "rethrows")) as { errorMessage: string };
  expect(failed.errorMessage.trimEnd().split("\n").slice(1)).toEqual([
    "Uncaught Error: boom",
    frame(kind, "deep"),
    frame(kind, "handler"),
  ]);
});

test.each(KINDS)("in a %s, the console has the platform's methods", async (kind) => {
  const { logLines } = await run(kind, "times");
  expect(logLines.map((line) => line.replace(/\d+(\.\d+)?ms/, "0ms"))).toEqual([
    "[WARN] Timer 'a' already exists",
    "[INFO] a: 0ms {\n  x: 1\n}",
    "[INFO] a: 0ms",
    "[WARN] Timer 'a' does not exist",
    "[WARN] Timer 'b' does not exist",
  ]);
  const { value } = (await run(kind, "methods")) as { value: string };
  const methods = ["debug", "error", "info", "log", "time", "timeEnd", "timeLog", "trace", "warn"];
  expect(JSON.parse(value)).toEqual(methods);
});

test('what a "use node" action throws is at the position of its own file', async () => {
  const outcome = (await t.engine.action(publicCall("work/node:fails"))) as {
    errorMessage: string;
    logLines: string[];
  };
  expect(outcome.logLines).toEqual(["[LOG] { a: { b: { c: [Object] } } }"]);
  expect(outcome.errorMessage.trimEnd().split("\n").slice(1)).toEqual([
    "Uncaught Error: inner",
    expect.stringMatching(/^ {4}at inner \(.*work\/node\.ts:4:9\)$/),
    expect.stringMatching(/^ {4}at .*work\/node\.ts:10:5\)$/),
  ]);
});
