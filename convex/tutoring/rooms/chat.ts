/** The chat of a room. The one module that writes `tutoringChat`. */
import type { Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type SessionId = Id<"tutoringSessions">;

export const insertMessage = (ctx: MutationCtx, sessionId: SessionId, userId: Id<"users">, text: string) =>
  ctx.db.insert("tutoringChat", { sessionId, userId, text });

export const queryMessages = (ctx: { db: QueryCtx["db"] }, sessionId: SessionId) =>
  ctx.db.query("tutoringChat").withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId));

/** Deletes up to `limit` messages of a deleted session; returns whether there may be more. */
export async function deleteChatOf(ctx: MutationCtx, sessionId: SessionId, limit: number): Promise<boolean> {
  const messages = await queryMessages(ctx, sessionId).take(limit);
  for (const { _id } of messages) await ctx.db.delete("tutoringChat", _id);
  return messages.length === limit;
}
