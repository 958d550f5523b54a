import { expect, test } from "vitest";
import { formatNumber, readBack, readNumber, readWhole } from "./numbers";

const read = (text: string, locale = "en-US", whole = false) => readNumber(text, locale, { whole });

test("one reading is the value, two are asked about with the locale's own first", () => {
  expect(read("1,200")).toEqual({ kind: "one", value: 1_200 });
  expect(read("1.2m")).toEqual({ kind: "one", value: 1_200_000 });
  expect(read("250.000", "nl-BE")).toEqual({ kind: "one", value: 250_000 });
  expect(read("1.200")).toEqual({ kind: "several", values: [1.2, 1_200] });
  expect(read("1.200", "en-US", true)).toEqual({ kind: "one", value: 1_200 });
  expect(formatNumber(1_250_000.25, "nl-BE")).toBe("1.250.000,25");
});

test.each([
  ["", "en-US", false, "Enter a number, such as 1,250,000."],
  ["1,,2", "en-US", false, "Enter a number, such as 1,250,000."],
  ["viele", "de-DE", false, "Enter a number in digits, such as 1.250.000."],
  ["1e6", "en-US", false, "Enter a number in digits, such as 1,250,000."],
  ["1e", "en-US", true, "Enter a whole number in digits, such as 1,250."],
  ["12,5", "nl-BE", true, "Enter a whole number, such as 1.250."],
  ["12 %", "en-US", false, "Enter an amount, not a percentage, such as 1,250,000."],
  ["9".repeat(400), "en-US", false, "Enter a number up to 9,007,199,254,740,991."],
])("%j in %s is told how to go on", (text, locale, whole, reason) =>
  expect(read(text, locale, whole)).toEqual({ kind: "none", reason }),
);

test("a whole number within limits, and what was understood where it is not in plain digits", () => {
  expect(
    ["1,440", "1.440", "٩٠", " 90 ", "0", "1441", "-5", "1.5", ""].map((text) => readWhole(text, 1, 1_440, "en-US")),
  ).toEqual([1_440, 1_440, 90, 90, null, null, null, null, null]);
  expect(["1440", "", "many", "1,440", "٩٠"].map((text) => readBack(text, "en-US"))).toEqual([
    undefined,
    undefined,
    undefined,
    "Read as 1,440",
    "Read as 90",
  ]);
});
