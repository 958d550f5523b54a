/**
 * Sessions that have left for the permanent store. Their figures are only there; who they belong to is known here, so
 * that an id stays its owner's for ever and a session counts once, whenever it is reported again (focus/README §5.3,
 * Effect).
 */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { deleteSession, insertSession, getPublicId, type EndedSession, type Session } from "../sessionRows";
import type { Ended } from "../shapes";

export const findDeparted = (ctx: { db: QueryCtx["db"] }, sessionId: string): Promise<Doc<"focusDeparted"> | null> =>
  ctx.db
    .query("focusDeparted")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/** Takes an ended session that the store holds out of the live database; totals and days stay. */
export async function moveToDeparted(ctx: MutationCtx, session: EndedSession): Promise<void> {
  const { _id, userId, goalId, activity, startedAt, devicePlatform, measured, timeZone, syncSequence } = session;
  const sessionId = getPublicId(session);
  await ctx.db.insert("focusDeparted", {
    sessionId,
    userId,
    goalId,
    activity,
    startedAt,
    devicePlatform,
    measured,
    timeZone,
    syncSequence,
  });
  await deleteSession(ctx, _id);
}

/** Puts a session back, which ended as the store has it. Retention takes it away again in time. */
export async function bringBack(ctx: MutationCtx, departed: Doc<"focusDeparted">, ended: Ended): Promise<Session> {
  const { _id, _creationTime, sessionId, ...session } = departed;
  await ctx.db.delete("focusDeparted", _id);
  return await insertSession(ctx, { ...session, externalId: sessionId, state: ended });
}
