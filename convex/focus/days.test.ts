import fc from "fast-check";
import { expect, test } from "vitest";
import { dateIn, isTimeZone } from "../lib/zones";
import { toDate, toDayNumber, isDate, toQuarter, getStartOfQuarter } from "./days";

const ZONES = [
  "UTC",
  "Europe/Berlin",
  "Asia/Tokyo",
  "America/St_Johns",
  "Asia/Kathmandu",
  "Pacific/Kiritimati",
  "Pacific/Niue",
  "Australia/Lord_Howe",
  "Pacific/Chatham",
];
const instant = fc.integer({ min: Date.parse("2000-01-01T00:00:00Z"), max: Date.parse("2040-01-01T00:00:00Z") });

test.each([
  ["Asia/Tokyo", "2026-03-10T15:00:00Z", "2026-03-11"],
  ["Asia/Tokyo", "2026-03-10T14:59:59Z", "2026-03-10"],
  ["America/New_York", "2026-03-08T04:59:59Z", "2026-03-07"],
  ["America/New_York", "2026-03-09T03:59:59Z", "2026-03-08"],
  ["America/New_York", "2026-03-09T04:00:00Z", "2026-03-09"],
  ["Asia/Kathmandu", "2026-01-01T18:15:00Z", "2026-01-02"],
  ["Pacific/Kiritimati", "2026-01-01T10:00:00Z", "2026-01-02"],
  ["UTC", "2024-02-29T23:59:59Z", "2024-02-29"],
])("in %s %s is %s", (timeZone, at, date) => expect(dateIn(timeZone, Date.parse(at))).toBe(date));

test("a quarter of an hour never belongs to two dates of a zone, and its day is at most a neighbor", () => {
  fc.assert(
    fc.property(fc.constantFrom(...ZONES), instant, (timeZone, at) => {
      const { day, quarter } = toQuarter(at);
      const date = dateIn(timeZone, getStartOfQuarter(day, quarter));
      expect(dateIn(timeZone, at)).toBe(date);
      expect(Math.abs(toDayNumber(date) - day)).toBeLessThanOrEqual(1);
      expect(toDate(toDayNumber(date))).toBe(date);
    }),
  );
});

test.each(["", "Mars/Olympus", "../etc", "+05:30", "Europe/Berlin; drop", "a".repeat(100)])("%j is no zone", (name) =>
  expect(isTimeZone(name)).toBe(false),
);
test.each(ZONES)("%s is a zone", (name) => expect(isTimeZone(name)).toBe(true));
test.each([
  ["2024-02-29", true],
  ["2023-02-29", false],
  ["2024-2-9", false],
  ["2024-13-01", false],
  ["tomorrow", false],
])("%s is a date: %s", (date, expected) => expect(isDate(date)).toBe(expected));
