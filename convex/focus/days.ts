/** Arithmetic on calendar days: pure, shared with the browser. A date is written `YYYY-MM-DD`. */
import { DAY_MS, MINUTE_MS } from "../lib/time";

/** Every zone in use is offset by a multiple of this, so a quarter of an hour never belongs to two dates. */
export const QUARTER_MS = 15 * MINUTE_MS;

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
