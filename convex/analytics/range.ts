/** The days that somebody asks for, as REST and live functions take them. */
import { z } from "../lib/schemas/zod";
import { addDays, ALL_EVENTS } from "./writer";

const DAYS_DEFAULT = 30;
const DAYS_MAX = 400;

/** A text that is no day ends the check, so that no rule about both days sees it. */
const day = () => z.iso.date({ error: "Must be a day, as 2026-03-10.", abort: true });

export const rangeFields = {
  from: day().optional().describe("The first day, UTC; 30 days up to `to` without it"),
  to: day().optional().describe("The last day, UTC; today without it"),
  event: z
    .enum(ALL_EVENTS as [string, ...string[]])
    .optional()
    .describe("This event alone"),
};

export const rangeInput = z.strictObject(rangeFields).superRefine(({ from, to }, issues) => {
  if (from === undefined || to === undefined) return;
  if (from > to) issues.addIssue({ code: "custom", path: ["from"], message: "Must not be after to." });
  else if (addDays(from, DAYS_MAX) < to)
    issues.addIssue({ code: "custom", path: ["from"], message: `Must not be more than ${DAYS_MAX} days before to.` });
});

export type Range = { from: string; to: string; event?: string | undefined };

/** The range with what was left out. */
export function completeRange(given: z.output<typeof rangeInput>, today: string): Range {
  const to = given.to ?? (given.from !== undefined && given.from > today ? given.from : today);
  const from = given.from ?? addDays(to, 1 - DAYS_DEFAULT);
  return { from: from < addDays(to, -DAYS_MAX) ? addDays(to, -DAYS_MAX) : from, to, event: given.event };
}
