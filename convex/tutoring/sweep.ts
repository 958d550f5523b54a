/** Crons and scheduled steps of tutoring sessions. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { refreshCard } from "./views/cards";
import { advanceClock, CLOCK_INTERVAL_MS } from "./clock/statusClock";
import { patchSeatFigures, requireSeatFigures } from "./booking/seatFigures";
import { purgeSession } from "./booking/sessions";
import { rejectPending } from "./booking/status";
import * as Waiting from "./booking/waiting";
import * as WaitlistEnd from "./booking/waitlistEnd";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 20;
/** One transaction goes on to the next session while it has had to do with fewer members than this. */
const MEMBERS_ENOUGH = 1_000;

/**
 * Cron, and at the very time of whatever falls due before its next run: moves statuses and sends reminders. Reads one
 * index range, which is empty when nothing is due. `until`, ms, ends such a chain of runs, so that every cron run
 * leaves one chain at most. Runs of their own, which `setClock` schedules, leave none, but one for each time at which
 * what they moved falls due again before the cron's next run.
 */
export const runClock = internalMutation({
  args: { until: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { until = 0 }) => {
    const now = Date.now();
    const due = await ctx.db
      .query("tutoringClocks")
      .withIndex("by_dueAt", (q) => q.lte("dueAt", now))
      .take(BATCH);
    let members = 0;
    let done = 0;
    const dueAgain = new Set<number>();
    for (const clock of due) {
      const advance = await advanceClock(ctx, clock, now);
      if (advance.dueAt !== null && advance.dueAt < now + CLOCK_INTERVAL_MS) dueAgain.add(advance.dueAt);
      members += advance.members;
      done++;
      if (members >= MEMBERS_ENOUGH) break;
    }
    if (until <= now) for (const at of dueAgain) await ctx.scheduler.runAt(at, internal.tutoring.sweep.runClock, {});
    if (done === BATCH || done < due.length) {
      await ctx.scheduler.runAfter(0, internal.tutoring.sweep.runClock, { until });
      return null;
    }
    const next = await ctx.db
      .query("tutoringClocks")
      .withIndex("by_dueAt", (q) => q.gt("dueAt", now).lt("dueAt", until))
      .first();
    if (next) await ctx.scheduler.runAt(next.dueAt, internal.tutoring.sweep.runClock, { until });
    return null;
  },
});

/** Cron: begins a chain that lasts until the next run of the cron. */
export const startClock = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await ctx.scheduler.runAfter(0, internal.tutoring.sweep.runClock, { until: Date.now() + CLOCK_INTERVAL_MS });
    return null;
  },
});

/** Goes on turning down the requests of a session that has ended. */
export const rejectRest = internalMutation({
  args: { sessionId: v.id("tutoringSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    const session = await ctx.db.get("tutoringSessions", sessionId);
    if (!session) return null;
    const rejected = await rejectPending(ctx, session);
    const figures = await requireSeatFigures(ctx, sessionId);
    await patchSeatFigures(ctx, figures, {
      pendingRequestCount: Math.max(0, figures.pendingRequestCount - rejected),
    });
    await refreshCard(ctx, session, figures.memberCount);
    return null;
  },
});

/** Ends the offers of seats whose time is over. Scheduled with each offer. */
export const lapseOffers = internalMutation({
  args: { sessionId: v.id("tutoringSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    const session = await ctx.db.get("tutoringSessions", sessionId);
    if (session) await Waiting.lapseOffers({ ...ctx, now: Date.now() }, session);
    return null;
  },
});

/** Goes on emptying the waiting list of a session that can no longer be joined. */
export const clearWaitlist = internalMutation({
  args: { sessionId: v.id("tutoringSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    const session = await ctx.db.get("tutoringSessions", sessionId);
    if (session) await WaitlistEnd.clearWaitlist(ctx, session);
    return null;
  },
});

/** Goes on deleting what belonged to a deleted session. */
export const purgeRest = internalMutation({
  args: { sessionId: v.id("tutoringSessions") },
  returns: v.null(),
  handler: async (ctx, { sessionId }) => {
    await purgeSession(ctx, sessionId);
    return null;
  },
});
