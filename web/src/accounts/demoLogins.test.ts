import { expect, test } from "vitest";
import { demoLogins } from "./demoLogins";

test("reads what the server tells, and nothing else", () => {
  const ada = { email: "ada@example.com", password: "secret", note: "with history" };
  expect(demoLogins(JSON.stringify([ada, { email: "half" }, null]))).toEqual([ada]);
  for (const text of [undefined, "", "{", "{}", "null"]) expect(demoLogins(text)).toEqual([]);
});
