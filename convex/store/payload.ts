/**
 * The payload that the outbox carries to the permanent store: a snapshot taken in the transaction that started or ended
 * the session, complete enough to write the session and all it refers to without reading anything else
 * (focus/README.md §5.2, 5.3).
 */
import { v, type Infer } from "convex/values";
import { vCompletedReason, vPerDimension } from "../xp/shapes";
import { toStatus } from "../xp/status";

const goal = v.object({
  /** UUID. */
  id: v.string(),
  title: v.string(),
  emoji: v.string(),
  category: v.object({ name: v.string(), color: v.string() }),
  status: v.string(),
  daysTotal: v.number(),
  daysCompleted: v.number(),
});

const activity = v.object({
  /** UUID. */
  id: v.string(),
  name: v.string(),
  emoji: v.string(),
  category: v.string(),
  color: v.string(),
});

const sessionFields = {
  /** The focus session's public id, the key of every write. */
  sessionId: v.string(),
  /** The user's UUID. */
  userId: v.string(),
  goal,
  activity,
  /** ms since the epoch. */
  startedAt: v.number(),
  devicePlatform: v.union(v.string(), v.null()),
};

export const vRegisterPayload = v.object({ kind: v.literal("register"), ...sessionFields });
export const vCompletePayload = v.object({
  kind: v.literal("complete"),
  ...sessionFields,
  /** ms since the epoch. */
  endedAt: v.number(),
  totalDurationSeconds: v.number(),
  focusedDurationSeconds: v.number(),
  xp: vPerDimension,
  completedReason: vCompletedReason,
});
export const vStorePayload = v.union(vRegisterPayload, vCompletePayload);

export type RegisterPayload = Infer<typeof vRegisterPayload>;
export type CompletePayload = Infer<typeof vCompletePayload>;
export type StorePayload = Infer<typeof vStorePayload>;

export const getStatus = (payload: StorePayload): "active" | "completed" | "abandoned" =>
  payload.kind === "register" ? "active" : toStatus(payload.completedReason);

/** One claimed outbox row on its way out. */
export const vDelivery = v.object({ id: v.id("storeOutbox"), sequence: v.number(), payload: vStorePayload });
export type Delivery = Infer<typeof vDelivery>;

/** Whether the store could not be asked at all, or said no to this one entry. */
export const vFailureCause = v.union(v.literal("unreachable"), v.literal("rejected"));

export const vUndelivered = v.union(
  v.object({ kind: v.literal("failed"), error: v.string(), cause: vFailureCause }),
  /** Not tried, because an earlier entry of the same session failed in this batch, or time was up. */
  v.object({ kind: v.literal("skipped") }),
);
export type Undelivered = Infer<typeof vUndelivered>;
export type Outcome = { kind: "delivered" } | Undelivered;
