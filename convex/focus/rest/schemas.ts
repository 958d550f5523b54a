/** The declared REST shapes of focus/README §5; focus/wire fills them. */
import { z } from "../../rest/schemas/zod";
import { time } from "../../rest/schemas/fields";
import { wireBody } from "../../rest/schemas/wire";
import { totalOf } from "../../xp/amounts";
import { completion, quoteInput, registration, toReportedXp } from "../claims/inputs";
import { toStatus } from "../../xp/status";

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

export const CalculateRates = wireBody("CalculateRates", quoteInput);

export const RegisterSession = wireBody("RegisterFocusSession", registration.extend({ startedAt: time() }));

export const RegisteredSession = z.object({ id: z.string(), status: z.string() }).openapi("RegisteredFocusSession");

export const CompleteSession = wireBody(
  "CompleteFocusSession",
  completion.omit({ sessionId: true }).extend({ endedAt: time(), startedAt: time().optional() }),
).superRefine((body, ctx) => {
  const wrong = (name: string, message: string) => ctx.addIssue({ code: "custom", path: [name], message });
  const status = toStatus(body.completedReason);
  if (body.status !== status)
    wrong("status", `Must be "${status}" when completed_reason is "${body.completedReason}".`);
  if (body.focusedDurationSeconds > body.totalDurationSeconds)
    wrong("focused_duration_seconds", "Must not be more than total_duration_seconds.");
  if (totalOf(toReportedXp(body)) !== body.xpTotal) wrong("xp_total", "Must be the sum of the five amounts.");
  if (body.startedAt !== undefined && body.endedAt < body.startedAt)
    wrong("ended_at", "Must not be before started_at.");
});

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
