/** Reads sessions that have left the live database for the permanent store. Only actions can reach it. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { action, type ActionCtx } from "../_generated/server";
import { AppError, invalid } from "../lib/errors";
import { getEndedSession, listEndedSessions } from "../store/reads";
import { decodePlace, encodePlace, mergePages, toStoredItem, type Page } from "./history/pages";
import { vHistoryItem, type Ended, type Place } from "./shapes";

export { experimental_reuseContext } from "../lib/contexts";

export const HISTORY_DEFAULT = 50;
export const HISTORY_MAX = 100;

type Ctx = Pick<ActionCtx, "runAction">;

/** `UNAVAILABLE` when the store cannot be asked, which the failed action has logged. */
async function readStore<T>(read: Promise<T>): Promise<T> {
  try {
    return await read;
  } catch {
    throw new AppError("UNAVAILABLE", "Older sessions cannot be read at the moment. Try again in a minute.");
  }
}

/** The page that begins with what the live database holds after `after`, completed from the store. */
export async function addDeparted(
  ctx: Ctx,
  goalId: string,
  { after, limit }: { after: Place | null; limit: number },
  live: Page,
): Promise<Page> {
  const stored = await readStore(listEndedSessions(ctx, { goalId: goalId.toLowerCase(), before: after, limit }));
  return mergePages(live, stored.map(toStoredItem), limit, limit);
}

/** The end of a session that has left the live database, or null when the store does not have it. */
export async function findDepartedEnd(ctx: Ctx, sessionId: string): Promise<Ended | null> {
  const row = await readStore(getEndedSession(ctx, sessionId));
  if (!row) return null;
  return {
    kind: "ended",
    endedAt: row.endedAt,
    reason: row.completedReason as Ended["reason"],
    totalSeconds: row.totalDurationSeconds,
    focusedSeconds: row.focusedDurationSeconds,
    xp: row.xp,
  };
}

/**
 * Ended sessions of the caller's goal beyond what `sessions:history` shows, in the same order; `cursor` as an earlier
 * page gave it as `next`. Begins at the newest, live rows included, so that a client can also read everything through
 * it.
 */
export const page = action({
  args: { goalId: v.string(), cursor: v.union(v.string(), v.null()), limit: v.optional(v.number()) },
  returns: v.object({ items: v.array(vHistoryItem), next: v.union(v.string(), v.null()) }),
  handler: async (
    ctx,
    { goalId, cursor, limit = HISTORY_DEFAULT },
  ): Promise<{ items: Page["items"]; next: string | null }> => {
    if (!Number.isInteger(limit) || limit < 1 || limit > HISTORY_MAX)
      throw invalid({ limit: [`Must be a whole number from 1 to ${HISTORY_MAX}.`] });
    const after = cursor === null ? null : decodePlace(cursor);
    const { live, needsStore } = await ctx.runQuery(internal.focus.sessions.partHere, { goalId, after, limit });
    const { items, next } = needsStore ? await addDeparted(ctx, goalId, { after, limit }, live) : live;
    return { items, next: next && encodePlace(next) };
  },
});
