import { defineTable } from "convex/server";
import { v } from "convex/values";
import { vActivityStub, vEnded, vLive, vReason } from "./shapes";
import { vPerDimension } from "../xp/shapes";

export const vCategory = v.object({ name: v.string(), color: v.string() });

const sessionFields = {
  userId: v.id("users"),
  goalId: v.id("goals"),
  activity: vActivityStub,
  startedAt: v.number(),
  devicePlatform: v.union(v.string(), v.null()),
  /** This host measured it, so no user's claim changes its figures. */
  measured: v.boolean(),
  /** IANA name: which days of the goal it counts for. */
  timeZone: v.string(),
  /** The sequence of its newest entry in the outbox, 0 before the first. */
  syncSequence: v.number(),
};

export const focusTables = {
  /**
   * A goal that a user works towards. Created by its owner, never deleted. `daysCompleted` and, with it, `status`
   * follow `goalDays`.
   */
  goals: defineTable({
    uuid: v.string(),
    userId: v.id("users"),
    title: v.string(),
    emoji: v.string(),
    category: vCategory,
    status: v.union(v.literal("active"), v.literal("completed"), v.literal("archived")),
    daysTotal: v.number(),
    daysCompleted: v.number(),
    /** Latest start of a session of this goal that has left for the permanent store; absent when none has. */
    archivedThrough: v.optional(v.number()),
  })
    .index("by_uuid", ["uuid"])
    .index("by_userId", ["userId"]),

  /** Activities that users add to the built-in ones (catalog/builtIn); shared by all, never changed or deleted. */
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

  /**
   * The rate model's answer for an activity, already clamped. One row per activity and model; replaced, never deleted.
   */
  activityRates: defineTable({
    activityId: v.string(),
    model: v.string(),
    rates: vPerDimension,
    reasons: v.array(vReason),
  }).index("by_activityId_and_model", ["activityId", "model"]),

  /**
   * One row per focus session, from start to retention; at most one per user is `live`. Written by focus/sessionRows:
   * for focus/running while it runs, for focus/settlement at and after its end, and deleted by focus/history. Its
   * public id is its own `_id`, or `externalId` when another host measured it or it has come back from the permanent
   * store.
   */
  focusSessions: defineTable({
    ...sessionFields,
    externalId: v.optional(v.string()),
    /** Frozen at the start; absent when another host measured it, and after it has come back from the store. */
    rates: v.optional(vPerDimension),
    state: v.union(
      vLive,
      /** Runs on another host. */
      v.object({ kind: v.literal("registered") }),
      vEnded,
    ),
  })
    .index("by_userId_and_state_and_endedAt", ["userId", "state.kind", "state.endedAt"])
    .index("by_goalId_and_state_and_startedAt", ["goalId", "state.kind", "startedAt"])
    .index("by_state_and_endedAt", ["state.kind", "state.endedAt"])
    .index("by_externalId", ["externalId"]),

  /**
   * The trace of a session that has left for the permanent store: whose it is and what it belonged to, so that nobody
   * else can use its id, and a late report of it corrects it. `sessionId` is its public id. Written by focus/history; a
   * row goes when its session comes back.
   */
  focusDeparted: defineTable({ sessionId: v.string(), ...sessionFields }).index("by_sessionId", ["sessionId"]),

  /**
   * One row per live session: the only thing a heartbeat writes, and read by no live query. Written by focus/running,
   * deleted when the session ends.
   */
  focusHeartbeats: defineTable({
    sessionId: v.id("focusSessions"),
    lastAt: v.number(),
    covers: v.array(v.object({ device: v.string(), until: v.number() })),
    /** `rules.computeSweepAt`: when the cron looks whether the session has ended. */
    sweepAt: v.number(),
  })
    .index("by_sessionId", ["sessionId"])
    .index("by_sweepAt", ["sweepAt"]),

  /**
   * XP of a user over all ended sessions, moved by focus/settlement in the transaction that ends or corrects one. Never
   * recounted, so it holds after sessions have left for the permanent store.
   */
  focusTotals: defineTable({ userId: v.id("users"), xp: vPerDimension }).index("by_userId", ["userId"]),

  /**
   * XP and focused time of a user's sessions that ended on one UTC day, by quarter of an hour, from which the days of
   * any time zone are put together. One row a day, moved by focus/settlement, kept after sessions have left.
   */
  focusDays: defineTable({
    userId: v.id("users"),
    /** Days since 1970-01-01, UTC. */
    day: v.number(),
    quarters: v.array(
      v.object({ quarter: v.number(), sessions: v.number(), focusedSeconds: v.number(), xp: vPerDimension }),
    ),
  }).index("by_userId_and_day", ["userId", "day"]),

  /**
   * The days on which a goal was worked for, each with how many completed sessions; a row goes with its last one.
   * Written by focus/catalog/goals, which keeps `goals.daysCompleted` the number of rows.
   */
  goalDays: defineTable({ goalId: v.id("goals"), date: v.string(), sessions: v.number() }).index("by_goalId_and_date", [
    "goalId",
    "date",
  ]),
};
