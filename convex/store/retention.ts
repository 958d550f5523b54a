/**
 * Ended sessions older than `FOCUS_RETENTION_DAYS` leave the live database, each only after the store has shown that it
 * holds its very figures. History goes on in the store, so a store that cannot be read back keeps them all here.
 */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction, internalMutation, internalQuery } from "../_generated/server";
import { storePort } from "../focus/storePort";
import { DAY_MS } from "../lib/time";
import * as Outbox from "./queue/entries";
import { enqueueAgain } from "./reconcile";
import { readRetentionDays, getStartOfDay, readStoreKind } from "./rules";
import { vHeld, type Held } from "./shapes";
import { getStatus, patchStatus } from "./reconciliation/status";
import { sameXp } from "../xp/amounts";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH_SIZE = 100;

type Page = { sessions: Held[]; cursor: string | null };

/** For the daily cron: one batch, then it schedules itself for the next. */
export const run = internalAction({
  args: { cursor: v.optional(v.union(v.string(), v.null())), endedBefore: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, args): Promise<null> => {
    if (readStoreKind(process.env.PERMANENT_STORE_URL) !== "postgres") return null;
    const endedBefore =
      args.endedBefore ?? getStartOfDay(Date.now()) - readRetentionDays(process.env.FOCUS_RETENTION_DAYS) * DAY_MS;
    const page: Page = await ctx.runQuery(internal.store.retention.oldPage, {
      endedBefore,
      cursor: args.cursor ?? null,
    });
    const held: Held[] = await ctx.runAction(internal.store.adapters.postgres.actions.held, {
      sessionIds: page.sessions.map(({ sessionId }) => sessionId),
    });
    const heldBy = new Map(held.map((session) => [session.sessionId, session]));
    const same = page.sessions.filter((session) => isSame(session, heldBy.get(session.sessionId)));
    const sameIds = new Set(same.map(({ sessionId }) => sessionId));
    await ctx.runMutation(internal.store.retention.leave, {
      stored: same,
      missing: page.sessions.flatMap(({ sessionId }) => (sameIds.has(sessionId) ? [] : [sessionId])),
      endedBefore,
    });
    if (page.cursor !== null)
      await ctx.scheduler.runAfter(0, internal.store.retention.run, { cursor: page.cursor, endedBefore });
    return null;
  },
});

const isSame = (live: Held, stored: Held | undefined): boolean =>
  stored !== undefined &&
  stored.startedAt === live.startedAt &&
  stored.endedAt === live.endedAt &&
  sameXp(stored.xp, live.xp);

/** Old sessions with nothing on its way to the store. */
export const oldPage = internalQuery({
  args: { endedBefore: v.number(), cursor: v.union(v.string(), v.null()) },
  returns: v.object({ sessions: v.array(vHeld), cursor: v.union(v.string(), v.null()) }),
  handler: async (ctx, { endedBefore, cursor }): Promise<Page> => {
    const page = await storePort.listEnded(ctx, { from: 0, to: endedBefore, cursor, limit: BATCH_SIZE });
    const sessions: Held[] = [];
    for (const { sessionId, startedAt, endedAt, xp } of page.sessions)
      if (!(await Outbox.isQueued(ctx, sessionId))) sessions.push({ sessionId, startedAt, endedAt, xp });
    return { sessions, cursor: page.cursor };
  },
});

/** Removes what the store holds and sends again what it does not, looking once more at what has changed meanwhile. */
export const leave = internalMutation({
  args: { stored: v.array(vHeld), missing: v.array(v.string()), endedBefore: v.number() },
  returns: v.null(),
  handler: async (ctx, { stored, missing, endedBefore }) => {
    let hasLeft = false;
    for (const { sessionId, endedAt, xp } of stored) {
      if (await Outbox.isQueued(ctx, sessionId)) continue;
      const now = await storePort.completePayload(ctx, sessionId);
      if (now?.endedAt !== endedAt || !sameXp(now.xp, xp)) continue;
      await storePort.removeStored(ctx, sessionId);
      hasLeft = true;
    }
    for (const sessionId of missing) await enqueueAgain(ctx, sessionId);
    if (!hasLeft) return null;
    const { removed } = await getStatus(ctx);
    await patchStatus(ctx, { removed: { endedBefore: Math.max(endedBefore, removed?.endedBefore ?? -Infinity) } });
    return null;
  },
});
