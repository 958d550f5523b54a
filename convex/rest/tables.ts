import { defineTable } from "convex/server";
import { v } from "convex/values";

export const restTables = {
  /**
   * First answers to requests that carried `Idempotency-Key`, written in the transaction of the request itself and
   * replayed for 24 hours. Written by rest/idempotency; deleted by a cron.
   */
  idempotentReplies: defineTable({
    /** `<who>:<key>`; two callers may use the same key. */
    callerAndKey: v.string(),
    /** SHA-256 of method, path and body. */
    requestHash: v.string(),
    status: v.number(),
    body: v.union(v.string(), v.null()),
    headers: v.record(v.string(), v.string()),
    expiresAt: v.number(),
  })
    .index("by_callerAndKey", ["callerAndKey"])
    .index("by_expiresAt", ["expiresAt"]),
};
