import { defineTable } from "convex/server";
import { v } from "convex/values";

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
