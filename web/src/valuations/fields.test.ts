import { expect, test } from "vitest";
import { labelOf, textOf, valueOf } from "./fields";

test("what is typed becomes the value the contract has for it", () => {
  expect(valueOf("text", "  ")).toBeNull();
  expect(valueOf("text", " a ")).toBe(" a ");
  expect(valueOf("number", "1 250 000")).toBe(1_250_000);
  expect(valueOf("number", "12,5")).toBe(12.5);
  expect(valueOf("number", "-3")).toBe(-3);
  expect(valueOf("number", "")).toBeNull();
  expect(valueOf("number", "many")).toBeUndefined();
  expect(valueOf("number", "1.")).toBeUndefined();
  expect(valueOf("number", "9".repeat(400))).toBeUndefined();
});

test("values and names are shown as text", () => {
  expect(textOf(null)).toBe("");
  expect(textOf(12.5)).toBe("12.5");
  expect(textOf(1_250_000.25, "number")).toBe("1\u202f250\u202f000.25");
  expect(textOf(-1234, "number")).toBe("-1\u202f234");
  expect(textOf(1e21, "number")).toBe("1e+21");
  expect(textOf(1843, "year")).toBe("1843");
  expect(valueOf("number", textOf(1_250_000.25, "number"))).toBe(1_250_000.25);
  expect(textOf({ a: 1 })).toBe('{"a":1}');
  expect(labelOf("employee_count")).toBe("Employees");
  expect(labelOf("own_field")).toBe("own field");
});
