import { defineTable } from "convex/server";
import { v, type Infer } from "convex/values";

export const vNotificationType = v.union(
  v.literal("reminder"),
  v.literal("booking_request"),
  v.literal("session_update"),
  v.literal("general"),
);

/** The content of a notification. */
export const vNews = v.object({
  title: v.string(),
  message: v.string(),
  type: vNotificationType,
  session: v.union(v.null(), v.object({ id: v.id("tutoringSessions"), publicId: v.number() })),
  /** The user whom it is about; absent where it is about nobody. */
  aboutId: v.optional(v.id("users")),
});
export type News = Infer<typeof vNews>;

export const notificationTables = {
  /**
   * A message to a user. Written by notifications/model only; goes with the tutoring session it is about, or when sweep
   * finds it old.
   */
  notifications: defineTable({
    /** Drawn at random; of a user's own, no two are the same. */
    publicId: v.number(),
    userId: v.id("users"),
    /** Counts up by one for each user; see `notificationCounts.readThrough`. */
    number: v.number(),
    ...vNews.fields,
    /** Read by itself; one not above `readThrough` is read as well. */
    read: v.boolean(),
  })
    // oxlint-disable-next-line @convex-dev/no-duplicate-indexes -- newest first
    .index("by_userId", ["userId"])
    .index("by_userId_and_publicId", ["userId", "publicId"])
    .index("by_sessionId", ["session.id"])
    .index("by_userId_and_sessionId_and_aboutId", ["userId", "session.id", "aboutId"]),

  /**
   * One row per user who ever got a notification, so that the badge reads one row and "mark all" writes one.
   * `unread` is the number of the user's notifications that are neither `read` nor at or below `readThrough`.
   */
  notificationCounts: defineTable({
    userId: v.id("users"),
    unread: v.number(),
    lastNumber: v.number(),
    readThrough: v.number(),
  }).index("by_userId", ["userId"]),
};
