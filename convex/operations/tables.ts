import { defineTable } from "convex/server";
import { v } from "convex/values";

export const operationsTables = {
  /** One row: when the scheduler last ran the cron that writes it. Written by ticks.ts. */
  operationsTicks: defineTable({
    at: v.number(),
    /** How late the scheduler ran what was due at that tick, ms; absent until it has been measured. */
    lateMs: v.optional(v.number()),
  }),
};
