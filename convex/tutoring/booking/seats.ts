/** The figures of a session that move. The one module that writes `tutoringSeats`. */
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

export type Seats = Doc<"tutoringSeats">;

export async function requireSeats(ctx: { db: QueryCtx["db"] }, sessionId: Id<"tutoringSessions">): Promise<Seats> {
  const seats = await ctx.db
    .query("tutoringSeats")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();
  if (!seats) throw new Error(`tutoring session ${sessionId} has no seats row`);
  return seats;
}

export const insertSeats = (ctx: MutationCtx, fields: WithoutSystemFields<Seats>) =>
  ctx.db.insert("tutoringSeats", fields);

export const patchSeats = (
  ctx: MutationCtx,
  seats: Seats,
  changes: Partial<WithoutSystemFields<Seats>>,
): Promise<void> => ctx.db.patch("tutoringSeats", seats._id, changes);

export const deleteSeats = (ctx: MutationCtx, seats: Seats): Promise<void> => ctx.db.delete("tutoringSeats", seats._id);
