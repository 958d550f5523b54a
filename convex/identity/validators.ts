/** Shapes that rows and public functions share. */
import { v } from "convex/values";

export const vLoginMethod = v.union(
  v.literal("password"),
  v.literal("google"),
  v.literal("migration"),
  v.literal("anonymous"),
);

export const vEndedReason = v.union(
  v.literal("signed_out"),
  v.literal("ended_by_user"),
  v.literal("not_me"),
  v.literal("password_changed"),
  v.literal("migrated"),
  v.literal("expired"),
);

export const vDeviceInfo = v.object({ browser: v.string(), os: v.string(), device: v.string() });
