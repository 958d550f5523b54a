/** The one module that writes `tutoringSignals`. */
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";

type Signal = Doc<"tutoringSignals">;

export const insertSignal = (ctx: MutationCtx, fields: WithoutSystemFields<Signal>) =>
  ctx.db.insert("tutoringSignals", fields);

export async function deleteSignals(ctx: MutationCtx, signals: Signal[]): Promise<void> {
  for (const { _id } of signals) await ctx.db.delete("tutoringSignals", _id);
}

/** Deletes up to `limit` signals of a deleted session; returns whether there may be more. */
export async function deleteSignalsOf(
  ctx: MutationCtx,
  sessionId: Id<"tutoringSessions">,
  limit: number,
): Promise<boolean> {
  const signals = await ctx.db
    .query("tutoringSignals")
    .withIndex("by_sessionId_and_toId", (q) => q.eq("sessionId", sessionId))
    .take(limit);
  await deleteSignals(ctx, signals);
  return signals.length === limit;
}
