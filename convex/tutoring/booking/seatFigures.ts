/**
 * The figures of a session that move with its seats and requests, one row a session. The one module that writes
 * `tutoringSeats`.
 */
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

export type SeatFigures = Doc<"tutoringSeats">;

export async function requireSeatFigures(
  ctx: { db: QueryCtx["db"] },
  sessionId: Id<"tutoringSessions">,
): Promise<SeatFigures> {
  const figures = await ctx.db
    .query("tutoringSeats")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();
  if (!figures) throw new Error(`tutoring session ${sessionId} has no seats row`);
  return figures;
}

export const insertSeatFigures = (ctx: MutationCtx, fields: WithoutSystemFields<SeatFigures>) =>
  ctx.db.insert("tutoringSeats", fields);

export const patchSeatFigures = (
  ctx: MutationCtx,
  figures: SeatFigures,
  changes: Partial<WithoutSystemFields<SeatFigures>>,
): Promise<void> => ctx.db.patch("tutoringSeats", figures._id, changes);

export const deleteSeatFigures = (ctx: MutationCtx, figures: SeatFigures): Promise<void> =>
  ctx.db.delete("tutoringSeats", figures._id);
