import { defineTable } from "convex/server";
import { v, type Infer } from "convex/values";

export const vStatus = v.union(
  v.literal("IN_PROGRESS"),
  v.literal("COMPLETED"),
  v.literal("ARCHIVED"),
  v.literal("DELETED"),
);
export const vView = v.union(v.literal("MANUAL"), v.literal("CONVERSATIONAL"));

/**
 * Free-form JSON is kept as its text: the database's own objects take ASCII keys only, and an answer is put together
 * from the texts without parsing them.
 */
export const vJsonText = v.union(v.string(), v.null());

const vCounts = v.object({ IN_PROGRESS: v.number(), COMPLETED: v.number(), ARCHIVED: v.number() });
/** Numbers of drafts, by status. */
export type Counts = Infer<typeof vCounts>;
const vBlock = v.object({ from: v.number(), counts: vCounts });
export type Block = Infer<typeof vBlock>;
export const NO_DRAFTS: Counts = { IN_PROGRESS: 0, COMPLETED: 0, ARCHIVED: 0 };

export const valuationsTables = {
  /**
   * One row per report draft, with what lists show. Written by valuations/drafts, also for claims and imports; deleted
   * only with its guest by retention. `reportId` is unique; `deleted` is `status === "DELETED"`; valuations/counts
   * counts every row.
   */
  valuationDrafts: defineTable({
    uuid: v.string(),
    reportId: v.string(),
    /** `user/<users id>` or `guest/<SHA-256 of the guest id>`; valuations/guests/owners tells whose key it is. */
    owner: v.string(),
    status: vStatus,
    deleted: v.boolean(),
    /** The status of a deleted draft before its deletion, which can be undone; null otherwise. */
    statusBeforeDeletion: v.union(vStatus, v.null()),
    currentView: vView,
    createdAt: v.number(),
    updatedAt: v.number(),
    completedAt: v.union(v.number(), v.null()),
    formData: vJsonText,
    valuationResult: vJsonText,
    /** Collected data and conversation, once there are any. */
    partsId: v.union(v.id("valuationParts"), v.null()),
    businessCardToken: v.union(v.string(), v.null()),
    prefilledFromCard: v.boolean(),
    /** The form fields that came from the card with the values it gave them; tells an edit from a prefilled value. */
    prefill: vJsonText,
    /** From 1, one more with each change. */
    revision: v.number(),
  })
    .index("by_reportId", ["reportId"])
    .index("by_owner_and_deleted_and_updatedAt", ["owner", "deleted", "updatedAt"])
    .index("by_owner_and_status_and_updatedAt", ["owner", "status", "updatedAt"]),

  /** The large parts of a draft, which lists never read. Written and deleted with their draft. */
  valuationParts: defineTable({ collectedData: vJsonText, conversationHistory: vJsonText }),

  /**
   * One row per owner of drafts: how many there are by status (`counts`, and `deleted`), and how many of them are in
   * the head, the newest block, which counts what was last changed from `headFrom` on. Written by
   * valuations/counts/ledger.
   *
   * With `countedFrom`, drafts last changed before then are not counted yet: see valuations/migrations.
   */
  draftLedgers: defineTable({
    owner: v.string(),
    counts: vCounts,
    deleted: v.number(),
    headFrom: v.number(),
    head: vCounts,
    countedFrom: v.optional(v.number()),
  }).index("by_owner", ["owner"]),

  /**
   * The older blocks, some dozens a row, oldest first: each tells how many drafts were last changed from its `from`
   * until the next one's. A row begins with its first block. Deleted drafts are in none. Written by
   * valuations/counts/ledger.
   */
  draftRacks: defineTable({ owner: v.string(), from: v.number(), shelves: v.array(vBlock) }).index(
    "by_owner_and_from",
    ["owner", "from"],
  ),

  /**
   * Guest ids in force, as hashes. Written by valuations/guests/guestIds; deleted when claimed, or by
   * retention at `expiresAt`: a row that is there is valid.
   */
  guestSessions: defineTable({ hash: v.string(), expiresAt: v.number() })
    .index("by_hash", ["hash"])
    .index("by_expiresAt", ["expiresAt"]),

  /** Receipts of the last claims of an account, until its user has seen them. Written by valuations/guests/receipts. */
  draftClaims: defineTable({ userId: v.id("users"), at: v.number(), count: v.number(), reportIds: v.array(v.string()) })
    .index("by_userId", ["userId"])
    .index("by_at", ["at"]),
};
