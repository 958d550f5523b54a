/** The declared REST shapes of README §5; focus/wire fills them. */
import { z } from "../../rest/schemas/zod";
import { text } from "../../lib/schemas/fields";
import { time } from "../../rest/schemas/fields";
import { isPathSegment } from "../../lib/ids";
import { DEVICE_PLATFORM_MAX, statusOfReason } from "../rules";

export const ErrorBody = z
  .object({ detail: z.string(), fields: z.record(z.string(), z.array(z.string())).optional() })
  .openapi("FocusError");

export const Goal = z
  .object({
    id: z.uuid(),
    title: z.string(),
    emoji: z.string(),
    category: z.object({ name: z.string(), color: z.string() }),
    user: z.uuid(),
    status: z.string(),
    days_total: z.int(),
    days_completed: z.int(),
  })
  .openapi("Goal");

export const Activity = z
  .object({ id: z.uuid(), name: z.string(), emoji: z.string(), category: z.string(), color: z.string() })
  .openapi("Activity");

const perSecond = z.number().min(0).describe("XP per second");
export const Rates = z
  .object({
    rates: z.object({
      physique: perSecond,
      energy: perSecond,
      logic: perSecond,
      creativity: perSecond,
      social: perSecond,
    }),
  })
  .openapi("FocusRates");

// An id of either version or none: an id that is no UUID names nothing, which only the database can say of the others.
const uuid = () => z.guid();
// The permanent store's contract says `int`, which its document's database keeps in 32 bits; and sums of these stay exact.
const WHOLE_MAX = 2 ** 31 - 1;
const whole = () => z.int().min(0).max(WHOLE_MAX);
const devicePlatform = () => text({ max: DEVICE_PLATFORM_MAX }).nullish();
const SESSION_ID_MAX = 255;
export const sessionId = () => text({ min: 1, max: SESSION_ID_MAX }).refine(isPathSegment, "Must not be . or ..");
const Reason = z.enum(["manual", "auto", "abandoned", "timeout", "crash_recovered"]);

export const CalculateRates = z.strictObject({ activity_id: uuid(), goal_id: uuid() }).openapi("CalculateRates");

export const RegisterSession = z
  .strictObject({
    session_id: sessionId(),
    user_id: uuid(),
    goal_id: uuid(),
    activity_id: uuid(),
    status: z.literal("active"),
    started_at: time(),
    device_platform: devicePlatform(),
  })
  .openapi("RegisterFocusSession");

export const RegisteredSession = z.object({ id: z.string(), status: z.string() }).openapi("RegisteredFocusSession");

export const CompleteSession = z
  .strictObject({
    status: z.enum(["completed", "abandoned"]),
    ended_at: time(),
    total_duration_seconds: whole(),
    focused_duration_seconds: whole(),
    xp_total: whole(),
    xp_physique: whole(),
    xp_energy: whole(),
    xp_logic: whole(),
    xp_creativity: whole(),
    xp_social: whole(),
    completed_reason: Reason,
    device_platform: devicePlatform(),
    user_id: uuid().optional(),
    goal_id: uuid().optional(),
    activity_id: uuid().optional(),
    started_at: time().optional(),
  })
  .superRefine((body, ctx) => {
    const wrong = (name: string, message: string) => ctx.addIssue({ code: "custom", path: [name], message });
    if (body.status !== statusOfReason(body.completed_reason))
      wrong(
        "status",
        `Must be "${statusOfReason(body.completed_reason)}" when completed_reason is "${body.completed_reason}".`,
      );
    if (body.focused_duration_seconds > body.total_duration_seconds)
      wrong("focused_duration_seconds", "Must not be more than total_duration_seconds.");
    if (body.xp_physique + body.xp_energy + body.xp_logic + body.xp_creativity + body.xp_social !== body.xp_total)
      wrong("xp_total", "Must be the sum of the five amounts.");
    if (body.started_at !== undefined && body.ended_at < body.started_at)
      wrong("ended_at", "Must not be before started_at.");
  })
  .openapi("CompleteFocusSession");

export const CompletedSession = z
  .object({ id: z.string(), status: z.string(), xp_total: z.int() })
  .openapi("CompletedFocusSession");

export const HistorySession = z
  .object({
    id: z.string(),
    started_at: z.iso.datetime(),
    ended_at: z.iso.datetime(),
    total_duration_seconds: z.int(),
    focused_duration_seconds: z.int(),
    xp_total: z.int(),
    xp_physique: z.int(),
    xp_energy: z.int(),
    xp_logic: z.int(),
    xp_creativity: z.int(),
    xp_social: z.int(),
    completed_reason: z.string(),
    activity: z.object({ id: z.uuid(), name: z.string(), emoji: z.string() }),
  })
  .openapi("EndedFocusSession");

export const History = z
  .object({
    results: z.array(HistorySession),
    next: z.string().nullable().describe("Give it as `cursor` for the following page; null at the end"),
  })
  .openapi("FocusHistory");
