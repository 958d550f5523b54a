/** Calendar days in a user's time zone: pure, shared with the browser. A date is written `YYYY-MM-DD`. */
import { DAY_MS, MINUTE_MS } from "../lib/time";

/** Every zone in use is offset by a multiple of this, so a quarter of an hour never belongs to two dates. */
export const QUARTER_MS = 15 * MINUTE_MS;

const formatters = new Map<string, Intl.DateTimeFormat>();
const MAX_FORMATTERS = 500;

/** Whether the runtime knows `timeZone` as an IANA name such as `Europe/Berlin`. */
export function isTimeZone(timeZone: string): boolean {
  if (!/^[A-Za-z][A-Za-z0-9_+\-/]{1,63}$/.test(timeZone)) return false;
  try {
    getFormatter(timeZone);
    return true;
  } catch {
    return false;
  }
}

function getFormatter(timeZone: string): Intl.DateTimeFormat {
  let formatter = formatters.get(timeZone);
  if (!formatter) {
    formatter = new Intl.DateTimeFormat("en-US", {
      timeZone,
      calendar: "gregory",
      numberingSystem: "latn",
      year: "numeric",
      month: "2-digit",
      day: "2-digit",
    });
    if (formatters.size >= MAX_FORMATTERS) formatters.clear();
    formatters.set(timeZone, formatter);
  }
  return formatter;
}

/** The date on which `at` (ms) falls in `timeZone`. Throws RangeError for an unknown zone. */
export function dateIn(timeZone: string, at: number): string {
  if (timeZone === "UTC") return new Date(at).toISOString().slice(0, 10);
  const [month, day, year] = getFormatter(timeZone).format(at).split("/");
  return `${year}-${month}-${day}`;
}

/** Days since 1970-01-01, for arithmetic on dates. */
export const toDayNumber = (date: string): number => Date.parse(`${date}T00:00:00Z`) / DAY_MS;
export const toDate = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Whether `date` is a real date. */
export const isDate = (date: string): boolean =>
  DATE.test(date) && !Number.isNaN(toDayNumber(date)) && toDate(toDayNumber(date)) === date;

/** The UTC day and the quarter of an hour in it (0…95) that `at` (ms) falls in. */
export const toQuarter = (at: number): { day: number; quarter: number } => {
  const day = Math.floor(at / DAY_MS);
  return { day, quarter: Math.floor((at - day * DAY_MS) / QUARTER_MS) };
};

export const getStartOfQuarter = (day: number, quarter: number): number => day * DAY_MS + quarter * QUARTER_MS;
