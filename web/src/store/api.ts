import type { Instant, Mutation, NoArgs, Query } from "@/lib/api";

export type FailedDelivery = {
  id: string;
  kind: string;
  sessionId: string;
  attempts: number;
  error: string;
  failedAt: Instant | null;
};

export type OutboxStatus = {
  /** Rows waiting to be delivered, those that failed included. */
  depth: number;
  /** When the oldest waiting row was written, or null when none waits. */
  oldestAt: Instant | null;
  failed: FailedDelivery[];
  lastDeliveryAt: Instant | null;
  lastReconciliation: { at: Instant; usersChecked: number; differences: number; reEnqueued: number } | null;
};

export type StoreApi = {
  outbox: {
    status: Query<NoArgs, OutboxStatus>;
    replay: Mutation<{ id: string }, unknown>;
  };
};
