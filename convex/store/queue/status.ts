import { v, type Infer } from "convex/values";
import type { Doc } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import { SUSPECT } from "../rules";

type Ctx = { db: QueryCtx["db"] };

/** Counting further would make every change of a long outbox expensive to whoever watches it. */
const DEPTH_LIMIT = 1_000;
const FAILED_LIMIT = 100;

export const vFailedEntry = v.object({
  id: v.string(),
  kind: v.union(v.literal("register"), v.literal("complete")),
  sessionId: v.string(),
  attempts: v.number(),
  lastError: v.union(v.string(), v.null()),
  enqueuedAt: v.number(),
  failedAt: v.number(),
});

/** An entry that failed and is tried again by itself. */
export const vRetriedEntry = v.object({
  id: v.string(),
  kind: v.union(v.literal("register"), v.literal("complete")),
  sessionId: v.string(),
  attempts: v.number(),
  lastError: v.string(),
  enqueuedAt: v.number(),
  /** When it is tried again, as far as that is known: a store that is away is not asked before its pause is over. */
  nextAttemptAt: v.number(),
});

/** Looked through for entries that failed; the others only wait for an earlier entry of their session. */
const DELAYED_LIMIT = 300;

/** @param pausedUntil when the store is next asked, while it is away */
export async function listRetriedEntries(ctx: Ctx, pausedUntil: number): Promise<Infer<typeof vRetriedEntry>[]> {
  const suspect = await ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) => q.eq("state.kind", SUSPECT))
    .take(FAILED_LIMIT);
  const delayed = await ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) => q.eq("state.kind", "pending").gt("state.dueAt", 0))
    .take(DELAYED_LIMIT);
  return [...suspect, ...delayed]
    .flatMap(({ _id, _creationTime, payload, sessionId, attempts, lastError, state }) =>
      lastError === null || state.kind === "failed"
        ? []
        : [
            {
              id: _id,
              kind: payload.kind,
              sessionId,
              attempts,
              lastError,
              enqueuedAt: _creationTime,
              nextAttemptAt: Math.max(state.dueAt, pausedUntil),
            },
          ],
    )
    .slice(0, FAILED_LIMIT);
}

export async function measureOutbox(ctx: Ctx): Promise<{ depth: number; depthLimit: number }> {
  return { depth: (await ctx.db.query("storeOutbox").take(DEPTH_LIMIT)).length, depthLimit: DEPTH_LIMIT };
}

export const getOldestEntry = (ctx: Ctx): Promise<Doc<"storeOutbox"> | null> => ctx.db.query("storeOutbox").first();

export async function listFailedEntries(ctx: Ctx): Promise<Infer<typeof vFailedEntry>[]> {
  const rows = await ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt_and_sequence", (q) => q.eq("state.kind", "failed"))
    .take(FAILED_LIMIT);
  return rows.flatMap((row) =>
    row.state.kind === "failed"
      ? [
          {
            id: row._id,
            kind: row.payload.kind,
            sessionId: row.sessionId,
            attempts: row.attempts,
            lastError: row.lastError,
            enqueuedAt: row._creationTime,
            failedAt: row.state.failedAt,
          },
        ]
      : [],
  );
}
