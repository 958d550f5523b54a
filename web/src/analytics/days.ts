import { DAY_MS } from "@/lib/time/time";
import type { DayFigures, Range } from "./api";

const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);

/** The last `count` days up to today, UTC. */
export const lastDays = (count: number, now: number): Range => ({
  from: toDay(now - (count - 1) * DAY_MS),
  to: toDay(now),
});

/** More are no days of a range: the server refuses them. */
const DAYS_MAX = 401;

/** Each day of a range, with zeros where nothing was counted. */
export function fillDays(figures: readonly Omit<DayFigures, "event">[], { from, to }: Range) {
  const known = new Map(figures.map((each) => [each.day, each]));
  const first = Date.parse(from);
  const count = Math.min(DAYS_MAX, Math.max(0, Math.round((Date.parse(to) - first) / DAY_MS) + 1));
  return Array.from({ length: count }, (_, index) => {
    const day = toDay(first + index * DAY_MS);
    return { day, count: known.get(day)?.count ?? 0, people: known.get(day)?.people ?? 0 };
  });
}
