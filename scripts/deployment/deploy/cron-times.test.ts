import { describe, expect, test } from "vitest";
import { nextRun, parseCron } from "./cron-times";

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();

describe("intervals", () => {
  const every30s = { type: "interval", seconds: 30 };

  test("run at once when first deployed", () => {
    expect(nextRun(every30s, "a", null, 1_000_000)).toBe(1_000_000);
  });

  test("keep their beat and skip what was missed", () => {
    expect(nextRun(every30s, "a", 1_000_000, 1_000_200)).toBe(1_030_000);
    expect(nextRun(every30s, "a", 1_000_000, 1_095_000)).toBe(1_120_000);
  });

  test("of minutes and hours", () => {
    expect(nextRun({ type: "interval", minutes: 2 }, "a", 0, 0)).toBe(120_000);
    expect(nextRun({ type: "interval", hours: 1 }, "a", 0, 0)).toBe(3_600_000);
  });
});

describe("clock schedules", () => {
  const now = at("2026-03-10T10:20:30Z"); // a Tuesday
  const cases: [string, Record<string, string | number>, string][] = [
    ["hourly", { type: "hourly", minuteUTC: 15 }, "2026-03-10T11:15:00.000Z"],
    ["daily, later today", { type: "daily", hourUTC: 17, minuteUTC: 5 }, "2026-03-10T17:05:00.000Z"],
    ["daily, tomorrow", { type: "daily", hourUTC: 3, minuteUTC: 0 }, "2026-03-11T03:00:00.000Z"],
    [
      "weekly",
      { type: "weekly", dayOfWeek: "monday", hourUTC: 9, minuteUTC: 30 },
      "2026-03-16T09:30:00.000Z",
    ],
    ["monthly", { type: "monthly", day: 31, hourUTC: 0, minuteUTC: 0 }, "2026-03-31T00:00:00.000Z"],
    ["cron", { type: "cron", cron: "*/10 8-11 * * 1-5" }, "2026-03-10T10:30:00.000Z"],
    ["cron by names", { type: "cron", cron: "0 0 * feb sun" }, "2027-02-07T00:00:00.000Z"],
    ["cron with both kinds of day", { type: "cron", cron: "0 0 13 * 5" }, "2026-03-13T00:00:00.000Z"],
    ["leap day", { type: "cron", cron: "0 0 29 2 *" }, "2028-02-29T00:00:00.000Z"],
    ["Sunday as 7", { type: "cron", cron: "0 12 * * 7" }, "2026-03-15T12:00:00.000Z"],
  ];
  test.each(cases)("%s", (_name, schedule, expected) => {
    expect(iso(nextRun(schedule, "job", null, now))).toBe(expected);
  });

  test("never give the minute that has just run", () => {
    const first = nextRun({ type: "cron", cron: "* * * * *" }, "job", null, now);
    expect(nextRun({ type: "cron", cron: "* * * * *" }, "job", first, first) - first).toBe(60_000);
  });

  test("without a minute keep to one minute of the hour, not all to the same", () => {
    const minutes = ["a", "b", "c", "d"].map((name) =>
      new Date(nextRun({ type: "hourly" }, name, null, now)).getUTCMinutes(),
    );
    expect(new Set(minutes).size).toBeGreaterThan(1);
    expect(nextRun({ type: "hourly" }, "a", null, now)).toBe(
      nextRun({ type: "hourly" }, "a", null, now + 1_000),
    );
  });

  test.each(["* * * *", "60 * * * *", "* * * * 9", "5-1 * * * *", "*/0 * * * *", "x * * * *"])(
    "refuse %s",
    (text) => {
      expect(() => parseCron(text)).toThrow();
    },
  );

  test("refuse a day that never comes", () => {
    expect(() => nextRun({ type: "cron", cron: "0 0 30 2 *" }, "job", null, now)).toThrow("never comes");
  });
});
