import { defineTable } from "convex/server";
import { v } from "convex/values";

export const accountsTables = {
  /**
   * A sign-in that the user's other devices are shown. Inserted with its session; deleted when one of the older devices
   * answers it, and by retention. The device that signed in never sees it. Written by accounts/devices/signInAlerts.
   */
  signInAlerts: defineTable({
    uuid: v.string(),
    userId: v.id("users"),
    sessionId: v.id("accountSessions"),
    at: v.number(),
  })
    .index("by_uuid", ["uuid"])
    .index("by_userId_and_at", ["userId", "at"])
    .index("by_at", ["at"]),
};
