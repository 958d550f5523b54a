/**
 * The last part of the daily reconciliation: what each user has earned over all time, in the live database and in the
 * store. Days can only be compared while the live database holds their sessions; totals stay for good. A difference
 * here has no session to send again, so it is counted for a person to look at.
 */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction, internalQuery, type QueryCtx } from "../_generated/server";
import { storePort } from "../focus/storePort";
import { redact, listSecrets } from "./rules";
import { vUserXp, type UserXp } from "./shapes";
import { vTally } from "./reconciliation/tally";
import { zeros, sameXp } from "../xp/amounts";

export { experimental_reuseContext } from "../lib/contexts";

const USERS_PER_PAGE = 500;
/** Beyond this many entries in the outbox no user's totals are compared. */
const QUEUED_MAX = 1_000;

/** Compares one page of users, then schedules the next; in the end writes the reconciliation down. */
export const page = internalAction({
  args: { cursor: v.union(v.string(), v.null()), tally: vTally },
  returns: v.null(),
  handler: async (ctx, { cursor, tally }): Promise<null> => {
    try {
      const live: { totals: UserXp[]; cursor: string | null } = await ctx.runQuery(
        internal.store.reconcileTotals.settledPage,
        { cursor },
      );
      const stored: UserXp[] = await ctx.runAction(internal.store.adapters.postgres.actions.levels, {
        userIds: live.totals.map(({ userId }) => userId),
      });
      const storedBy = new Map(stored.map(({ userId, xp }) => [userId, xp]));
      const suspects = live.totals.filter(({ userId, xp }) => !sameXp(storedBy.get(userId) ?? zeros(), xp));
      const differing: number = await ctx.runQuery(internal.store.reconcileTotals.unchanged, { suspects });
      const next = { ...tally, totalsDiffering: tally.totalsDiffering + differing };
      if (live.cursor === null)
        return await ctx.runMutation(internal.store.reconcile.finished, { tally: next, error: null });
      await ctx.scheduler.runAfter(0, internal.store.reconcileTotals.page, { cursor: live.cursor, tally: next });
      return null;
    } catch (error) {
      return await ctx.runMutation(internal.store.reconcile.finished, {
        tally,
        error: redact(error, listSecrets(process.env)),
      });
    }
  },
});

/** Totals of the users of one page of whom nothing is in the outbox. */
export const settledPage = internalQuery({
  args: { cursor: v.union(v.string(), v.null()) },
  returns: v.object({ totals: v.array(vUserXp), cursor: v.union(v.string(), v.null()) }),
  handler: async (ctx, { cursor }) => {
    const { totals, cursor: next } = await storePort.listTotals(ctx, { cursor, limit: USERS_PER_PAGE });
    const queued = await listQueuedUsers(ctx);
    return { totals: queued === null ? [] : totals.filter(({ userId }) => !queued.has(userId)), cursor: next };
  },
});

/** Counts the totals that have not changed since: those that have were on their way while the store was read. */
export const unchanged = internalQuery({
  args: { suspects: v.array(vUserXp) },
  returns: v.number(),
  handler: async (ctx, { suspects }) => {
    let count = 0;
    for (const { userId, xp } of suspects) {
      const now = await storePort.totalsOf(ctx, userId);
      if (now && sameXp(now, xp)) count += 1;
    }
    return count;
  },
});

async function listQueuedUsers(ctx: { db: QueryCtx["db"] }): Promise<Set<string> | null> {
  const rows = await ctx.db.query("storeOutbox").take(QUEUED_MAX);
  return rows.length === QUEUED_MAX ? null : new Set(rows.map(({ payload }) => payload.userId));
}
