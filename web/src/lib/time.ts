/** Times and durations for people. All instants are ms since the epoch. */

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The IANA name of this device's zone. */
export const ownTimeZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";

/** 75_000 → "1:15", 3_675_000 → "1:01:15". Whole seconds, rounded down; negative counts as 0. */
export function formatClock(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / SECOND_MS));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, "0");
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** 42 → "42 s", 754 → "12 min", 5_400 → "1 h 30 min". For durations that no longer move. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.round(whole / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 365 * DAY_MS],
  ["month", 30 * DAY_MS],
  ["week", 7 * DAY_MS],
  ["day", DAY_MS],
  ["hour", HOUR_MS],
  ["minute", MINUTE_MS],
];

/** "3 minutes ago", "in 2 hours", "just now" under a minute. */
export function formatRelative(at: number, now: number, locale?: string): string {
  const distance = at - now;
  const unit = UNITS.find(([, size]) => Math.abs(distance) >= size);
  if (!unit) return "just now";
  return new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(Math.trunc(distance / unit[1]), unit[0]);
}

/** Date and time in the zone, with the zone's short name: what a relative time shows on hover. */
export const formatExact = (at: number, timeZone = ownTimeZone(), locale?: string): string =>
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

/** An instant as the server may send it, RFC 3339 text or ms, in ms; NaN when it is neither. */
export const instant = (value: number | string): number => (typeof value === "number" ? value : Date.parse(value));
