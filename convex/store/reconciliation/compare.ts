import type { UserTotals } from "../shapes";
import { addXp, sameXp, zeros, type Xp } from "../../xp/amounts";

type Ended = { userId: string; xp: Xp };

/** Adds sessions to totals by user; returns new totals. */
export function addSessions(
  totals: ReadonlyMap<string, UserTotals>,
  sessions: readonly Ended[],
): Map<string, UserTotals> {
  const sums = new Map(totals);
  for (const { userId, xp } of sessions) {
    const before = sums.get(userId);
    sums.set(userId, {
      userId,
      count: (before?.count ?? 0) + 1,
      xp: addXp(before?.xp ?? zeros(), xp),
    });
  }
  return sums;
}

export type Comparison = {
  /** Users either side knows of on that day. */
  compared: number;
  /** Users whose sessions the live database should send again. */
  differing: string[];
  /** Users of whom the store holds more sessions than the live database. */
  storeOnly: number;
};

/** Compares one day: counts and each dimension's XP, user by user. */
export function compareDay(live: readonly UserTotals[], stored: readonly UserTotals[]): Comparison {
  const storedBy = new Map(stored.map((totals) => [totals.userId, totals]));
  const liveIds = new Set(live.map(({ userId }) => userId));
  const differing = live.filter((totals) => {
    const other = storedBy.get(totals.userId);
    return other?.count !== totals.count || !sameXp(other.xp, totals.xp);
  });
  return {
    compared: new Set([...liveIds, ...storedBy.keys()]).size,
    differing: differing.map(({ userId }) => userId),
    storeOnly:
      stored.filter(({ userId }) => !liveIds.has(userId)).length +
      differing.filter(({ userId, count }) => (storedBy.get(userId)?.count ?? 0) > count).length,
  };
}
