import { authTables } from "@convex-dev/auth/server";
import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vDeviceInfo, vEndedReason, vLoginMethod } from "./validators";

export const identityTables = {
  ...authTables,

  /**
   * One row per person or guest, written by identity/users. `email` is unique, as `normalizeEmail` spells it. `uuid`
   * names the user in valuations and focus, `publicId` in tutoring. Never deleted while sessions exist.
   */
  users: defineTable({
    uuid: v.string(),
    publicId: v.number(),
    tenantId: v.id("tenants"),
    email: v.optional(v.string()),
    /** Absent where it is the same as `email`: in rows that were not made by signing up. */
    emailAsTyped: v.optional(v.string()),
    emailVerificationTime: v.optional(v.number()),
    isAnonymous: v.optional(v.boolean()),
    name: v.optional(v.string()),
    image: v.optional(v.string()),
    username: v.string(),
    /** The username as names are compared, which ignores case; absent in rows that were not made by signing up. */
    usernameKey: v.optional(v.string()),
    /** IANA; absent: the device's. */
    timeZone: v.optional(v.string()),
    /** BCP 47; absent: the device's. */
    locale: v.optional(v.string()),
    firstName: v.string(),
    lastName: v.string(),
    permissions: v.array(v.string()),
    needsOnboarding: v.boolean(),
    onboardingCompleted: v.boolean(),
    /** Set by "not me" on a sign-in alert: a new password is asked for until one is chosen. */
    newPasswordAskedAt: v.optional(v.number()),
    /** The cut-off, which ends more sessions at once than one transaction could write: see identity/sessions/cutOff. */
    sessionsCutOff: v.optional(
      v.object({
        /** The generation of sessions that began after the cut-off; sessions of lower ones are over. */
        generation: v.number(),
        reason: vEndedReason,
        except: v.optional(v.id("accountSessions")),
      }),
    ),
    /** The keys of the user's drafts, when they are not just the user's own: see valuations/guests/owners. */
    draftOwners: v.optional(v.array(v.string())),
  })
    .index("email", ["email"])
    .index("by_uuid", ["uuid"])
    .index("by_publicId", ["publicId"])
    .index("by_username", ["username"])
    .index("by_usernameKey", ["usernameKey"])
    .index("by_tenantId_and_permissions", ["tenantId", "permissions"]),

  /**
   * How far callers have used up a rate limit; absent: not at all. Written by identity/limits/buckets; full ones are
   * deleted.
   */
  rateBuckets: defineTable({
    /** The limit's, and whose share of it: a user, a guest, a network address. */
    name: v.string(),
    key: v.string(),
    tokens: v.number(),
    /** When they were counted, ms. */
    countedAt: v.number(),
  })
    .index("by_name_and_key", ["name", "key"])
    .index("by_countedAt", ["countedAt"]),

  /**
   * Keys of programs, as their hashes. One row for each key in force: after a rotation two of a name, until the older
   * one ends. Written by identity/serviceKeys.
   */
  serviceKeys: defineTable({
    name: v.string(),
    scopes: v.array(v.string()),
    /** The tenant whose data it opens, for scopes of one tenant; null: none was named and there were several. */
    tenantId: v.union(v.id("tenants"), v.null()),
    hash: v.string(),
    /** How the key begins, by which people tell it from others; absent in rows from before it was kept. */
    prefix: v.optional(v.string()),
    createdAt: v.number(),
    /** When it stops working, ms; null while nothing has ended it. */
    endsAt: v.union(v.number(), v.null()),
  })
    .index("by_hash", ["hash"])
    .index("by_name", ["name"]),

  /** Tenants separate customers: no query of one ever reads rows of another. Every user belongs to one. */
  tenants: defineTable({ uuid: v.string(), name: v.string() }).index("by_uuid", ["uuid"]).index("by_name", ["name"]),

  /**
   * One row per signed-in device, beside Convex Auth's `authSessions` row. Every authenticated query reads it, so
   * ending it (`state`) re-runs that device's live queries at once. Changes rarely: activity lives apart. One that is
   * active here is over all the same when the user's cut-off covers it.
   * Written by identity/sessions/accountSessions only; ended rows leave by retention.
   */
  accountSessions: defineTable({
    publicId: v.number(),
    /** SHA-256 of the SessionID credential; the UUID itself is shown once and never stored. */
    credentialHash: v.string(),
    /** First six characters and an ellipsis: for display, authenticates nothing. */
    keyStub: v.string(),
    authSessionId: v.id("authSessions"),
    userId: v.id("users"),
    tenantId: v.id("tenants"),
    /** JSON text of the free-form session data. */
    data: v.string(),
    ipAddress: v.union(v.string(), v.null()),
    userAgent: v.string(),
    deviceInfo: vDeviceInfo,
    deviceName: v.string(),
    location: v.union(v.string(), v.null()),
    loginMethod: vLoginMethod,
    createdAt: v.number(),
    /** The text of the search index, some 300 bytes; empty once the session has ended. */
    searchText: v.string(),
    /** Number of the user's cut-offs before the session began. */
    generation: v.number(),
    state: v.union(
      v.object({ kind: v.literal("active") }),
      v.object({ kind: v.literal("ended"), endedAt: v.number(), reason: vEndedReason }),
    ),
  })
    .index("by_credentialHash", ["credentialHash"])
    .index("by_authSessionId", ["authSessionId"])
    .index("by_publicId", ["publicId"])
    .index("by_userId_and_state", ["userId", "state.kind"])
    .index("by_state_and_endedAt", ["state.kind", "state.endedAt"])
    .searchIndex("search", { searchField: "searchText", filterFields: ["userId", "state.kind"] }),

  /**
   * When a session was last used and when it lapses. Apart from `accountSessions`, because no live query of the device
   * may re-run for it. Deleted with the session's end.
   */
  accountSessionActivity: defineTable({
    sessionId: v.id("accountSessions"),
    userId: v.id("users"),
    lastActivityAt: v.number(),
    /** Slides to 7 days after activity, never past 30 days from creation. */
    expiresAt: v.number(),
    /** The session's. */
    generation: v.number(),
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_userId_and_lastActivityAt", ["userId", "lastActivityAt"])
    .index("by_expiresAt", ["expiresAt"]),
};
