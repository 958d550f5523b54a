/** Crons and scheduled steps of rooms. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { internalMutation } from "../../_generated/server";
import { findRoomTimes } from "../rules";
import { isOpen } from "./access";
import { letOut, letOutSilent, listInside } from "./people";
import { noteTurn, scheduleTurns } from "./turns";

export { experimental_reuseContext } from "../../lib/contexts";

const BATCH = 200;

/** At the times when a room opens or closes: its pages look again, and nobody stays in a closed one. */
export const turn = internalMutation({
  args: { sessionId: v.id("tutoringSessions"), isEarly: v.optional(v.boolean()) },
  returns: v.null(),
  handler: async (ctx, { sessionId, isEarly }) => {
    const session = await ctx.db.get("tutoringSessions", sessionId);
    if (!session) return null;
    if (isEarly) {
      await scheduleTurns(ctx, session);
      return null;
    }
    const now = Date.now();
    await noteTurn(ctx, sessionId, now);
    if (await isOpen(ctx, session, now)) return null;
    const at = Math.min(now, findRoomTimes(session).closesAt);
    for (const person of await listInside(ctx, sessionId)) await letOut(ctx, person, at);
    return null;
  },
});

/** Cron: ends visits of people whose pages have gone silent. Reads one index range, empty while nobody is. */
export const endSilent = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    if (await letOutSilent(ctx, Date.now(), BATCH))
      await ctx.scheduler.runAfter(0, internal.tutoring.rooms.sweep.endSilent, {});
    return null;
  },
});
