import { afterEach, expect, test, vi } from "vitest";
import {
  DAY_MS,
  formatClock,
  formatDuration,
  formatExact,
  formatRelative,
  HOUR_MS,
  instant,
  MINUTE_MS,
  ownTimeZone,
  timeZoneNote,
} from "./time";

afterEach(() => vi.restoreAllMocks());

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
])("formatDuration(%s) is %s, on one line", (seconds, text) =>
  expect(formatDuration(seconds)).toBe(text.replaceAll(" ", "\u00a0")),
);

test.each([
  [0, "just now"],
  [-59_000, "just now"],
  [-MINUTE_MS, "1 minute ago"],
  [-DAY_MS, "yesterday"],
  [3 * HOUR_MS, "in 3 hours"],
  [13 * DAY_MS, "in 1 week"],
  [40 * DAY_MS, "in 1 month"],
  [-800 * DAY_MS, "2 years ago"],
])("formatRelative(%s) is %s", (offset, text) => expect(formatRelative(1e12 + offset, 1e12, "UTC")).toBe(text));

test.each([
  ["2026-11-25T12:12:00+01:00", "2026-11-27T11:00:00+01:00", "Europe/Berlin", "in 2 days"],
  ["2026-11-25T12:12:00+01:00", "2026-11-26T13:00:00+01:00", "Europe/Berlin", "tomorrow"],
  ["2026-11-25T23:30:00+01:00", "2026-11-27T00:30:00+01:00", "Europe/Berlin", "in 2 days"],
  ["2026-11-25T23:30:00+01:00", "2026-11-27T00:30:00+01:00", "America/New_York", "tomorrow"],
  ["2026-11-27T11:00:00+01:00", "2026-11-25T12:12:00+01:00", "Europe/Berlin", "2 days ago"],
  // Clocks are set back: still the same day after 24 hours.
  ["2026-10-25T00:10:00+02:00", "2026-10-25T23:40:00+01:00", "Europe/Berlin", "in 24 hours"],
])("at %s, %s in %s is %s", (now, at, zone, text) =>
  expect(formatRelative(Date.parse(at), Date.parse(now), zone)).toBe(text),
);

test("formatExact names the zone", () => {
  expect(formatExact(Date.parse("2026-01-05T12:00:00Z"), "Europe/Berlin", "en-GB")).toMatch(
    /Mon,? 5 Jan 2026.*13:00.*CET/,
  );
});

test("instant takes both spellings of a time", () => {
  expect(instant("2026-01-05T12:00:00Z")).toBe(instant(Date.UTC(2026, 0, 5, 12)));
  expect(instant("soon")).toBeNaN();
});

test.each([["Europe/Brussels"], ["America/Argentina/Buenos_Aires"], ["Etc/GMT-1"], ["UTC"]])(
  "a browser's zone %j is its own",
  (timeZone) => {
    const options = Intl.DateTimeFormat().resolvedOptions();
    vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue({ ...options, timeZone });
    expect([ownTimeZone(), timeZoneNote()]).toEqual([timeZone, null]);
  },
);

test.each([["Etc/Unknown"], [""], [undefined], [null], ["Mars/Olympus"], ["+01:00"], ["GMT+5"], ["unknown"], [7]])(
  "a browser's zone %j is UTC, and said to be",
  (timeZone) => {
    const options = Intl.DateTimeFormat().resolvedOptions();
    vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockReturnValue({
      ...options,
      timeZone: timeZone as string,
    });
    expect([ownTimeZone(), timeZoneNote()]).toEqual(["UTC", expect.stringContaining("UTC")]);
  },
);

test("a browser that throws when asked for its zone has UTC", () => {
  vi.spyOn(Intl.DateTimeFormat.prototype, "resolvedOptions").mockImplementation(() => {
    throw new RangeError("Invalid time zone specified: Etc/Unknown");
  });
  expect(ownTimeZone()).toBe("UTC");
});
