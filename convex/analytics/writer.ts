/**
 * Writes what happened, for analytics: the one module that writes `analyticsNotes`. A note is a new row, so that
 * nothing that happens waits for anything else that does; `folding.ts` makes days of them. A floor of its own, below
 * identity and the domains.
 */
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { DAY_MS, SECOND_MS } from "../lib/time";
import { markPerson } from "../lib/numbers/sketch";

/** Figures are to show what happened within ten seconds. */
const FOLD_AFTER_MS = 5 * SECOND_MS;

/** The pages that are counted (README §12.4), together and each by itself. */
export const PAGES = [
  "account",
  "analytics",
  "focus",
  "home",
  "notifications",
  "operations",
  "room",
  "tutoring",
  "valuations",
  "other",
] as const;
export type Page = (typeof PAGES)[number];

export const EVENTS = [
  "signed_up",
  "page_opened",
  "draft_started",
  "draft_completed",
  "session_started",
  "session_finished",
  "session_abandoned",
  "request_made",
  "request_approved",
  "attended",
] as const;
export type AnalyticsEvent = (typeof EVENTS)[number] | `page_opened.${Page}`;

export const ALL_EVENTS: readonly AnalyticsEvent[] = [
  ...EVENTS,
  ...PAGES.map((page) => `page_opened.${page}` as const),
];

export const toPage = (name: string): Page => PAGES.find((page) => page === name) ?? "other";

/** The UTC day of a time, as `2026-03-10`. */
export const toDay = (ms: number): string => new Date(ms).toISOString().slice(0, 10);
export const addDays = (day: string, days: number): string => toDay(Date.parse(day) + days * DAY_MS);

/**
 * Notes that somebody did something, in the transaction in which they did.
 *
 * @param who the user's uuid, of which only a mark is kept that many people share
 */
export async function noteEvent(
  ctx: MutationCtx,
  tenantId: Id<"tenants">,
  event: AnalyticsEvent,
  who: string,
): Promise<void> {
  // While a note waits, the one that found none before it has scheduled its folding.
  const isFirst = (await takeNotes(ctx, 1)).length === 0;
  if (isFirst) await ctx.scheduler.runAfter(FOLD_AFTER_MS, internal.analytics.folding.run, {});
  const mark = await markPerson(tenantId, who);
  await ctx.db.insert("analyticsNotes", { tenantId, day: toDay(Date.now()), event, ...mark });
}

/** The oldest notes. */
export const takeNotes = (ctx: MutationCtx, limit: number): Promise<Doc<"analyticsNotes">[]> =>
  ctx.db.query("analyticsNotes").take(limit);

export async function deleteNotes(ctx: MutationCtx, notes: readonly Doc<"analyticsNotes">[]): Promise<void> {
  for (const { _id } of notes) await ctx.db.delete("analyticsNotes", _id);
}
