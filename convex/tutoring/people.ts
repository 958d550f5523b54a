/** Cards and rows carry what tutoring shows of a user; after a change of their profile it is written anew. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import { refreshCard } from "./views/cards";
import { setMemberPerson } from "./booking/memberRows";
import { requireSeatFigures } from "./booking/seatFigures";
import { patchSession } from "./booking/sessionRows";
import { toSearchText } from "./booking/sessions";
import { toPerson } from "./booking/persons";

export { experimental_reuseContext } from "../lib/contexts";

const BATCH = 50;

/**
 * Writes a user's present name, username and email into the sessions they give and take part in, a batch of sessions a
 * transaction. To be scheduled by whatever changes a profile, and run by operators after changing one by hand.
 */
export const refreshUser = internalMutation({
  args: { userId: v.id("users"), createdAfter: v.optional(v.number()), joinedAfter: v.optional(v.number()) },
  returns: v.null(),
  handler: async (ctx, { userId, createdAfter = 0, joinedAfter = 0 }) => {
    const user = await ctx.db.get("users", userId);
    if (!user) return null;
    const person = toPerson(user);
    const created = await ctx.db
      .query("tutoringSessions")
      .withIndex("by_creatorId", (q) => q.eq("creatorId", userId).gt("_creationTime", createdAfter))
      .take(BATCH);
    const parts = await ctx.db
      .query("tutoringMembers")
      .withIndex("by_userId_and_sessionCreatedAt", (q) => q.eq("userId", userId).gt("sessionCreatedAt", joinedAfter))
      .take(BATCH);
    for (const session of created)
      await patchSession(ctx, session, {
        creator: person,
        searchText: toSearchText(session, person),
      });
    for (const member of parts) await setMemberPerson(ctx, member, person);
    for (const id of new Set([...created.map(({ _id }) => _id), ...parts.map(({ sessionId }) => sessionId)])) {
      const session = await ctx.db.get("tutoringSessions", id);
      if (session) await refreshCard(ctx, session, (await requireSeatFigures(ctx, id)).memberCount);
    }
    if (created.length === BATCH || parts.length === BATCH)
      await ctx.scheduler.runAfter(0, internal.tutoring.people.refreshUser, {
        userId,
        createdAfter: created.at(-1)?._creationTime ?? createdAfter,
        joinedAfter: parts.at(-1)?.sessionCreatedAt ?? joinedAfter,
      });
    return null;
  },
});
