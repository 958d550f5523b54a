import { fits } from "@convex/valuations/rules";
import { expect, test } from "vitest";
import { answerText, FIELDS, labelOf, readAnswer, textOf } from "./fields";

const NOW = new Date("2026-06-15T12:00:00Z");
const field = (name: string) => FIELDS.find((each) => each.name === name)!;
const read = (name: string, text: string, locale = "en-US") => readAnswer(field(name), text, locale, NOW);

test("what is typed becomes the value the contract has for it", () => {
  expect(read("city", "  ")).toEqual({ kind: "one", value: null });
  expect(read("city", " a ")).toEqual({ kind: "one", value: " a " });
  expect(read("revenue", "")).toEqual({ kind: "one", value: null });
  expect(read("revenue", "1,200")).toEqual({ kind: "one", value: 1_200 });
  expect(read("revenue", "250.000", "nl-BE")).toEqual({ kind: "one", value: 250_000 });
  expect(read("revenue", "1.200")).toEqual({ kind: "several", values: [1.2, 1_200] });
  expect(read("employee_count", "1.200")).toEqual({ kind: "one", value: 1_200 });
  expect(read("founding_year", "1.843")).toEqual({ kind: "one", value: 1_843 });
  expect(read("founding_year", "2026")).toEqual({ kind: "one", value: 2026 });
});

test.each([
  ["revenue", "many", "Enter a number in digits, such as 1,250,000."],
  ["revenue", "-5", "Enter 0 or more."],
  ["revenue", "-1.200", "Enter 0 or more."],
  ["employee_count", "-1", "Enter 0 or more."],
  ["employee_count", "12.5", "Enter a whole number, such as 1,250."],
  ["founding_year", "-5", "Enter a year from 1000 to 2026."],
  ["founding_year", "3050", "Enter a year from 1000 to 2026."],
  ["founding_year", "2027", "Enter a year from 1000 to 2026."],
  ["founding_year", "1998.5", "Enter a year from 1000 to 2026."],
  ["founding_year", "$1999", "Enter a year from 1000 to 2026."],
])("%s: %j is refused with the way out", (name, text, reason) =>
  expect(read(name, text)).toEqual({ kind: "none", reason }),
);

test.each([
  ["company_name", 200],
  ["industry", 200],
  ["city", 200],
  ["description", 5_000],
  ["business_highlights", 5_000],
  ["reason_for_selling", 5_000],
])("%s may have %i characters", (name, max) => {
  expect(read(name, "é".repeat(max))).toEqual({ kind: "one", value: "é".repeat(max) });
  const [limit, count] = [max, max + 1].map((number) => number.toLocaleString("en-US"));
  const reason = `Shorten this to ${limit} characters. It has ${count}.`;
  expect(read(name, "é".repeat(max + 1))).toEqual({ kind: "none", reason });
});

test.each(["漢", "é", "\n", '"'])("the longest texts of %j fit together into a report", (unit) => {
  const texts = FIELDS.flatMap((each) => ("max" in each ? [[each.name, unit.repeat(each.max)]] : []));
  const form = { ...Object.fromEntries(texts), revenue: 1e21, employee_count: 1e21, founding_year: 2026 };
  expect(fits("formData", JSON.stringify(form))).toBe(true);
});

test("values and names are shown as text, numbers as the locale writes them", () => {
  expect(textOf(null)).toBe("");
  expect(textOf(12.5)).toBe("12.5");
  expect(textOf(1_250_000.25, "number", "en-US")).toBe("1,250,000.25");
  expect(textOf(1_250_000.25, "number", "nl-BE")).toBe("1.250.000,25");
  expect(textOf(1843, "year", "en-US")).toBe("1843");
  expect(textOf({ a: 1 })).toBe('{"a":1}');
  expect(answerText("founding_year", 1843)).toBe("1843");
  expect(answerText("constructor", "a")).toBe("a");
  expect(labelOf("employee_count")).toBe("Employees");
  expect(labelOf("own_field")).toBe("own field");
  expect(labelOf("constructor")).toBe("constructor");
});
