import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vFailureCause, vStorePayload } from "./payload";

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
  /** Why it stopped early, if it did. */
  error: v.union(v.string(), v.null()),
});

export const storeTables = {
  /**
   * What the permanent store has yet to confirm. Inserted by store/model.enqueue in the transaction of the change itself;
   * deleted only when the store confirmed it. A row's payload never changes.
   */
  storeOutbox: defineTable({
    /** Order within a session; the store ignores an entry that is older than what it holds. */
    sequence: v.number(),
    sessionId: v.string(),
    payload: vStorePayload,
    /** Deliveries begun, also those that never came back. */
    attempts: v.number(),
    lastError: v.union(v.string(), v.null()),
    state: v.union(
      v.object({ kind: v.literal("pending"), dueAt: v.number() }),
      /** A delivery has it; from `dueAt` on that delivery counts as dead. */
      v.object({ kind: v.literal("claimed"), dueAt: v.number(), claim: v.string() }),
      v.object({ kind: v.literal("failed"), failedAt: v.number(), cause: vFailureCause }),
    ),
  })
    .index("by_state_and_dueAt", ["state.kind", "state.dueAt"])
    .index("by_state_and_cause", ["state.kind", "state.cause"])
    .index("by_sessionId_and_sequence", ["sessionId", "sequence"]),

  /**
   * One row: the drain, of which at most one is scheduled or runs. Written by store/drainModel only. Mutations that
   * enqueue read it and write it only when nothing is on its way yet.
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
    /** Highest sequence the store has confirmed: whatever the clock does, later entries get higher ones. */
    confirmedThrough: v.number(),
    /** Set while the store cannot be reached. */
    outage: v.union(
      v.null(),
      v.object({ since: v.number(), failures: v.number(), pausedUntil: v.number(), error: v.string() }),
    ),
  }),

  /** One row: what the operations page shows beside the outbox, and how far retention has gone. */
  storeStatus: defineTable({
    lastDelivery: v.union(v.null(), v.object({ at: v.number(), count: v.number() })),
    lastReconciliation: v.union(v.null(), vReconciliation),
    /** Every session that started after `startedThrough` or ended at `endedBefore` or later is in the live database. */
    removed: v.union(v.null(), v.object({ startedThrough: v.number(), endedBefore: v.number() })),
  }),
};
