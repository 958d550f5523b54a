/**
 * The opening and closing of rooms. Whether one is open follows from its session's time; at those times a row is
 * written that pages watch. The one module that writes `tutoringRoomTurns`.
 */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Session } from "../booking/sessionRows";
import { DAY_MS } from "../../lib/time";
import { findRoomTimes } from "../rules";

const findTurn = (ctx: { db: QueryCtx["db"] }, sessionId: Id<"tutoringSessions">) =>
  ctx.db
    .query("tutoringRoomTurns")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/** Makes the query that calls it look again when the room opens or closes. */
export const watchTurns = findTurn;

/** Functions can be scheduled at most five years ahead. */
const FARTHEST_MS = 4 * 365 * DAY_MS;

/**
 * Has the room's pages look again at its opening and closing. To be called for each new time of a session. What is too
 * far ahead to be scheduled is scheduled later.
 */
export async function scheduleTurns(ctx: MutationCtx, session: Session): Promise<void> {
  const sessionId = session._id;
  const { opensAt, closesAt } = findRoomTimes(session);
  const farthest = Date.now() + FARTHEST_MS;
  if (closesAt > farthest) {
    await ctx.scheduler.runAt(farthest, internal.tutoring.rooms.sweep.turn, { sessionId, isEarly: true });
    return;
  }
  for (const at of [opensAt, closesAt])
    await ctx.scheduler.runAt(at, internal.tutoring.rooms.sweep.turn, { sessionId });
}

export async function noteTurn(ctx: MutationCtx, sessionId: Id<"tutoringSessions">, turnedAt: number): Promise<void> {
  const row = await findTurn(ctx, sessionId);
  if (row) await ctx.db.patch("tutoringRoomTurns", row._id, { turnedAt });
  else await ctx.db.insert("tutoringRoomTurns", { sessionId, turnedAt });
}

export async function deleteTurn(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  const row = await findTurn(ctx, sessionId);
  if (row) await ctx.db.delete("tutoringRoomTurns", row._id);
}
