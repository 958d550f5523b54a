import { defineTable } from "convex/server";
import { v, type Infer } from "convex/values";
import { vEventFields } from "./writer";

export const vDeliveryStatus = v.union(v.literal("pending"), v.literal("delivered"), v.literal("failed"));

/** One request to an endpoint and what came of it. */
export const vAttempt = v.object({
  at: v.number(),
  /** The status of the answer; null without one. */
  code: v.union(v.number(), v.null()),
  /** The first KiB of it. */
  answer: v.union(v.string(), v.null()),
  error: v.union(v.string(), v.null()),
});
export type Attempt = Infer<typeof vAttempt>;

export const vDisabledBecause = v.union(v.literal("request"), v.literal("gone"), v.literal("failing"));

export const webhookTables = {
  /**
   * Where a tenant wants to be told of what. Written by endpointRows; every mutation that writes an event reads those
   * of its tenant, so what moves with deliveries is kept apart, in `webhookHealth`.
   */
  webhookEndpoints: defineTable({
    uuid: v.string(),
    tenantId: v.id("tenants"),
    /** Null when a service key made it. */
    createdBy: v.union(v.id("users"), v.null()),
    createdAt: v.number(),
    url: v.string(),
    /** Names of events, or `*` alone. */
    events: v.array(v.string()),
    description: v.string(),
    secret: v.string(),
    /** Secrets before the last rotations, each of which signs beside the new one until its time. */
    previousSecrets: v.array(v.object({ secret: v.string(), until: v.number() })),
    enabled: v.boolean(),
    /** Since when it is enabled, ms: what was to be sent earlier is not sent any more. */
    enabledAt: v.number(),
    disabledBecause: v.union(v.null(), vDisabledBecause),
  })
    .index("by_uuid", ["uuid"])
    .index("by_tenantId_and_enabled", ["tenantId", "enabled"]),

  /** One row per endpoint whose attempts have failed since its last success. Written by endpointRows. */
  webhookHealth: defineTable({ endpointId: v.id("webhookEndpoints"), failingSince: v.number() }).index(
    "by_endpointId",
    ["endpointId"],
  ),

  /** What there is to tell, written in the transaction of the change. Written by writer. */
  webhookEvents: defineTable(vEventFields).index("by_batch", ["batch"]),

  /** One event on its way to one endpoint. Written by deliveryRows. */
  webhookDeliveries: defineTable({
    uuid: v.string(),
    endpointId: v.id("webhookEndpoints"),
    eventId: v.id("webhookEvents"),
    eventUuid: v.string(),
    type: v.string(),
    status: vDeliveryStatus,
    attempts: v.array(vAttempt),
    /** Attempts since it was written or last replayed. */
    tries: v.number(),
    /** When it was written or last replayed, ms. */
    queuedAt: v.number(),
    /**
     * While pending: when it is due, ms; while it is being sent (`claim`), when it counts as cut short; null while it
     * waits for others to the same endpoint. Null when it is over.
     */
    nextAt: v.union(v.number(), v.null()),
    /** Names the attempt that is under way. */
    claim: v.union(v.string(), v.null()),
    isClaimed: v.boolean(),
  })
    .index("by_uuid", ["uuid"])
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- newest first, whatever became of them
    .index("by_endpointId", ["endpointId"])
    .index("by_status_and_nextAt", ["status", "nextAt"])
    .index("by_endpointId_and_status_and_nextAt", ["endpointId", "status", "nextAt"])
    .index("by_endpointId_and_isClaimed", ["endpointId", "isClaimed"]),

  /** One row: the run that sends what is due, as long as there is something. Written by delivery/pumpState. */
  webhookPumps: defineTable({ token: v.union(v.string(), v.null()), until: v.number() }),
};
