import { createHash } from "node:crypto";
import type { JsonObject } from "../values";
import { type CronTimes, parseCron } from "./cron-expression";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3_600_000;
/** A century, so that times stay dates. */
const MAX_INTERVAL_MS = 100 * 366 * DAY_MS;
const WEEKDAYS = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
/** A fifth Friday in February comes every 28 years, and less often around a century. */
const MAX_DAYS_AHEAD = 41 * 366;

/** @throws Error when a schedule cannot be read, or is never due. */
export function checkSchedule(schedule: JsonObject): void {
  if (schedule["type"] === "cron") parseCron(readExpression(schedule));
  findNextRun(schedule, "", null, Date.now());
}

/**
 * The time of a cron's next run, ms since the epoch.
 * @param schedule as `crons.export()` writes it.
 * @param identifier the cron's name: spreads schedules without a minute over the hour, always to the same one.
 * @param previousMs when the last run was due, null before the first.
 * @throws Error naming the field that cannot be read.
 */
export function findNextRun(
  schedule: JsonObject,
  identifier: string,
  previousMs: number | null,
  nowMs: number,
): number {
  if (schedule["type"] === "interval") {
    const periodMs = readIntervalMs(schedule);
    if (previousMs === null) return nowMs;
    // Runs missed while a run took long, or while the deployment was down, are skipped and the beat is kept.
    return previousMs + Math.max(1, Math.ceil((nowMs - previousMs) / periodMs)) * periodMs;
  }
  return findNextClockTime(readClockTimes(schedule, identifier), Math.max(nowMs, previousMs ?? 0));
}

function readExpression({ cron }: JsonObject): string {
  if (typeof cron !== "string") throw new Error("it must be text");
  return cron;
}

function readIntervalMs(schedule: JsonObject): number {
  const units = { seconds: 1_000, minutes: 60_000, hours: 3_600_000 };
  const given = Object.entries(units).filter(([unit]) => schedule[unit] !== undefined && schedule[unit] !== null);
  if (given.length !== 1) throw new Error("it must have one of seconds, minutes and hours");
  const [[unit, unitMs]] = given as [[string, number]];
  return readInteger(schedule, unit, 1, Math.floor(MAX_INTERVAL_MS / unitMs)) * unitMs;
}

function readClockTimes(schedule: JsonObject, identifier: string): CronTimes {
  if (schedule["type"] === "cron") return parseCron(convertOldGrammar(readExpression(schedule)));
  const splayMinute = createHash("sha256").update(identifier).digest().readUInt32LE(0) % 60;
  const hasMinute = schedule["minuteUTC"] !== undefined && schedule["minuteUTC"] !== null;
  const minute = hasMinute ? readInteger(schedule, "minuteUTC", 0, 59) : splayMinute;
  const hour = () => readInteger(schedule, "hourUTC", 0, 23);
  switch (schedule["type"]) {
    case "hourly":
      return parseCron(`${minute} * * * *`);
    case "daily":
      return parseCron(`${minute} ${hour()} * * *`);
    case "weekly": {
      const weekday = WEEKDAYS.indexOf(schedule["dayOfWeek"] as string);
      if (weekday < 0) throw new Error(`dayOfWeek must be one of ${WEEKDAYS.join(", ")}`);
      return parseCron(`${minute} ${hour()} * * ${weekday}`);
    }
    case "monthly":
      return parseCron(`${minute} ${hour()} ${readInteger(schedule, "day", 1, 31)} * *`);
    default:
      throw new Error(`its type ${JSON.stringify(schedule["type"])} is none that there is`);
  }
}

function readInteger(schedule: JsonObject, field: string, min: number, max: number): number {
  const value = schedule[field];
  if (typeof value !== "number" || !Number.isInteger(value) || value < min || value > max)
    throw new Error(`${field} must be an integer from ${min} to ${max}, got ${JSON.stringify(value)}`);
  return value;
}

/** Earlier versions took `?` for `*`, and 7 for Sunday; what they were given goes on running. */
function convertOldGrammar(cron: string): string {
  const [minute, hour, day, month, weekday = ""] = cron
    .trim()
    .split(/\s+/)
    .map((field) => field.replace(/^\?/, "*"));
  const weekdays = weekday.replace(/(^|,)(0|sun)-7/gi, "$10-6").replace(/(^|[,-])7(?![0-9])/g, "$10");
  return [minute, hour, day, month, weekdays].join(" ");
}

function findNextClockTime(times: CronTimes, afterMs: number): number {
  const fromMs = (Math.floor(afterMs / MINUTE_MS) + 1) * MINUTE_MS;
  const firstDayMs = Math.floor(fromMs / DAY_MS) * DAY_MS;
  const hours = [...times.hours].sort((a, b) => a - b);
  const minutes = [...times.minutes].sort((a, b) => a - b);
  for (let day = 0; day < MAX_DAYS_AHEAD; day++) {
    const dayMs = firstDayMs + day * DAY_MS;
    const date = new Date(dayMs);
    if (!times.months.has(date.getUTCMonth() + 1) || !times.matchesDay(date)) continue;
    for (const hour of hours) {
      for (const minute of minutes) {
        const atMs = dayMs + (hour * 60 + minute) * MINUTE_MS;
        if (atMs >= fromMs) return atMs;
      }
    }
  }
  throw new Error("it names a day that never comes");
}
