import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vAuditAction } from "./writer";

export const auditTables = {
  /**
   * Acts with their actors, never with credentials in them. Appended by audit/writer only, which deletes entries past
   * their retention; nothing updates one.
   */
  auditEntries: defineTable({
    tenantId: v.union(v.id("tenants"), v.null()),
    userId: v.union(v.id("users"), v.null()),
    at: v.number(),
    /** The user's uuid, a name (see audit/writer), or the address for anonymous callers. */
    actor: v.string(),
    action: vAuditAction,
    target: v.string(),
    ip: v.union(v.string(), v.null()),
    userAgent: v.string(),
    outcome: v.union(v.literal("success"), v.literal("failure")),
  })
    .index("by_userId_and_at", ["userId", "at"])
    .index("by_tenantId_and_at", ["tenantId", "at"])
    .index("by_at", ["at"]),
};
