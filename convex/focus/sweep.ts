/** Ends that no client asks for. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import * as StateMachine from "./running/stateMachine";
import { CONTACT_WINDOW_MS } from "./rules";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 50;

/**
 * Cron: ends sessions that have gone silent or on too long, and puts those back that are dated ahead of the clock.
 * Reads two index ranges, which are empty when there are none.
 */
export const endSilent = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const now = Date.now();
    const due = await ctx.db
      .query("focusHeartbeats")
      .withIndex("by_sweepAt", (q) => q.lte("sweepAt", now))
      .take(BATCH);
    const ahead = await ctx.db
      .query("focusHeartbeats")
      .withIndex("by_sweepAt", (q) => q.gt("sweepAt", now + CONTACT_WINDOW_MS))
      .take(BATCH);
    for (const beat of [...due, ...ahead]) await StateMachine.endIfDue({ ...ctx, now }, beat);
    if (due.length === BATCH || ahead.length === BATCH)
      await ctx.scheduler.runAfter(0, internal.focus.sweep.endSilent, {});
    return null;
  },
});

/** Scheduled for the very second at which a session's planned length is reached. */
export const endPlanned = internalMutation({
  args: { sessionId: v.id("focusSessions"), attempt: v.number() },
  returns: v.null(),
  handler: async (ctx, { sessionId, attempt }) => {
    await StateMachine.endAsPlanned({ ...ctx, now: Date.now() }, sessionId, attempt);
    return null;
  },
});
