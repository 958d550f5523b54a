/** Crons of accounts: sessions lapse on time, ended ones and old alerts leave. Batches that follow one another. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { DAY_MS, MINUTE_MS } from "../lib/time";
import { deleteAlertsBefore } from "./devices/signInAlerts";
import { deleteFullBuckets } from "../identity/limits/buckets";
import { endCutOffPage } from "../identity/sessions/endAllSessions";
import { expireSession } from "../identity/sessions/endSession";
import {
  deleteActivity,
  deleteEndedSessions,
  deleteTokens,
  SESSION_PAGE_SIZE,
} from "../identity/sessions/accountSessions";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 200;
/** The cron's own interval: what lapses sooner than its next run gets a run of its own. */
export const LAPSE_INTERVAL_MS = 10 * MINUTE_MS;
/** Ended sessions are kept for the reason a returning device is shown. */
const ENDED_RETENTION_MS = 30 * DAY_MS;
const ALERT_RETENTION_MS = 30 * DAY_MS;
/** Convex Auth's own codes are good for minutes; nobody comes back from a redirect later than this. */
const REDIRECT_LIFETIME_MS = DAY_MS;

/**
 * Ends every session whose time has come. Live queries cannot watch the clock, so this is what signs idle devices out;
 * the next one due before the cron's next run is met at its very time. `until`, ms, ends such a chain of runs, so that
 * every cron run leaves one chain at most.
 */
export const endLapsed = internalMutation({
  args: { until: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { until = Date.now() + LAPSE_INTERVAL_MS }) => {
    const now = Date.now();
    const due = await ctx.db
      .query("accountSessionActivity")
      .withIndex("by_expiresAt", (q) => q.lte("expiresAt", now))
      .take(SESSION_PAGE_SIZE);
    for (const activity of due) {
      const session = await ctx.db.get("accountSessions", activity.sessionId);
      if (session?.state.kind === "active") await expireSession(ctx, session);
      else await deleteActivity(ctx, activity);
    }
    if (due.length === SESSION_PAGE_SIZE) {
      await ctx.scheduler.runAfter(0, internal.accounts.sweep.endLapsed, { until });
      return null;
    }
    const next = await ctx.db
      .query("accountSessionActivity")
      .withIndex("by_expiresAt", (q) => q.gt("expiresAt", now).lt("expiresAt", until))
      .first();
    if (next) await ctx.scheduler.runAt(next.expiresAt, internal.accounts.sweep.endLapsed, { until });
    return null;
  },
});

/** Follows a cut-off through the user's rows, page by page. */
export const endCutOff = internalMutation({
  args: { userId: v.id("users"), cursor: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { userId, cursor }) => {
    const next = await endCutOffPage(ctx, userId, cursor);
    if (next !== null) await ctx.scheduler.runAfter(0, internal.accounts.sweep.endCutOff, { userId, cursor: next });
    return null;
  },
});

/** Deletes the refresh tokens that an ended session left behind. */
export const deleteTokensOf = internalMutation({
  args: { authSessionId: v.id("authSessions") },
  returns: v.null(),
  handler: async (ctx, { authSessionId }) => {
    if (await deleteTokens(ctx, authSessionId, BATCH))
      await ctx.scheduler.runAfter(0, internal.accounts.sweep.deleteTokensOf, { authSessionId });
    return null;
  },
});

/**
 * Deletes sessions that ended, and alerts that were raised, 30 days ago; redirects to Google that led nowhere; and what
 * was counted for rate limits that are free again.
 */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const moreSessions = await deleteEndedSessions(ctx, now - ENDED_RETENTION_MS);
    const moreAlerts = await deleteAlertsBefore(ctx, now - ALERT_RETENTION_MS, BATCH);
    const moreBuckets = await deleteFullBuckets(ctx, BATCH);
    const verifiers = await ctx.db
      .query("authVerifiers")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - REDIRECT_LIFETIME_MS))
      .take(BATCH);
    for (const verifier of verifiers) await ctx.db.delete("authVerifiers", verifier._id);
    const codes = await ctx.db
      .query("authVerificationCodes")
      .withIndex("by_creation_time", (q) => q.lt("_creationTime", now - REDIRECT_LIFETIME_MS))
      .take(BATCH);
    for (const code of codes) await ctx.db.delete("authVerificationCodes", code._id);
    const isFull = [verifiers, codes].some(({ length }) => length === BATCH);
    if (moreSessions || moreAlerts || moreBuckets || isFull)
      await ctx.scheduler.runAfter(0, internal.accounts.sweep.deleteOld, {});
    return null;
  },
});
