/** Input that clients and other hosts send about sessions (focus/README §5.1 to 5.3). Times are in ms. */
import { text } from "../../lib/schemas/fields";
import { z } from "../../lib/schemas/zod";
import { isPathSegment } from "../../lib/ids";
import { perDimension, type Rates } from "../../xp/amounts";
import { DEVICE_PLATFORM_MAX } from "../rules";

// An id of either version or none: an id that is no UUID names nothing, which only the database can say of the others.
const uuid = () => z.guid();
// The permanent store's contract says `int`, which its document's database keeps in 32 bits; and sums of these stay
// exact.
const WHOLE_MAX = 2 ** 31 - 1;
const whole = () => z.int().min(0).max(WHOLE_MAX);
const devicePlatform = () => text({ max: DEVICE_PLATFORM_MAX }).nullish();
const SESSION_ID_MAX = 255;
export const sessionId = () => text({ min: 1, max: SESSION_ID_MAX }).refine(isPathSegment, "Must not be . or ..");

export const quoteInput = z.strictObject({ activityId: uuid(), goalId: uuid() });

export const registration = z.strictObject({
  sessionId: sessionId(),
  userId: uuid(),
  goalId: uuid(),
  activityId: uuid(),
  status: z.literal("active"),
  startedAt: z.number(),
  devicePlatform: devicePlatform(),
});
export type Registration = z.output<typeof registration>;

export const completion = z.strictObject({
  sessionId: sessionId(),
  status: z.enum(["completed", "abandoned"]),
  endedAt: z.number(),
  totalDurationSeconds: whole(),
  focusedDurationSeconds: whole(),
  xpTotal: whole(),
  xpPhysique: whole(),
  xpEnergy: whole(),
  xpLogic: whole(),
  xpCreativity: whole(),
  xpSocial: whole(),
  completedReason: z.enum(["manual", "auto", "abandoned", "timeout", "crash_recovered"]),
  devicePlatform: devicePlatform(),
  // The rows that a session refers to, for one that is not known yet.
  userId: uuid().optional(),
  goalId: uuid().optional(),
  activityId: uuid().optional(),
  startedAt: z.number().optional(),
});
export type Completion = z.output<typeof completion>;

export const XP_FIELDS = {
  physique: "xpPhysique",
  energy: "xpEnergy",
  logic: "xpLogic",
  creativity: "xpCreativity",
  social: "xpSocial",
} as const;

export const toReportedXp = (input: Pick<Completion, (typeof XP_FIELDS)[keyof typeof XP_FIELDS]>): Rates =>
  perDimension((dimension) => input[XP_FIELDS[dimension]]);
