import { expect, test } from "vitest";
import { fillDays, lastDays } from "./days";

test("a range ends today, UTC, and has the days it says", () => {
  const now = Date.parse("2026-03-01T00:30:00Z");
  expect(lastDays(7, now)).toEqual({ from: "2026-02-23", to: "2026-03-01" });
  expect(fillDays([], lastDays(30, now))).toHaveLength(30);
});

test("days without figures are there with zeros, over the end of summer time too", () => {
  const figures = [{ day: "2026-10-25", count: 3, people: 2 }];
  expect(fillDays(figures, { from: "2026-10-24", to: "2026-10-26" })).toEqual([
    { day: "2026-10-24", count: 0, people: 0 },
    { day: "2026-10-25", count: 3, people: 2 },
    { day: "2026-10-26", count: 0, people: 0 },
  ]);
  expect(fillDays([], { from: "2026-10-26", to: "2026-10-24" })).toEqual([]);
  expect(fillDays([], { from: "", to: "2026-10-24" })).toEqual([]);
});
