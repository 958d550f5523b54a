import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vFailureCause, vStorePayload } from "./payload";
import { SUSPECT } from "./rules";

export const vReconciliation = v.object({
  startedAt: v.number(),
  finishedAt: v.number(),
  /** Days compared, each in UTC by the end of its sessions. */
  days: v.number(),
  /** User-days compared and how many of them differed. */
  compared: v.number(),
  differing: v.number(),
  /** Sessions put into the outbox again. */
  reenqueued: v.number(),
  /** User-days on which the store holds more than the live database: nothing to send again. */
  storeOnly: v.number(),
  /** Users whose XP over all time differs on the two sides with nothing on its way. */
  totalsDiffering: v.number(),
  /** Why it stopped early, if it did. */
  error: v.union(v.string(), v.null()),
});

export const storeTables = {
  /**
   * Entries that the permanent store has yet to confirm. Written by store/queue/entries, which inserts a row in the
   * transaction of the change itself; deleted only when the store confirmed it. A row's payload never changes. Most
   * rows are written twice: when they come and when they go.
   */
  storeOutbox: defineTable({
    /** Order within a session; the store ignores an entry that is older than what it holds. */
    sequence: v.number(),
    sessionId: v.string(),
    payload: vStorePayload,
    /** Deliveries that failed or never came back. */
    attempts: v.number(),
    lastError: v.union(v.string(), v.null()),
    state: v.union(
      /** `dueAt` is 0 until something delays the row: such rows go by sequence. */
      v.object({ kind: v.literal("pending"), dueAt: v.number() }),
      /**
       * Suspect: its last delivery ended without an outcome, perhaps because of it; tried apart from others from
       * `dueAt` on. The name is from when rows were claimed one by one; now `storeBatches.claim` lists them.
       */
      v.object({ kind: v.literal(SUSPECT), dueAt: v.number() }),
      v.object({ kind: v.literal("failed"), failedAt: v.number(), cause: vFailureCause }),
    ),
  })
    .index("by_state_and_dueAt_and_sequence", ["state.kind", "state.dueAt", "sequence"])
    .index("by_state_and_cause", ["state.kind", "state.cause"])
    .index("by_sessionId_and_sequence", ["sessionId", "sequence"]),

  /**
   * One row: the drain, of which at most one is scheduled or runs. Written by store/delivery/drainState only. Every
   * mutation that enqueues reads it, so it changes when a run is arranged, begins, asks for more time or ends, but not
   * with every batch.
   */
  storeDrains: defineTable({
    state: v.union(
      v.object({ kind: v.literal("idle") }),
      v.object({
        kind: v.literal("scheduled"),
        token: v.string(),
        jobId: v.id("_scheduled_functions"),
        dueAt: v.number(),
      }),
      v.object({ kind: v.literal("running"), token: v.string(), until: v.number() }),
    ),
    /** `storeBatches.confirmedThrough` as of this row's last change. */
    confirmedThrough: v.number(),
    /** Set while the store cannot be reached. */
    outage: v.union(
      v.null(),
      v.object({ since: v.number(), failures: v.number(), pausedUntil: v.number(), error: v.string() }),
    ),
  }),

  /**
   * One row: which entries the drain has claimed, and what the store has confirmed so far. Written by
   * store/delivery/batch with every batch.
   */
  storeBatches: defineTable({
    claim: v.union(v.null(), v.object({ id: v.string(), rows: v.array(v.id("storeOutbox")) })),
    /** Highest sequence the store has confirmed: whatever the clock does, later entries get higher ones. */
    confirmedThrough: v.number(),
    lastDelivery: v.union(v.null(), v.object({ at: v.number(), count: v.number() })),
    /** Entries that the store has confirmed since this was first counted; absent: none. */
    deliveredCount: v.optional(v.number()),
  }),

  /** One row: the last reconciliation, and how far retention has gone. */
  storeStatus: defineTable({
    lastReconciliation: v.union(v.null(), vReconciliation),
    /** Every session that ended at `endedBefore` or later is in the live database. */
    removed: v.union(v.null(), v.object({ endedBefore: v.number() })),
  }),
};
