/**
 * Queries that all viewers of a session share: one execution for a change, however many watch. `liveKey` comes from
 * `tutoring/sessions:viewer` and is what proves that the caller may look; there is null for any other.
 */
import { v } from "convex/values";
import { sharedQuery } from "../identity/builders";
import { findShared } from "./hosting/shares";
import { getCard } from "./views/cards";
import { vSession, vShared } from "./views/shapes";
import { isOpen, countSpots } from "./rules";
import { vStatus } from "./shapes";
import { getPublicView } from "./views/viewerCards";

export { experimental_reuseContext } from "../lib/contexts";

/** The figures of a session that move. */
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
      /** People on the waiting list, those with an offer among them. */
      waitingCount: v.number(),
    }),
  ),
  handler: async (ctx, { liveKey }) => {
    const row = await ctx.db
      .query("tutoringSeats")
      .withIndex("by_liveKey", (q) => q.eq("liveKey", liveKey))
      .unique();
    if (!row) return null;
    const { status, participantCount, maxParticipants, pendingRequestCount } = row;
    return {
      status,
      participantCount,
      maxParticipants,
      ...countSpots(row),
      isOpen: isOpen(status),
      pendingRequestCount,
      waitingCount: row.waiting?.people ?? 0,
    };
  },
});

/**
 * A session as any signed-in user may see it: without emails and requests, materials blank. Requests do not change it,
 * so it re-runs for seats that are taken or given up and for changes of the session itself.
 */
export const session = sharedQuery({
  args: { liveKey: v.string() },
  returns: v.union(v.null(), vSession),
  handler: async (ctx, { liveKey }) => {
    const found = await ctx.db
      .query("tutoringSessions")
      .withIndex("by_liveKey", (q) => q.eq("liveKey", liveKey))
      .unique();
    if (!found) return null;
    const view = await getPublicView(ctx, await getCard(ctx, found._id));
    return { ...view, materials: view.materials.map((material) => ({ ...material, file: null })) };
  },
});

/** A session as its link shows it to anybody, without sign-in; null for a link that has ended. */
export const shared = sharedQuery({
  args: { token: v.string() },
  returns: v.union(v.null(), vShared),
  handler: (ctx, { token }) => findShared(ctx, token),
});
