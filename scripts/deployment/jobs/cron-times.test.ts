import { describe, expect, test } from "vitest";
import { checkSchedule, findNextRun } from "./cron-times";

const at = (text: string): number => Date.parse(text);
const iso = (ms: number): string => new Date(ms).toISOString();

describe("intervals", () => {
  const every30s = { type: "interval", seconds: 30 };

  test("run at once when first deployed", () => {
    expect(findNextRun(every30s, "a", null, 1_000_000)).toBe(1_000_000);
  });

  test("keep their beat and skip what was missed", () => {
    expect(findNextRun(every30s, "a", 1_000_000, 1_000_200)).toBe(1_030_000);
    expect(findNextRun(every30s, "a", 1_000_000, 1_095_000)).toBe(1_120_000);
  });

  test("of minutes and hours", () => {
    expect(findNextRun({ type: "interval", minutes: 2 }, "a", 0, 0)).toBe(120_000);
    expect(findNextRun({ type: "interval", hours: 1 }, "a", 0, 0)).toBe(3_600_000);
  });
});

describe("clock schedules", () => {
  const now = at("2026-03-10T10:20:30Z"); // a Tuesday
  const cases: [string, Record<string, string | number>, string][] = [
    ["hourly", { type: "hourly", minuteUTC: 15 }, "2026-03-10T11:15:00.000Z"],
    ["daily, later today", { type: "daily", hourUTC: 17, minuteUTC: 5 }, "2026-03-10T17:05:00.000Z"],
    ["daily, tomorrow", { type: "daily", hourUTC: 3, minuteUTC: 0 }, "2026-03-11T03:00:00.000Z"],
    ["weekly", { type: "weekly", dayOfWeek: "monday", hourUTC: 9, minuteUTC: 30 }, "2026-03-16T09:30:00.000Z"],
    ["monthly", { type: "monthly", day: 31, hourUTC: 0, minuteUTC: 0 }, "2026-03-31T00:00:00.000Z"],
    ["cron", { type: "cron", cron: "*/10 8-11 * * 1-5" }, "2026-03-10T10:30:00.000Z"],
    ["cron by names", { type: "cron", cron: "0 0 * feb sun" }, "2027-02-07T00:00:00.000Z"],
    ["cron with both kinds of day", { type: "cron", cron: "0 0 13 * 5" }, "2026-03-13T00:00:00.000Z"],
    ["leap day", { type: "cron", cron: "0 0 29 2 *" }, "2028-02-29T00:00:00.000Z"],
    ["Sunday as 7", { type: "cron", cron: "0 12 * * 7" }, "2026-03-15T12:00:00.000Z"],
  ];
  test.each(cases)("%s", (_name, schedule, expected) => {
    expect(iso(findNextRun(schedule, "job", null, now))).toBe(expected);
  });

  test("never give the minute that has just run", () => {
    const first = findNextRun({ type: "cron", cron: "* * * * *" }, "job", null, now);
    expect(findNextRun({ type: "cron", cron: "* * * * *" }, "job", first, first) - first).toBe(60_000);
  });

  test("without a minute keep to one minute of the hour, not all to the same", () => {
    const minutes = ["a", "b", "c", "d"].map((name) =>
      new Date(findNextRun({ type: "hourly" }, name, null, now)).getUTCMinutes(),
    );
    expect(new Set(minutes).size).toBeGreaterThan(1);
    expect(findNextRun({ type: "hourly" }, "a", null, now)).toBe(
      findNextRun({ type: "hourly" }, "a", null, now + 1_000),
    );
  });

  test.each([
    ["0 9 * * FRI-MON", ["2026-03-13", "2026-03-14", "2026-03-15", "2026-03-16", "2026-03-20"]],
    ["0 9 * * fri-Mon/2", ["2026-03-13", "2026-03-15", "2026-03-20"]],
    ["0 9 * * 5-1", ["2026-03-13", "2026-03-14", "2026-03-15", "2026-03-16", "2026-03-20"]],
    ["0 9 * NOV-feb *", ["2026-11-01", "2026-11-02"]],
    ["0 9 30-2 * *", ["2026-03-30", "2026-03-31", "2026-04-01", "2026-04-02", "2026-04-30"]],
    ["0 9 L * *", ["2026-03-31", "2026-04-30", "2026-05-31"]],
    ["0 9 L-2 * *", ["2026-03-29", "2026-04-28"]],
    ["0 9 LW * *", ["2026-03-31", "2026-04-30", "2026-05-29"]],
    ["0 9 15W * *", ["2026-03-16", "2026-04-15", "2026-05-15"]],
    ["0 9 1W * *", ["2026-04-01", "2026-05-01", "2026-06-01", "2026-07-01", "2026-08-03"]],
    ["0 9 * * L", ["2026-03-14", "2026-03-21"]],
    ["0 9 * * 5L", ["2026-03-27", "2026-04-24"]],
    ["0 9 * * MON#2", ["2026-04-13", "2026-05-11"]],
    ["0 9 */10 * MON", ["2026-03-11", "2026-03-16", "2026-03-21", "2026-03-23"]],
    ["0 9 1,15-16,20/10 * *", ["2026-03-15", "2026-03-16", "2026-03-20", "2026-03-30", "2026-04-01"]],
  ] as [string, string[]][])("%s", (cron, expected) => {
    const found: string[] = [];
    for (let after = now; found.length < expected.length;) {
      after = findNextRun({ type: "cron", cron }, "job", null, after);
      found.push(iso(after));
    }
    expect(found).toEqual(expected.map((date) => `${date}T09:00:00.000Z`));
  });

  test("around the hour", () => {
    expect(iso(findNextRun({ type: "cron", cron: "50-10/10 * * * *" }, "job", null, now))).toBe(
      "2026-03-10T10:50:00.000Z",
    );
  });

  test.each([
    ["* * * *", "five fields"],
    [" 0 9 * * *", "five fields"],
    ["@daily", "five fields"],
    ["60 * * * *", "60 is not between 0 and 59"],
    ["* 24 * * *", "24 is not between 0 and 23"],
    ["* * 0 * *", "0 is not between 1 and 31"],
    ["* * * 13 *", "13 is not between 1 and 12"],
    ["* * * * 9", "9 is not between 0 and 6"],
    ["0 9 * * 7", "Sunday is 0 or SUN"],
    ["*/0 * * * *", "0 is not between 1 and 59"],
    ["*/60 * * * *", "60 is not between 1 and 59"],
    ["x * * * *", '"x" cannot be read as a minute'],
    ["*,5 * * * *", '"*" cannot be read as a minute'],
    ["1.5 * * * *", '"1.5" cannot be read'],
    ["0 9 ? * MON", '"?" cannot be read as a day of the month'],
    ["0 9 * * FRIDAY", '"FRIDAY" cannot be read as a day of the week'],
    ["0 9 L-31 * *", "31 is not between 1 and 30"],
    ["0 9 L,5 * *", '"L" cannot be read'],
    ["0 9 * * MON#6", "6 is not between 1 and 5"],
    ["0 9 30 2 *", "never comes"],
    ["0 9 31 4,6,9,11 *", "never comes"],
  ])("refuse %s", (cron, reason) => {
    expect(() => checkSchedule({ type: "cron", cron })).toThrow(reason);
  });

  test.each([
    [{ type: "interval" }, "one of seconds, minutes and hours"],
    [{ type: "interval", seconds: 1, minutes: 1 }, "one of seconds, minutes and hours"],
    [{ type: "interval", seconds: 0 }, "seconds must be an integer"],
    [{ type: "interval", hours: 1.5 }, "hours must be an integer"],
    [{ type: "interval", seconds: 1e300 }, "seconds must be an integer"],
    [{ type: "hourly", minuteUTC: 60 }, "minuteUTC must be an integer from 0 to 59"],
    [{ type: "daily", hourUTC: 24, minuteUTC: 0 }, "hourUTC must be an integer from 0 to 23"],
    [{ type: "daily", minuteUTC: 0 }, "hourUTC must be an integer from 0 to 23, got undefined"],
    [{ type: "weekly", dayOfWeek: "Monday", hourUTC: 0 }, "dayOfWeek must be one of"],
    [{ type: "monthly", day: 32, hourUTC: 0, minuteUTC: 0 }, "day must be an integer from 1 to 31"],
    [{ type: "yearly" }, "its type"],
  ])("refuse %j", (schedule, reason) => {
    expect(() => checkSchedule(schedule)).toThrow(reason);
  });

  test("what an earlier version took goes on running", () => {
    expect(iso(findNextRun({ type: "cron", cron: "0 9 ? * 6-7" }, "job", null, now))).toBe("2026-03-14T09:00:00.000Z");
    expect(iso(findNextRun({ type: "cron", cron: "0 9 * * 0-7" }, "job", null, now))).toBe("2026-03-11T09:00:00.000Z");
  });

  test("a day that comes once in 28 years is waited for", () => {
    expect(iso(findNextRun({ type: "cron", cron: "0 9 * 2 FRI#5" }, "job", null, now))).toBe(
      "2036-02-29T09:00:00.000Z",
    );
  });
});
