import { v, type Infer } from "convex/values";

export const LEVELS = ["beginner", "intermediate", "advanced"] as const;
export const STATUSES = [
  "pending_approval",
  "approved",
  "scheduled",
  "ongoing",
  "completed",
  "cancelled",
  "expired",
] as const;

export const vLevel = v.union(...LEVELS.map((level) => v.literal(level)));
export const vStatus = v.union(...STATUSES.map((status) => v.literal(status)));
export type Level = Infer<typeof vLevel>;
export type Status = Infer<typeof vStatus>;

export const vRequestStatus = v.union(v.literal("pending"), v.literal("approved"), v.literal("rejected"));

/** The part of a user that tutoring shows, as it was when the row was written or `people:refreshUser` ran. */
export const vPerson = v.object({
  publicId: v.number(),
  username: v.string(),
  firstName: v.string(),
  lastName: v.string(),
  /** Empty when the user has none. */
  email: v.string(),
  joinedAt: v.number(),
});
export type Person = Infer<typeof vPerson>;

export const vScanStatus = v.union(v.literal("pending"), v.literal("clean"), v.literal("infected"), v.literal("error"));
export type ScanStatus = Infer<typeof vScanStatus>;

/** Kinds of messages by which browsers connect a call; `bye` ends it. */
export const vSignalKind = v.union(v.literal("offer"), v.literal("answer"), v.literal("candidate"), v.literal("bye"));

/** The result of a scan; `reason` is for people. */
export const vVerdict = v.union(
  v.object({ status: v.literal("clean") }),
  v.object({ status: v.union(v.literal("infected"), v.literal("error")), reason: v.string() }),
);
export type Verdict = Infer<typeof vVerdict>;

/** The content of a material; each type has only its own fields. */
export const vMaterialBody = v.union(
  v.object({ type: v.literal("link"), url: v.string() }),
  v.object({ type: v.literal("note"), content: v.string() }),
  v.object({
    type: v.literal("file"),
    /** Null once the bytes are deleted. */
    storageId: v.union(v.id("_storage"), v.null()),
    sizeBytes: v.number(),
    scanStatus: vScanStatus,
    /** Scans begun; the sweep gives up after a few. */
    scanAttempts: v.number(),
    scanBegunAt: v.number(),
  }),
);
export type MaterialBody = Infer<typeof vMaterialBody>;
