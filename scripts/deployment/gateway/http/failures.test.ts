import { afterAll, beforeAll, expect, test } from "vitest";
import { publicCall, startEngine, type TestEngine } from "../../engine/testing";
import { describeFailures } from "./failures";

const app = `import { query, ConvexError, v } from "./server";
class AppError extends ConvexError { constructor(data) { super(data); this.name = "AppError"; } }
export const refuse = query({ args: {}, handler: async () => { throw new AppError({ code: "FORBIDDEN" }); } });
export const fail = query({ args: {}, handler: async () => { throw new TypeError("no such row"); } });
export const say = query({ args: { n: v.number() }, handler: async () => { console.error("almost full"); return 1; } });`;

let t: TestEngine;
beforeAll(async () => {
  t = await startEngine({ "app.ts": app });
});
afterAll(() => t.close());

test("an operator is told of failures and of what was logged as an error, not of refusals", () => {
  const told: string[] = [];
  t.engine.onLog((record) => told.push(...describeFailures(record).map(({ where, text }) => `${where} ${text}`)));
  for (const [path, args] of [
    ["app:refuse", {}],
    ["app:fail", {}],
    ["app:say", { n: "one" }],
    ["app:say", { n: 1 }],
  ] as const)
    t.engine.query(publicCall(path, args));
  expect(told).toEqual([
    expect.stringMatching(/^app\.js:fail Uncaught TypeError: no such row\n {4}at /),
    expect.stringContaining("app.js:say 'almost full'"),
  ]);
});
