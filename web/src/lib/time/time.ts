/** Times and durations for people. All instants are ms since the epoch. */
import { isTimeZone } from "@convex/lib/zones";
import { t } from "@/messages/translate";
import { wordsLocale } from "../locale/locale";

const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The IANA name of this device's time zone; UTC if the browser reports none. */
export const ownTimeZone = (): string => reportedTimeZone() ?? "UTC";

/** A note to show beside the time zone if the browser reports none, else null. */
export const timeZoneNote = (): string | null => (reportedTimeZone() === null ? t("common.noTimeZone") : null);

/**
 * The zone that the browser reports. Null if this browser or the server does not know it, such as "Etc/Unknown" where
 * the system has none set.
 */
function reportedTimeZone(): string | null {
  try {
    const { timeZone } = Intl.DateTimeFormat().resolvedOptions() as { timeZone: unknown };
    return typeof timeZone === "string" && isTimeZone(timeZone) ? timeZone : null;
  } catch {
    return null;
  }
}

/**
 * A duration as a clock shows it: 75_000 → "1:15", 3_675_000 → "1:01:15". Whole seconds, rounded down; negative counts
 * as 0.
 */
export function formatClock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return `${hours > 0 ? `${hours}:${two(minutes)}` : minutes}:${two(seconds % 60)}`;
}

/** A duration that no longer moves: 42 → "42 s", 754 → "12 min", 5_400 → "1 h 30 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return t("common.seconds", { count: whole });
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return t("common.minutes", { count: minutes });
  const rest = minutes % 60;
  const hours = Math.floor(minutes / 60);
  return rest === 0 ? t("common.hours", { count: hours }) : t("common.hoursMinutes", { hours, minutes: rest });
}

/** Units of whole calendar days. Shorter distances are given in hours and minutes. */
const LONG_UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365],
  ["month", 30],
  ["week", 7],
];

/**
 * A distance in words: "3 minutes ago", "in 2 hours", "just now" under a minute. From 24 hours on it counts the
 * midnights of the zone between the two, so that "tomorrow" is never the day after it.
 */
export function formatRelative(at: number, now: number, timeZone = ownTimeZone()): string {
  const distance = at - now;
  const days = calendarDay(at, timeZone) - calendarDay(now, timeZone);
  if (Math.abs(distance) < MINUTE_MS) return t("common.justNow");
  if (Math.abs(distance) < HOUR_MS) return relative(distance / MINUTE_MS, "minute");
  // A day on which clocks are set back has 25 hours.
  if (Math.abs(distance) < DAY_MS || days === 0) return relative(distance / HOUR_MS, "hour");
  const long = LONG_UNITS.find(([, size]) => Math.abs(days) >= size);
  if (long) return relative(days / long[1], long[0]);
  return relative(days, "day", "auto");
}

/** With "auto", `numeric` says "tomorrow". For longer units it would call 13 days from now "next week". */
const relative = (amount: number, unit: Intl.RelativeTimeFormatUnit, numeric: "auto" | "always" = "always"): string =>
  new Intl.RelativeTimeFormat(wordsLocale(), { numeric }).format(Math.trunc(amount), unit);

/** The number of the day in the zone that holds the instant. */
function calendarDay(at: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat("en", {
    year: "numeric",
    month: "numeric",
    day: "numeric",
    timeZone,
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day")) / DAY_MS;
}

/** Date and time in the zone, with the zone's short name. Shown on hover over a relative time. */
export const formatExact = (at: number, timeZone = ownTimeZone(), locale = wordsLocale()): string =>
  new Intl.DateTimeFormat(locale, {
    dateStyle: undefined,
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    timeZoneName: "short",
    timeZone,
  }).format(at);

/** An instant in ms from the server's ms or RFC 3339 text; NaN when it is neither. */
export const instant = (value: number | string): number => (typeof value === "number" ? value : Date.parse(value));
