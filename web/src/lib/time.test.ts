import { expect, test } from "vitest";
import { DAY_MS, formatClock, formatDuration, formatExact, formatRelative, HOUR_MS, instant, MINUTE_MS } from "./time";

test.each([
  [0, "0:00"],
  [-5_000, "0:00"],
  [999, "0:00"],
  [75_999, "1:15"],
  [3_599_999, "59:59"],
  [3_675_000, "1:01:15"],
  [100 * HOUR_MS, "100:00:00"],
])("formatClock(%s) is %s", (ms, text) => expect(formatClock(ms)).toBe(text));

test.each([
  [0, "0 s"],
  [42, "42 s"],
  [754, "13 min"],
  [3_599, "1 h"],
  [5_400, "1 h 30 min"],
])("formatDuration(%s) is %s", (seconds, text) => expect(formatDuration(seconds)).toBe(text));

test.each([
  [0, "just now"],
  [-59_000, "just now"],
  [-MINUTE_MS, "1 minute ago"],
  [-DAY_MS, "yesterday"],
  [3 * HOUR_MS, "in 3 hours"],
])("formatRelative(%s) is %s", (offset, text) => expect(formatRelative(1e12 + offset, 1e12, "en")).toBe(text));

test("formatExact names the zone", () => {
  expect(formatExact(Date.parse("2026-01-05T12:00:00Z"), "Europe/Berlin", "en-GB")).toMatch(/Mon,? 5 Jan 2026.*13:00.*CET/);
});

test("instant takes both spellings of a time", () => {
  expect(instant("2026-01-05T12:00:00Z")).toBe(instant(Date.UTC(2026, 0, 5, 12)));
  expect(instant("soon")).toBeNaN();
});
