export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** ms since the epoch → RFC 3339 in UTC with `Z`, as every endpoint returns times. */
export const toWireTime = (ms: number): string => new Date(ms).toISOString();
export const toWireTimeOrNull = (ms: number | null | undefined): string | null => (ms == null ? null : toWireTime(ms));

const RFC3339 = /^\d{4}-\d{2}-\d{2}[Tt ]([01]\d|2[0-3]):\d{2}(:\d{2}(\.\d+)?)?([Zz]|[+-]\d{2}:?\d{2})$/;

// The range that RFC 3339 can write in UTC and PostgreSQL can keep, which knows no year 0.
const FIRST_TIME_MS = Date.parse("0001-01-01T00:00:00Z");
const LAST_TIME_MS = Date.parse("9999-12-31T23:59:59.999Z");

/** Whether a time lies in the years 1 to 9999 UTC. */
export const isWritable = (ms: number): boolean => ms >= FIRST_TIME_MS && ms <= LAST_TIME_MS;

/**
 * RFC 3339 text with an offset → ms since the epoch, or null when it is not one or names no real day of the years 1 to
 * 9999.
 */
export function parseTime(text: string): number | null {
  if (!RFC3339.test(text)) return null;
  const ms = Date.parse(text.replace(" ", "T"));
  if (!isWritable(ms)) return null;
  const day = Number(text.slice(8, 10));
  const lastDay = new Date(Date.UTC(Number(text.slice(0, 4)), Number(text.slice(5, 7)), 0)).getUTCDate();
  return day <= lastDay ? ms : null;
}
