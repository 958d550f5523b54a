/** What everybody who looks at a session watches: one execution for a change, however many watch. */
import { v } from "convex/values";
import { sharedQuery } from "../lib/functions";
import { isOpen, seatsOf } from "./rules";
import { vStatus } from "./shapes";

/**
 * The figures of a session that move, or null when there is none of this key. `liveKey` comes from
 * `tutoring/sessions:viewer` and is what proves that the caller may look.
 */
export const seats = sharedQuery({
  args: { liveKey: v.string() },
  returns: v.union(
    v.null(),
    v.object({
      status: vStatus,
      participantCount: v.number(),
      maxParticipants: v.number(),
      availableSpots: v.number(),
      isFull: v.boolean(),
      isOpen: v.boolean(),
      pendingRequestCount: v.number(),
    }),
  ),
  handler: async (ctx, { liveKey }) => {
    const row = await ctx.db
      .query("tutoringSeats")
      .withIndex("by_liveKey", (q) => q.eq("liveKey", liveKey))
      .unique();
    if (!row) return null;
    const { status, participantCount, maxParticipants, pendingRequestCount } = row;
    return { status, participantCount, maxParticipants, ...seatsOf(participantCount, maxParticipants), isOpen: isOpen(status), pendingRequestCount };
  },
});
