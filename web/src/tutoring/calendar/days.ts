/**
 * Days as calendars lay them out. A day is written `YYYY-MM-DD` and belongs to no zone until it is asked when it
 * begins.
 */
import { addDays, readLocal } from "@convex/tutoring/clock/localTimes";
import { wordsLocale } from "@/lib/locale/locale";

export type Span = "month" | "week";

const WEEK_DAYS = 7;
const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const isDay = (text: string): boolean => DAY.test(text) && shift(text, 0) === text;

const shift = (day: string, days: number): string => {
  const at = Date.parse(`${day}T00:00Z`);
  return Number.isNaN(at) ? "" : addDays(`${day}T00:00`, days).slice(0, 10);
};

export const nextDay = (day: string): string => shift(day, 1);

/** When a day begins in a zone: at midnight, or where clocks skip that, at the first time there is. */
export function startOfDay(day: string, zone: string): number {
  const reading = readLocal(`${day}T00:00`, zone);
  if (reading.kind === "once") return reading.at;
  if (reading.kind === "twice") return reading.at[0];
  if (reading.kind === "skipped") return startOf(readLocal(reading.next, zone));
  return NaN;
}

const startOf = (reading: ReturnType<typeof readLocal>): number =>
  reading.kind === "once" ? reading.at : reading.kind === "twice" ? reading.at[0] : NaN;

/** The weekday with which weeks begin where the user lives, 1 for Monday to 7 for Sunday. */
function firstWeekday(locale = wordsLocale()): number {
  // Older browsers have it as a property, others not at all.
  const about = new Intl.Locale(locale) as Intl.Locale & {
    getWeekInfo?: () => { firstDay: number };
    weekInfo?: { firstDay: number };
  };
  return (about.getWeekInfo?.() ?? about.weekInfo)?.firstDay ?? 1;
}

const weekdayOf = (day: string): number => new Date(`${day}T00:00Z`).getUTCDay() || WEEK_DAYS;

/** The first day of the week that `day` is in. */
const startOfWeek = (day: string, first: number): string =>
  shift(day, -((weekdayOf(day) - first + WEEK_DAYS) % WEEK_DAYS));

/** The days that are shown around `day`: its week, or the whole weeks that its month touches. */
export function listDays(day: string, span: Span, first = firstWeekday()): string[] {
  const begin = startOfWeek(span === "week" ? day : `${day.slice(0, 7)}-01`, first);
  const end = span === "week" ? shift(begin, WEEK_DAYS) : firstOfNextMonth(day);
  const days: string[] = [];
  for (let each = begin; each < end || days.length % WEEK_DAYS !== 0; each = nextDay(each)) days.push(each);
  return days;
}

function firstOfNextMonth(day: string): string {
  const [year = 0, month = 0] = day.split("-").map(Number);
  return month === 12
    ? `${String(year + 1).padStart(4, "0")}-01-01`
    : `${day.slice(0, 5)}${String(month + 1).padStart(2, "0")}-01`;
}

/** A day of the span before or after: the same weekday, or the first of the month. */
export function moveSpan(day: string, span: Span, by: 1 | -1): string {
  if (span === "week") return shift(day, by * WEEK_DAYS);
  return by === 1 ? firstOfNextMonth(day) : `${shift(`${day.slice(0, 7)}-01`, -1).slice(0, 7)}-01`;
}
