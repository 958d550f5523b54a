/** Proposals of another time. The one module that writes `tutoringProposals`. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type ReadCtx = { db: QueryCtx["db"] };
type SessionId = Id<"tutoringSessions">;
export type Proposal = Doc<"tutoringProposals">;

export const findProposal = (ctx: ReadCtx, sessionId: SessionId, userId: Id<"users">): Promise<Proposal | null> =>
  ctx.db
    .query("tutoringProposals")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId).eq("userId", userId))
    .unique();

export const listProposals = (ctx: ReadCtx, sessionId: SessionId, limit: number): Promise<Proposal[]> =>
  ctx.db
    .query("tutoringProposals")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId))
    .take(limit);

/** Puts the user's proposal in the place of an earlier one. */
export async function setProposal(
  ctx: MutationCtx,
  sessionId: SessionId,
  userId: Id<"users">,
  proposed: { startsAt: number; proposedAt: number },
): Promise<void> {
  const earlier = await findProposal(ctx, sessionId, userId);
  if (earlier) await ctx.db.patch("tutoringProposals", earlier._id, proposed);
  else await ctx.db.insert("tutoringProposals", { sessionId, userId, ...proposed });
}

/** Deletes the user's proposal, if there is one. */
export async function deleteProposal(ctx: MutationCtx, sessionId: SessionId, userId: Id<"users">): Promise<void> {
  const proposal = await findProposal(ctx, sessionId, userId);
  if (proposal) await ctx.db.delete("tutoringProposals", proposal._id);
}

/** Deletes up to `limit` proposals of a session; returns whether there may be more. */
export async function deleteProposalsOf(ctx: MutationCtx, sessionId: SessionId, limit: number): Promise<boolean> {
  const proposals = await listProposals(ctx, sessionId, limit);
  for (const { _id } of proposals) await ctx.db.delete("tutoringProposals", _id);
  return proposals.length === limit;
}
