import { createHash } from "node:crypto";
import type { JsonObject } from "../types";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
/** 29 February can be eight years away. */
const MAX_DAYS_AHEAD = 9 * 366;

/** The minutes at which a clock schedule runs, as sets of UTC fields. */
interface ClockTimes {
  minutes: Set<number>;
  hours: Set<number>;
  days: Set<number>;
  months: Set<number>;
  weekdays: Set<number>;
  /** As in Unix cron: when both days and weekdays are restricted, either will do. */
  eitherDay: boolean;
}

/**
 * When a cron runs next, ms since the epoch.
 * @param schedule as `crons.export()` writes it.
 * @param identifier the cron's name: spreads schedules without a minute over the hour, always to the same one.
 * @param previousMs when the last run was due, null before the first.
 * @throws Error naming the field that cannot be read.
 */
export function nextRun(
  schedule: JsonObject,
  identifier: string,
  previousMs: number | null,
  nowMs: number,
): number {
  if (schedule["type"] === "interval") {
    const periodMs = intervalMs(schedule);
    if (previousMs === null) return nowMs;
    // Runs missed while a run took long, or while the deployment was down, are skipped and the beat is kept.
    return previousMs + Math.max(1, Math.ceil((nowMs - previousMs) / periodMs)) * periodMs;
  }
  return nextClockTime(clockTimes(schedule, identifier), Math.max(nowMs, previousMs ?? 0));
}

function intervalMs(schedule: JsonObject): number {
  const seconds =
    Number(schedule["seconds"] ?? 0) +
    Number(schedule["minutes"] ?? 0) * 60 +
    Number(schedule["hours"] ?? 0) * 3_600;
  if (!(seconds >= 1)) throw new Error("An interval must be at least one second.");
  return seconds * 1_000;
}

function clockTimes(schedule: JsonObject, identifier: string): ClockTimes {
  const splayMinute = createHash("sha256").update(identifier).digest().readUInt32LE(0) % 60;
  const minutes = new Set([Number(schedule["minuteUTC"] ?? splayMinute)]);
  const every = {
    hours: range(0, 23),
    days: range(1, 31),
    months: range(1, 12),
    weekdays: range(0, 6),
    eitherDay: false,
  };
  const hours = new Set([Number(schedule["hourUTC"])]);
  switch (schedule["type"]) {
    case "hourly":
      return { ...every, minutes };
    case "daily":
      return { ...every, minutes, hours };
    case "weekly":
      return {
        ...every,
        minutes,
        hours,
        weekdays: new Set([WEEKDAYS.indexOf(schedule["dayOfWeek"] as string)]),
      };
    case "monthly":
      return { ...every, minutes, hours, days: new Set([Number(schedule["day"])]) };
    case "cron":
      return parseCron(schedule["cron"] as string);
    default:
      throw new Error(`Unknown cron schedule type ${JSON.stringify(schedule["type"])}.`);
  }
}

/** @throws Error when `text` does not have five readable fields. */
export function parseCron(text: string): ClockTimes {
  const fields = text.trim().split(/\s+/);
  if (fields.length !== 5) throw new Error(`Cron expression "${text}" must have five fields.`);
  const [minute, hour, day, month, weekday] = fields as [string, string, string, string, string];
  const weekdays = parseField(
    weekday,
    0,
    7,
    WEEKDAYS.map((name) => name.slice(0, 3)),
    0,
  );
  if (weekdays.delete(7)) weekdays.add(0);
  return {
    minutes: parseField(minute, 0, 59),
    hours: parseField(hour, 0, 23),
    days: parseField(day, 1, 31),
    months: parseField(month, 1, 12, MONTHS, 1),
    weekdays,
    eitherDay: !/^[*?]/.test(day) && !/^[*?]/.test(weekday),
  };
}

function parseField(
  text: string,
  min: number,
  max: number,
  names: string[] = [],
  firstName = 0,
): Set<number> {
  const values = new Set<number>();
  const read = (part: string): number => {
    const named = names.indexOf(part.toLowerCase());
    const value = named === -1 ? Number(part) : named + firstName;
    if (part === "" || !Number.isInteger(value) || value < min || value > max)
      throw new Error(`"${part}" in a cron expression is not between ${min} and ${max}.`);
    return value;
  };
  for (const part of text.split(",")) {
    const [span = "", stepText] = part.split("/");
    const step = stepText === undefined ? 1 : Number(stepText);
    if (!Number.isInteger(step) || step < 1)
      throw new Error(`"${part}" in a cron expression has no valid step.`);
    const [from, to] = span.split("-");
    const all = span === "*" || span === "?";
    const first = all ? min : read(from!);
    const last = all
      ? max === 7
        ? 6
        : max
      : to !== undefined
        ? read(to)
        : stepText === undefined
          ? first
          : max;
    if (last < first) throw new Error(`"${part}" in a cron expression runs backwards.`);
    for (let value = first; value <= last; value += step) values.add(value);
  }
  return values;
}

function nextClockTime(times: ClockTimes, afterMs: number): number {
  const fromMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  const firstDayMs = Math.floor(fromMs / DAY_MS) * DAY_MS;
  const hours = [...times.hours].sort((a, b) => a - b);
  const minutes = [...times.minutes].sort((a, b) => a - b);
  for (let day = 0; day < MAX_DAYS_AHEAD; day++) {
    const dayMs = firstDayMs + day * DAY_MS;
    if (!dayMatches(times, new Date(dayMs))) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const atMs = dayMs + (hour * 60 + minute) * MINUTE_MS;
        if (atMs >= fromMs) return atMs;
      }
    }
  }
  throw new Error("The cron schedule names a day that never comes.");
}

function dayMatches(times: ClockTimes, date: Date): boolean {
  if (!times.months.has(date.getUTCMonth() + 1)) return false;
  const day = times.days.has(date.getUTCDate());
  const weekday = times.weekdays.has(date.getUTCDay());
  return times.eitherDay ? day || weekday : day && weekday;
}

function range(first: number, last: number): Set<number> {
  return new Set(Array.from({ length: last - first + 1 }, (_, i) => first + i));
}
