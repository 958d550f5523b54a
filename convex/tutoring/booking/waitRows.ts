/** Places on waiting lists. The one module that writes `tutoringWaits`. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type ReadCtx = { db: QueryCtx["db"] };
type SessionId = Id<"tutoringSessions">;
export type Wait = Doc<"tutoringWaits">;

export const findWait = (ctx: ReadCtx, sessionId: SessionId, userId: Id<"users">): Promise<Wait | null> =>
  ctx.db
    .query("tutoringWaits")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId).eq("userId", userId))
    .unique();

/** Lists who waits, first come first. */
export const listWaits = (ctx: ReadCtx, sessionId: SessionId): Promise<Wait[]> =>
  ctx.db
    .query("tutoringWaits")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .collect();

export const listWaitsOfUser = (ctx: ReadCtx, userId: Id<"users">, limit: number): Promise<Wait[]> =>
  ctx.db
    .query("tutoringWaits")
    .withIndex("by_userId", (q) => q.eq("userId", userId))
    .order("desc")
    .take(limit);

/** The place of somebody who waits: 1 for the first. Reads the places before it. */
export async function getPosition(ctx: ReadCtx, { sessionId, _creationTime }: Wait): Promise<number> {
  const before = await ctx.db
    .query("tutoringWaits")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId).lt("_creationTime", _creationTime))
    .collect();
  return before.length + 1;
}

/** Lists those who have no offer yet, first come first. */
export const listUnoffered = (ctx: ReadCtx, sessionId: SessionId, limit: number): Promise<Wait[]> =>
  ctx.db
    .query("tutoringWaits")
    .withIndex("by_sessionId_and_offerExpiresAt", (q) => q.eq("sessionId", sessionId).eq("offerExpiresAt", null))
    .take(limit);

/** Lists offers that end by `until`, ms. */
export const listOffers = (ctx: ReadCtx, sessionId: SessionId, until = Infinity): Promise<Wait[]> =>
  ctx.db
    .query("tutoringWaits")
    .withIndex("by_sessionId_and_offerExpiresAt", (q) =>
      q.eq("sessionId", sessionId).gt("offerExpiresAt", null).lte("offerExpiresAt", until),
    )
    .collect();

export async function insertWait(ctx: MutationCtx, sessionId: SessionId, userId: Id<"users">): Promise<Wait> {
  const id = await ctx.db.insert("tutoringWaits", { sessionId, userId, offerExpiresAt: null });
  return (await ctx.db.get("tutoringWaits", id))!;
}

export const setOffer = (ctx: MutationCtx, wait: Wait, offerExpiresAt: number): Promise<void> =>
  ctx.db.patch("tutoringWaits", wait._id, { offerExpiresAt });

export const deleteWait = (ctx: MutationCtx, wait: Wait): Promise<void> => ctx.db.delete("tutoringWaits", wait._id);

/** Deletes up to `limit` places of a session; returns who had them. */
export async function deleteWaitsOf(ctx: MutationCtx, sessionId: SessionId, limit: number): Promise<Id<"users">[]> {
  const waits = await ctx.db
    .query("tutoringWaits")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .take(limit);
  for (const wait of waits) await deleteWait(ctx, wait);
  return waits.map(({ userId }) => userId);
}
