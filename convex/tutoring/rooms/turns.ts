/**
 * The opening and closing of rooms. Whether one is open follows from its session's time; at those times a row is
 * written that pages watch. The one module that writes `tutoringRoomTurns`.
 */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Session } from "../booking/sessionRows";
import { findRoomTimes } from "../rules";

const findTurn = (ctx: { db: QueryCtx["db"] }, sessionId: Id<"tutoringSessions">) =>
  ctx.db
    .query("tutoringRoomTurns")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/** Makes the query that calls it look again when the room opens or closes. */
export const watchTurns = findTurn;

/** Has the room's pages look again at its opening and closing. To be called for each new time of a session. */
export async function scheduleTurns(ctx: MutationCtx, session: Session): Promise<void> {
  const { opensAt, closesAt } = findRoomTimes(session);
  for (const at of [opensAt, closesAt])
    await ctx.scheduler.runAt(at, internal.tutoring.rooms.sweep.turn, { sessionId: session._id });
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
