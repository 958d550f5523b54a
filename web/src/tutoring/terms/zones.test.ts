import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTimeZone, localTimeIn, readLocal, zoneNames } from "./zones";

const at = (text: string) => Date.parse(text);

test.each([
  ["2026-07-01T18:30", "Europe/Berlin", "2026-07-01T16:30:00Z"],
  ["2026-01-01T18:30", "Europe/Berlin", "2026-01-01T17:30:00Z"],
  ["2026-01-01T18:30", "UTC", "2026-01-01T18:30:00Z"],
  ["2026-01-01T00:15", "Asia/Kathmandu", "2025-12-31T18:30:00Z"],
  ["2026-01-01T18:30", "Pacific/Kiritimati", "2026-01-01T04:30:00Z"],
  // The hours around a change, in both hemispheres.
  ["2026-03-29T01:59", "Europe/Berlin", "2026-03-29T00:59:00Z"],
  ["2026-03-29T03:00", "Europe/Berlin", "2026-03-29T01:00:00Z"],
  ["2026-10-04T03:00", "Australia/Sydney", "2026-10-03T16:00:00Z"],
  ["2026-11-01T00:59", "America/New_York", "2026-11-01T04:59:00Z"],
  ["2026-11-01T02:00", "America/New_York", "2026-11-01T07:00:00Z"],
])("%s in %s is %s", (local, zone, instant) =>
  expect(readLocal(local, zone)).toEqual({ kind: "once", at: at(instant) }),
);

describe("when clocks change", () => {
  test.each([
    ["2026-03-29T02:30", "Europe/Berlin", "2026-03-29T03:30"],
    ["2026-03-08T02:00", "America/New_York", "2026-03-08T03:00"],
    ["2026-10-04T02:15", "Australia/Lord_Howe", "2026-10-04T02:45"],
    ["2026-03-22T02:30", "Africa/Casablanca", "2026-03-22T03:30"],
    ["2026-09-27T03:00", "Pacific/Chatham", "2026-09-27T04:00"],
    ["2026-03-28T23:30", "America/Nuuk", "2026-03-29T00:30"],
  ])("%s does not exist in %s", (local, zone, next) =>
    expect(readLocal(local, zone)).toEqual({ kind: "skipped", next }),
  );

  test.each([
    ["2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z"],
    ["2026-11-01T01:00", "America/New_York", "2026-11-01T05:00:00Z", "2026-11-01T06:00:00Z"],
    ["2026-04-05T01:45", "Australia/Lord_Howe", "2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z"],
    ["2026-02-15T02:30", "Africa/Casablanca", "2026-02-15T01:30:00Z", "2026-02-15T02:30:00Z"],
    ["2026-04-05T03:00", "Pacific/Chatham", "2026-04-04T13:15:00Z", "2026-04-04T14:15:00Z"],
  ])("%s comes twice in %s", (local, zone, first, second) =>
    expect(readLocal(local, zone)).toEqual({ kind: "twice", at: [at(first), at(second)] }),
  );
});

test("what a clock shows is read back as the instant, or as two of which it is one", () => {
  const zones = [
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Pacific/Apia",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: at("2024-01-01T00:00Z"), max: at("2035-01-01T00:00Z") }),
      (zone, ms) => {
        const minute = Math.floor(ms / 60_000) * 60_000;
        const reading = readLocal(localTimeIn(zone, minute), zone);
        if (reading.kind === "twice") expect(reading.at).toContain(minute);
        else expect(reading).toEqual({ kind: "once", at: minute });
      },
    ),
  );
});

test("what is no local time is none; zones are those of the browser", () => {
  for (const text of ["", "2026-13-01T10:00", "2026-01-01", "10:00"])
    expect(readLocal(text, "UTC")).toEqual({ kind: "none" });
  expect(zoneNames()[0]).toBe("UTC");
  expect([isTimeZone("Europe/Berlin"), isTimeZone("Mars/Olympus"), isTimeZone("")]).toEqual([true, false, false]);
  expect([isTimeZone("Etc/Unknown"), isTimeZone("etc/unknown"), isTimeZone("Factory")]).toEqual([false, false, false]);
});
