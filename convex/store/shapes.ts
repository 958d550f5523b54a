/** Shapes of what is read back from the permanent store. Times are ms since the epoch. */
import { v, type Infer } from "convex/values";
import { vPerDimension } from "../xp/shapes";

const nullable = { string: v.union(v.string(), v.null()), number: v.union(v.number(), v.null()) };

/** Where a page of history ended: the next one continues with what started before it. */
export const vHistoryCursor = v.object({ startedAt: v.number(), sessionId: v.string() });
export type HistoryCursor = Infer<typeof vHistoryCursor>;

export const vStoredSession = v.object({
  sessionId: v.string(),
  userId: v.string(),
  goalId: v.string(),
  status: v.union(v.literal("completed"), v.literal("abandoned")),
  startedAt: v.number(),
  endedAt: v.number(),
  totalDurationSeconds: v.number(),
  focusedDurationSeconds: v.number(),
  xp: vPerDimension,
  completedReason: v.string(),
  devicePlatform: nullable.string,
  activity: v.object({ id: v.string(), name: v.string(), emoji: v.string() }),
});
export type StoredSession = Infer<typeof vStoredSession>;

/** The fields of valuations/README.md §4.6. */
const cardFields = {
  companyName: v.string(),
  industry: nullable.string,
  businessTypeId: nullable.string,
  countryCode: nullable.string,
  description: nullable.string,
  city: nullable.string,
  businessHighlights: nullable.string,
  reasonForSelling: nullable.string,
  revenue: nullable.number,
  employeeCount: nullable.number,
  foundingYear: nullable.number,
};
export const vBusinessCard = v.object(cardFields);
export type BusinessCard = Infer<typeof vBusinessCard>;
export const vBusinessCardRow = v.object({ token: v.string(), ...cardFields });

/** XP of one user. */
export const vUserXp = v.object({ userId: v.string(), xp: vPerDimension });
export type UserXp = Infer<typeof vUserXp>;

/** Sessions and XP of one user over some time. */
export const vUserTotals = v.object({ ...vUserXp.fields, count: v.number() });
export type UserTotals = Infer<typeof vUserTotals>;

/** An ended session as the store holds it, as far as it is compared. */
export const vHeld = v.object({ sessionId: v.string(), startedAt: v.number(), endedAt: v.number(), xp: vPerDimension });
export type Held = Infer<typeof vHeld>;
