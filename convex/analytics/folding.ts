/** Makes days of notes, a few seconds after they were written, and lets old days leave. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc } from "../_generated/dataModel";
import { internalMutation } from "../_generated/server";
import { DAY_MS } from "../lib/time";
import { addToDay, ANY, deleteDaysBefore, deleteSketchesBefore } from "./days";
import { deleteNotes, takeNotes, toDay } from "./writer";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 500;
/** Funnels and returns look back no further. */
const SKETCHES_KEPT_MS = 100 * DAY_MS;
const DAYS_KEPT_MS = 800 * DAY_MS;

/**
 * Folds a batch, and the next one right after it. Scheduled with the first note that waits; the cron finds what was cut
 * short, and reads an empty range while nothing has happened.
 */
export const run = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const notes = await takeNotes(ctx, BATCH);
    if (notes.length === 0) return null;
    for (const group of groupNotes(notes)) await addToDay(ctx, group.key, group.notes);
    await deleteNotes(ctx, notes);
    if (notes.length === BATCH) await ctx.scheduler.runAfter(0, internal.analytics.folding.run, {});
    return null;
  },
});

type Note = Doc<"analyticsNotes">;

/** Notes by tenant, day and event, each also under the event of anything. */
function groupNotes(notes: readonly Note[]) {
  const groups = new Map<string, { key: Pick<Note, "tenantId" | "day" | "event">; notes: Note[] }>();
  for (const note of notes)
    for (const event of [note.event, ANY]) {
      const key = { tenantId: note.tenantId, day: note.day, event };
      const name = JSON.stringify(key);
      const group = groups.get(name) ?? { key, notes: [] };
      group.notes.push(note);
      groups.set(name, group);
    }
  return groups.values();
}

/** Cron. */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const more = [
      await deleteSketchesBefore(ctx, toDay(now - SKETCHES_KEPT_MS), BATCH),
      await deleteDaysBefore(ctx, now - DAYS_KEPT_MS, BATCH),
    ];
    if (more.includes(true)) await ctx.scheduler.runAfter(0, internal.analytics.folding.deleteOld, {});
    return null;
  },
});
