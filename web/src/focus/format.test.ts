import { describe, expect, test } from "vitest";
import { formatCompact, formatRate, formatXp, levelShare, plannedSecondsOf } from "./format";

test("numbers follow the locale", () => {
  expect(formatXp(28_000, "en")).toBe("28,000");
  expect(formatXp(28_000, "de")).toBe("28.000");
  expect(formatRate(0.25, "en")).toBe("15\u00a0XP/min");
  expect(formatCompact(12_345, "en")).toBe("12.3K");
});

describe("levels", () => {
  test("the share of a level stays between 0 and 1", () => {
    expect(levelShare(10_000, 2, 40_000)).toBe(0);
    expect(levelShare(25_000, 2, 40_000)).toBe(0.5);
    expect(levelShare(50_000, 2, 40_000)).toBe(1);
    expect(levelShare(0, 1, 0)).toBe(0);
  });
});

test.each([
  ["", null],
  ["  ", null],
  ["25", 1_500],
  ["720", 43_200],
  ["0", NaN],
  ["721", NaN],
  ["1.5", NaN],
  ["1e2", NaN],
  ["0x10", NaN],
  ["２５", 1_500],
  ["٢٥", 1_500],
  ["soon", NaN],
])("plannedSecondsOf(%j) is %s", (text, seconds) => expect(plannedSecondsOf(text, "en-US")).toBe(seconds));
