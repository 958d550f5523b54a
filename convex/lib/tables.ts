import { defineTable } from "convex/server";
import { v } from "convex/values";

export const restTables = {
  /**
   * First answers to requests that carried `Idempotency-Key`, written in the transaction of the request itself and
   * replayed for 24 hours. Deleted by a cron.
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

export const counterTables = {
  /** A part of a counter. Written by lib/counters. */
  counters: defineTable({ name: v.string(), shard: v.number(), value: v.number() }).index("by_name_and_shard", [
    "name",
    "shard",
  ]),
};

export const migrationTables = {
  /** One row per one-time change of rows: how far it has come, in an order of its own; null once it is done. */
  migrations: defineTable({ name: v.string(), after: v.union(v.string(), v.null()) }).index("by_name", ["name"]),
};
