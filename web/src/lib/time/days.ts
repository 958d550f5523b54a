import { wordsLocale } from "../locale/locale";

/** Calendar days, such as "2026-03-10", for people. */

// Noon of a calendar day has the same date in every time zone.
const atNoon = (day: string) => new Date(`${day}T12:00:00`);

export const shortDate = (day: string): string =>
  new Intl.DateTimeFormat(wordsLocale(), { day: "numeric", month: "short" }).format(atNoon(day));

export const longDate = (day: string): string =>
  new Intl.DateTimeFormat(wordsLocale(), { weekday: "long", day: "numeric", month: "long" }).format(atNoon(day));
