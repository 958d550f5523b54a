import { defineTable } from "convex/server";
import { v } from "convex/values";

export const vCategory = v.object({ name: v.string(), color: v.string() });

export const focusTables = {
  /** What a user works towards. Written by its owner only; `daysCompleted` counts days with a completed session. */
  goals: defineTable({
    uuid: v.string(),
    userId: v.id("users"),
    title: v.string(),
    emoji: v.string(),
    category: vCategory,
    status: v.union(v.literal("active"), v.literal("completed"), v.literal("archived")),
    daysTotal: v.number(),
    daysCompleted: v.number(),
  })
    .index("by_uuid", ["uuid"])
    .index("by_userId", ["userId"]),

  /** What can be done in a session; shared by all users. */
  activities: defineTable({
    uuid: v.string(),
    name: v.string(),
    emoji: v.string(),
    category: v.string(),
    color: v.string(),
    createdBy: v.union(v.id("users"), v.null()),
  })
    .index("by_uuid", ["uuid"])
    .index("by_name", ["name"]),
};
