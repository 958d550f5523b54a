/**
 * The daily reconciliation: compares counts and XP per user and UTC day in the live database and the store, and sends
 * again what differs; then totals (reconcileTotals.ts). One action a day of history, each scheduling the next, so that
 * none grows with the history.
 */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import {
  internalAction,
  internalMutation,
  internalQuery,
  type ActionCtx,
  type MutationCtx,
} from "../_generated/server";
import { storePort } from "../focus/storePort";
import { DAY_MS, MINUTE_MS } from "../lib/time";
import { addSessions, compareDay } from "./reconciliation/compare";
import * as Outbox from "./queue/entries";
import { redact, readRetentionDays, getStartOfDay, readStoreKind, listSecrets } from "./rules";
import { vUserTotals, type UserTotals } from "./shapes";
import { getStatus, patchStatus } from "./reconciliation/status";
import { vTally, type Tally } from "./reconciliation/tally";

export { experimental_reuseContext } from "../lib/contexts";

/** Sessions that ended more recently may still be on their way. */
const SETTLED_AFTER_MS = 15 * MINUTE_MS;
const SESSIONS_PER_READ = 500;
const USERS_PER_READ = 1_000;
const SESSIONS_PER_REENQUEUE = 50;

/** For the daily cron. Compares every day of which the live database still holds all sessions. */
export const start = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const tally: Tally = {
      startedAt: now,
      days: 0,
      compared: 0,
      differing: 0,
      reenqueued: 0,
      storeOnly: 0,
      totalsDiffering: 0,
    };
    try {
      const kind = readStoreKind(process.env.PERMANENT_STORE_URL);
      if (kind !== "postgres") {
        await recordEnd(
          ctx,
          tally,
          kind === null ? "No permanent store is configured." : "A store behind REST cannot be counted.",
        );
        return null;
      }
      const { removed } = await getStatus(ctx);
      const oldest = getStartOfDay(now) - readRetentionDays(process.env.FOCUS_RETENTION_DAYS) * DAY_MS;
      const from = Math.max(oldest, removed?.endedBefore ?? 0);
      await ctx.scheduler.runAfter(0, internal.store.reconcile.day, {
        from,
        until: now - SETTLED_AFTER_MS,
        tally,
      });
    } catch (error) {
      await recordEnd(ctx, tally, error instanceof Error ? error.message : String(error));
    }
    return null;
  },
});

async function recordEnd(ctx: MutationCtx, tally: Tally, error: string | null): Promise<void> {
  await patchStatus(ctx, { lastReconciliation: { ...tally, finishedAt: Date.now(), error } });
}

export const finished = internalMutation({
  args: { tally: vTally, error: v.union(v.string(), v.null()) },
  returns: v.null(),
  handler: async (ctx, { tally, error }) => {
    await recordEnd(ctx, tally, error);
    return null;
  },
});

/** Compares the day that begins at `from` (ms), then schedules the next one, up to `until` (ms, exclusive). */
export const day = internalAction({
  args: { from: v.number(), until: v.number(), tally: vTally },
  returns: v.null(),
  handler: async (ctx, { from, until, tally }): Promise<null> => {
    if (from >= until) {
      await ctx.scheduler.runAfter(0, internal.store.reconcileTotals.page, { cursor: null, tally });
      return null;
    }
    const to = Math.min(from + DAY_MS, until);
    try {
      const { compared, differing, storeOnly } = compareDay(
        await collectLiveTotals(ctx, from, to),
        await collectStoredTotals(ctx, from, to),
      );
      let reenqueued = 0;
      for (const userId of differing) reenqueued += await sendAgain(ctx, { userId, from, to });
      const next: Tally = {
        ...tally,
        days: tally.days + 1,
        compared: tally.compared + compared,
        differing: tally.differing + differing.length,
        reenqueued: tally.reenqueued + reenqueued,
        storeOnly: tally.storeOnly + storeOnly,
      };
      await ctx.scheduler.runAfter(0, internal.store.reconcile.day, { from: to, until, tally: next });
      return null;
    } catch (error) {
      const text = redact(error, listSecrets(process.env));
      return await ctx.runMutation(internal.store.reconcile.finished, { tally, error: text });
    }
  },
});

async function collectLiveTotals(ctx: ActionCtx, from: number, to: number): Promise<UserTotals[]> {
  let totals = new Map<string, UserTotals>();
  let cursor: string | null = null;
  do {
    const page: { sessions: { userId: string; xp: UserTotals["xp"] }[]; cursor: string | null } = await ctx.runQuery(
      internal.store.reconcile.endedPage,
      { from, to, cursor },
    );
    totals = addSessions(totals, page.sessions);
    cursor = page.cursor;
  } while (cursor !== null);
  return [...totals.values()];
}

export const endedPage = internalQuery({
  args: { from: v.number(), to: v.number(), cursor: v.union(v.string(), v.null()) },
  returns: v.object({
    sessions: v.array(vUserTotals.omit("count")),
    cursor: v.union(v.string(), v.null()),
  }),
  handler: async (ctx, range) => {
    const { sessions, cursor } = await storePort.listEnded(ctx, { ...range, limit: SESSIONS_PER_READ });
    return { sessions: sessions.map(({ userId, xp }) => ({ userId, xp })), cursor };
  },
});

async function collectStoredTotals(ctx: ActionCtx, from: number, to: number): Promise<UserTotals[]> {
  const all: UserTotals[] = [];
  for (;;) {
    const page: UserTotals[] = await ctx.runAction(internal.store.adapters.postgres.actions.totalsByUser, {
      from,
      to,
      afterUserId: all.at(-1)?.userId ?? null,
      limit: USERS_PER_READ,
    });
    all.push(...page);
    if (page.length < USERS_PER_READ) return all;
  }
}

async function sendAgain(ctx: ActionCtx, range: { userId: string; from: number; to: number }): Promise<number> {
  let sent = 0;
  let cursor: string | null = null;
  do {
    const batch: { sent: number; cursor: string | null } = await ctx.runMutation(internal.store.reconcile.reenqueue, {
      ...range,
      cursor,
    });
    sent += batch.sent;
    cursor = batch.cursor;
  } while (cursor !== null);
  return sent;
}

/** Puts a batch of the user's ended sessions into the outbox again, except those that wait there. */
export const reenqueue = internalMutation({
  args: { userId: v.string(), from: v.number(), to: v.number(), cursor: v.union(v.string(), v.null()) },
  returns: v.object({ sent: v.number(), cursor: v.union(v.string(), v.null()) }),
  handler: async (ctx, range) => {
    const { sessions, cursor } = await storePort.listEnded(ctx, { ...range, limit: SESSIONS_PER_REENQUEUE });
    let sent = 0;
    for (const { sessionId } of sessions) if (await enqueueAgain(ctx, sessionId)) sent += 1;
    return { sent, cursor };
  },
});

/** Sends an ended session's figures again unless they are on their way already; whether it did. */
export async function enqueueAgain(ctx: MutationCtx, sessionId: string): Promise<boolean> {
  if (await Outbox.isQueued(ctx, sessionId)) return false;
  return await storePort.enqueueEnd(ctx, sessionId);
}
