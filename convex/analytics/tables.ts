import { defineTable } from "convex/server";
import { v } from "convex/values";

const vDayKey = { tenantId: v.id("tenants"), day: v.string(), event: v.string() };

export const analyticsTables = {
  /**
   * Events of the last seconds, not yet counted. They hold no user: register and rank are 20 bits of a hash, which many
   * people share. Written by writer, folded into days and deleted.
   */
  analyticsNotes: defineTable({ ...vDayKey, register: v.number(), rank: v.number() }),

  /** How often something happened on a day, and how many people did it, about. Written by days. */
  analyticsDays: defineTable({ ...vDayKey, count: v.number(), people: v.number() }).index(
    "by_tenantId_and_day_and_event",
    ["tenantId", "day", "event"],
  ),

  /**
   * The sketch behind `people`, apart because it is large and most readers want figures alone; of the event `any`
   * too, which is anything at all. Written by days, and deleted long before the figures.
   */
  analyticsSketches: defineTable({ ...vDayKey, sketch: v.bytes() })
    .index("by_tenantId_and_event_and_day", ["tenantId", "event", "day"])
    .index("by_day", ["day"]),
};
