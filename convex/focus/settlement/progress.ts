/** Level, streak and days from the rows that the ledger keeps; nothing is recounted. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { dateIn } from "../../lib/zones";
import { toDate, toDayNumber, isDate, getStartOfQuarter } from "../days";
import { parse } from "../../lib/schemas/parse";
import { z } from "../../lib/schemas/zod";
import { timeZone } from "../fields";
import { totalOf, type Rates, addXp, lifeLevel, nextLevelAt, zeros } from "../../xp/amounts";

type Db = QueryCtx["db"];
type DayRow = Doc<"focusDays">;

export type Day = { date: string; focusedSeconds: number; xpTotal: number; xp: Rates };

type Dates = Map<string, Omit<Day, "date" | "xpTotal">>;

export const WEEKS_MAX = 53;
/** A streak is counted this far back. */
const STREAK_MAX_DAYS = 3_660;
/** No zone is more than 14 hours from UTC, so a local day lies within its own UTC day and its neighbors. */
const NEIGHBOR = 1;

const when = z.strictObject({
  timeZone: timeZone(),
  today: z.string().refine(isDate, "Must be a date written as YYYY-MM-DD.").optional(),
});
const weeksInput = when.extend({ weeks: z.int().min(1).max(WEEKS_MAX) });

/** The date in the zone; one that was named spares reading the clock. */
const getDate = ({ timeZone, today }: z.output<typeof when>): string => today ?? dateIn(timeZone, Date.now());

const queryDays = (db: Db, userId: Id<"users">, from: number, to: number) =>
  db
    .query("focusDays")
    .withIndex("by_userId_and_day", (q) => q.eq("userId", userId).gte("day", from).lte("day", to))
    .order("desc");

/** Adds what the UTC day's quarters have earned to the dates of the zone. */
function collect(row: DayRow, timeZone: string, dates: Dates): void {
  for (const { quarter, focusedSeconds, xp } of row.quarters) {
    const date = dateIn(timeZone, getStartOfQuarter(row.day, quarter));
    const known = dates.get(date) ?? { focusedSeconds: 0, xp: zeros() };
    dates.set(date, { focusedSeconds: known.focusedSeconds + focusedSeconds, xp: addXp(known.xp, xp) });
  }
}

/** The last `weeks` × 7 dates of the zone, oldest first, today's last; dates without sessions are zero. */
export async function listRecentDays({ db, principal }: Viewer, args: z.input<typeof weeksInput>): Promise<Day[]> {
  const { weeks, ...input } = parse(weeksInput, args);
  const last = toDayNumber(getDate(input));
  const first = last - weeks * 7 + 1;
  const dates: Dates = new Map();
  for (const row of await queryDays(db, principal.user._id, first - NEIGHBOR, last + NEIGHBOR).collect())
    collect(row, input.timeZone, dates);
  return Array.from({ length: weeks * 7 }, (_, index) => {
    const date = toDate(first + index);
    const { focusedSeconds, xp } = dates.get(date) ?? { focusedSeconds: 0, xp: zeros() };
    return { date, focusedSeconds, xpTotal: totalOf(xp), xp };
  });
}

/**
 * Today's work and the number of consecutive dates with focused time up to today, or up to yesterday while today has
 * none yet. Reads back only as far as the streak goes.
 */
async function readTodayAndStreak({ db, principal }: Viewer, args: z.input<typeof when>) {
  const input = parse(when, args);
  const today = getDate(input);
  const last = toDayNumber(today);
  const dates: Dates = new Map();
  let day = last;
  let streakDays = 0;
  /** Counts the dates from `final` on, which no further row can fill. True when the streak has been found broken. */
  const broken = (final: number): boolean => {
    for (; day >= final; day--) {
      if ((dates.get(toDate(day))?.focusedSeconds ?? 0) > 0) streakDays++;
      else if (day !== last) return true;
    }
    return false;
  };
  let done = false;
  for await (const row of queryDays(db, principal.user._id, last - STREAK_MAX_DAYS, last + NEIGHBOR)) {
    if ((done = broken(row.day + NEIGHBOR + 1))) break;
    collect(row, input.timeZone, dates);
  }
  if (!done) broken(-Infinity);
  const { focusedSeconds, xp } = dates.get(today) ?? { focusedSeconds: 0, xp: zeros() };
  return { today: { focusedSeconds, xpTotal: totalOf(xp) }, streakDays };
}

/** Everything the progress card shows. */
export async function getProgress(viewer: Viewer, args: z.input<typeof when>) {
  const totals = await viewer.db
    .query("focusTotals")
    .withIndex("by_userId", (q) => q.eq("userId", viewer.principal.user._id))
    .unique();
  const xp = totals?.xp ?? zeros();
  const xpTotal = totalOf(xp);
  const level = lifeLevel(xpTotal);
  return {
    xpTotal,
    xp,
    lifeLevel: level,
    nextLevelAt: nextLevelAt(level),
    ...(await readTodayAndStreak(viewer, args)),
  };
}
