export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** ms since the epoch → RFC 3339 in UTC with `Z`, as every endpoint returns times. */
export const toWireTime = (ms: number): string => new Date(ms).toISOString();
export const toWireTimeOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : toWireTime(ms));

const RFC3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?(?:[Zz]|([+-])(\d{2}):?(\d{2}))$/;

// The range that RFC 3339 can write in UTC and PostgreSQL can keep, which knows no year 0.
const FIRST_TIME_MS = Date.parse("0001-01-01T00:00:00Z");
export const LAST_TIME_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** Whether a time lies in the years 1 to 9999 UTC. */
export const isWritable = (ms: number): boolean => ms >= FIRST_TIME_MS && ms <= LAST_TIME_MS;

/**
 * RFC 3339 text with an offset → ms since the epoch, or null when it is not one or names no real time of the years 1 to
 * 9999. A leap second, which clocks like these do not count, is the second after it.
 */
export function parseTime(text: string): number | null {
  const [, year, month, day, hour, minute, second = "0", fraction = "", sign, offsetHour = "0", offsetMinute = "0"] =
    RFC3339.exec(text) ?? [];
  if (year === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null;
  if (Number(offsetHour) > 23 || Number(offsetMinute) > 59) return null;
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return null;
  const offsetMs = (sign === "-" ? -1 : 1) * (Number(offsetHour) * HOUR_MS + Number(offsetMinute) * MINUTE_MS);
  const minuteMs = date.getTime() + Number(hour) * HOUR_MS + Number(minute) * MINUTE_MS - offsetMs;
  if (second === "60" && !isLastMinuteOfMonth(minuteMs)) return null;
  const ms = minuteMs + Number(second) * SECOND_MS + Number(fraction.slice(0, 3).padEnd(3, "0"));
  return isWritable(ms) ? ms : null;
}

/** Leap seconds come at the end of a month, in UTC. */
function isLastMinuteOfMonth(ms: number): boolean {
  const next = new Date(ms + MINUTE_MS);
  return next.getUTCDate() === 1 && next.getUTCHours() === 0 && next.getUTCMinutes() === 0;
}
