/**
 * The functions that reconciliation and retention need of the focus domain, which owns the sessions; implemented in
 * focus/storePort.ts. The outbox itself needs nothing: entries come complete, and an ended session that is not queued
 * is stored.
 */
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { CompletePayload } from "../payload";
import { type Xp } from "../../xp/amounts";

/** An ended session, as far as it is compared. Times are ms since the epoch. */
export type EndedSession = {
  sessionId: string;
  /** The user's UUID. */
  userId: string;
  startedAt: number;
  endedAt: number;
  xp: Xp;
};

export type EndedPage = { sessions: EndedSession[]; cursor: string | null };

/** XP over all time of users who have earned any. */
export type TotalsPage = { totals: { userId: string; xp: Xp }[]; cursor: string | null };

export type FocusPort = {
  /**
   * Ended sessions with `from` ≤ endedAt < `to`, of one user or of all, earliest end first, at most `limit`. `cursor`
   * is null for the first page, and in the answer when there are no more.
   */
  listEnded(
    ctx: { db: QueryCtx["db"] },
    range: { from: number; to: number; userId?: string; cursor: string | null; limit: number },
  ): Promise<EndedPage>;
  /** Users' totals, at most `limit` users; `cursor` as in `listEnded`. */
  listTotals(ctx: { db: QueryCtx["db"] }, page: { cursor: string | null; limit: number }): Promise<TotalsPage>;
  /** The totals of one user, by UUID, or null when there are none. */
  totalsOf(ctx: { db: QueryCtx["db"] }, userId: string): Promise<Xp | null>;
  /** The payload of an outbox entry for the ended session as it is now, or null when there is no such session. */
  completePayload(ctx: { db: QueryCtx["db"] }, sessionId: string): Promise<CompletePayload | null>;
  /** Puts the ended session's figures into the outbox again; false when there is no such session. */
  enqueueEnd(ctx: MutationCtx, sessionId: string): Promise<boolean>;
  /** Deletes an ended session that the store holds, with all that belongs to it alone; totals and streaks stay. */
  removeStored(ctx: MutationCtx, sessionId: string): Promise<void>;
};
