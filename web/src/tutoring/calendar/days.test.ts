import { expect, test } from "vitest";
import { dateIn } from "@convex/lib/zones";
import { isDay, listDays, moveSpan, nextDay, startOfDay } from "./days";

test("a month is shown in whole weeks, however it begins and ends", () => {
  const days = listDays("2027-03-17", "month", 1);
  expect([days[0], days.at(-1), days.length]).toEqual(["2027-03-01", "2027-04-04", 35]);
  expect(listDays("2027-02-10", "month", 1)).toHaveLength(28);
  const fromSunday = listDays("2027-05-31", "month", 7);
  expect([fromSunday[0], fromSunday.at(-1), fromSunday.length]).toEqual(["2027-04-25", "2027-06-05", 42]);
  expect(listDays("2027-12-31", "month", 1).at(-1)).toBe("2028-01-02");
});

test("a week begins with the weekday that weeks begin with", () => {
  expect(listDays("2027-03-07", "week", 1)).toEqual([1, 2, 3, 4, 5, 6, 7].map((day) => `2027-03-0${day}`));
  expect(listDays("2027-03-07", "week", 7)[0]).toBe("2027-03-07");
  expect(listDays("2028-02-29", "week", 6)[0]).toBe("2028-02-26");
});

test("spans follow each other, over the ends of years", () => {
  expect(moveSpan("2027-01-31", "month", -1)).toBe("2026-12-01");
  expect(moveSpan("2027-12-31", "month", 1)).toBe("2028-01-01");
  expect(moveSpan("2027-01-31", "month", 1)).toBe("2027-02-01");
  expect(moveSpan("2027-12-29", "week", 1)).toBe("2028-01-05");
});

test("a day begins at midnight of its zone, also when it has 23 or 25 hours or no midnight", () => {
  const hours = (day: string, zone: string) => (startOfDay(nextDay(day), zone) - startOfDay(day, zone)) / 3_600_000;
  expect(new Date(startOfDay("2027-07-01", "Europe/Berlin")).toISOString()).toBe("2027-06-30T22:00:00.000Z");
  expect(hours("2027-03-28", "Europe/Berlin")).toBe(23);
  expect(hours("2027-10-31", "Europe/Berlin")).toBe(25);
  // Clocks in Cairo go from 0:00 to 1:00.
  expect(hours("2027-04-30", "Africa/Cairo")).toBe(23);
  expect(dateIn("Africa/Cairo", startOfDay("2027-04-30", "Africa/Cairo"))).toBe("2027-04-30");
  expect(dateIn("Pacific/Auckland", Date.parse("2027-06-30T12:30:00Z"))).toBe("2027-07-01");
});

test.each(["", "2027-02-30", "2027-1-1", "soon", "2027-13-01"])("%j is no day", (text) =>
  expect(isDay(text)).toBe(false),
);
test("a real date is a day", () => expect(isDay("2028-02-29")).toBe(true));
