/** Years as people type them, also those of the calendar that their locale counts by. */
import { spellPlainly } from "@convex/lib/numbers/spelling";

/** Four digits, which may be grouped, and the word for a year that East Asia writes behind them. */
const YEAR = /^(\d)[.,' ]?(\d{3}) ?[年년]?$/;

/** From here on a year is a Gregorian one: no other calendar in use has such years for a company. */
const SURELY_GREGORIAN = 1_700;

const calendarOf = (locale: string): string => new Intl.DateTimeFormat(locale).resolvedOptions().calendar;

/** The year of a calendar in which the middle of a Gregorian year lies. */
function yearIn(calendar: string, gregorian: number): number {
  const parts = new Intl.DateTimeFormat(`en-u-ca-${calendar}-nu-latn`, { year: "numeric", timeZone: "UTC" });
  const middle = Date.UTC(gregorian, 6, 1);
  return Number(parts.formatToParts(middle).find(({ type }) => type === "year")?.value);
}

/** The Gregorian year that most of a year of another calendar lies in, or null. */
function toGregorian(year: number, calendar: string, last: number): number | null {
  // All of them count whole years of nearly the same length, so that a few steps lead there.
  let gregorian = last;
  for (let step = 0; step < 5; step++) {
    const found = yearIn(calendar, gregorian);
    if (found === year) return gregorian;
    gregorian += year - found;
  }
  return null;
}

/**
 * The Gregorian years that a text can mean, the likelier first; none when it is no year. Where a locale counts by
 * another calendar, as those of Thailand and Iran do, its year goes first.
 *
 * @param last the latest year there is
 */
export function readYears(text: string, locale: string, last: number): number[] {
  const [, first, rest] = YEAR.exec(spellPlainly(text)) ?? [];
  if (first === undefined) return [];
  const year = Number(`${first}${rest}`);
  const calendar = calendarOf(locale);
  const isSure = calendar === "gregory" || (year >= SURELY_GREGORIAN && year <= last);
  const own = isSure ? null : toGregorian(year, calendar, last);
  return own === null || own === year ? [year] : [own, year];
}
