import { defineTable } from "convex/server";
import { v } from "convex/values";
import { historyTables } from "./history/tables";

export const operationsTables = {
  ...historyTables,

  /** One row: when the scheduler last ran the cron that writes it. Written by ticks.ts. */
  operationsTicks: defineTable({
    at: v.number(),
    /** How late the scheduler ran what was due at that tick, ms; absent until it has been measured. */
    lateMs: v.optional(v.number()),
  }),

  /** Errors by kind, without personal data. Written by errorGroups. */
  operationsErrors: defineTable({
    fingerprint: v.string(),
    source: v.union(v.literal("server"), v.literal("browser")),
    name: v.string(),
    count: v.number(),
    firstAt: v.number(),
    lastAt: v.number(),
    /** The version, place and texts are those of the last one. */
    version: v.string(),
    place: v.string(),
    message: v.string(),
    sample: v.string(),
  })
    .index("by_fingerprint", ["fingerprint"])
    .index("by_lastAt", ["lastAt"]),
};
