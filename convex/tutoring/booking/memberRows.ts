/**
 * Members of a session: users who asked for a seat, and users who have one. The one module that writes
 * `tutoringMembers`.
 */
import type { WithoutSystemFields } from "convex/server";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Person } from "../shapes";

type ReadCtx = { db: QueryCtx["db"] };
export type Member = Doc<"tutoringMembers">;

export const findMember = (
  ctx: ReadCtx,
  sessionId: Id<"tutoringSessions">,
  userId: Id<"users">,
): Promise<Member | null> =>
  ctx.db
    .query("tutoringMembers")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId).eq("userId", userId))
    .unique();

/** Lists the users who have a seat: at most `PARTICIPANTS_MAX` rows. */
export async function listSeatedUsers(ctx: ReadCtx, sessionId: Id<"tutoringSessions">): Promise<Id<"users">[]> {
  const members = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_sessionId_and_status", (q) => q.eq("sessionId", sessionId).eq("request.status", "approved"))
    .collect();
  return members.map(({ userId }) => userId);
}

/** Lists the members whose requests wait for an answer, first come first. */
export const listPendingMembers = (ctx: ReadCtx, sessionId: Id<"tutoringSessions">, limit: number): Promise<Member[]> =>
  ctx.db
    .query("tutoringMembers")
    .withIndex("by_sessionId_and_status", (q) => q.eq("sessionId", sessionId).eq("request.status", "pending"))
    .take(limit);

export const insertMember = (ctx: MutationCtx, fields: WithoutSystemFields<Member>) =>
  ctx.db.insert("tutoringMembers", fields);

/** Answers a request; an approved one comes with its seat. */
export const answerRequest = (
  ctx: MutationCtx,
  member: Member,
  answer: { status: "approved"; seat: NonNullable<Member["seat"]> } | { status: "rejected" },
): Promise<void> =>
  ctx.db.patch("tutoringMembers", member._id, {
    request: { ...member.request, status: answer.status },
    ...(answer.status === "approved" && { seat: answer.seat }),
  });

export const setMemberPerson = (ctx: MutationCtx, member: Member, person: Person): Promise<void> =>
  ctx.db.patch("tutoringMembers", member._id, { user: person });

export const deleteMember = (ctx: MutationCtx, member: Member): Promise<void> =>
  ctx.db.delete("tutoringMembers", member._id);

/** Deletes up to `limit` members of a deleted session; returns whether there may be more. */
export async function deleteMembersOf(
  ctx: MutationCtx,
  sessionId: Id<"tutoringSessions">,
  limit: number,
): Promise<boolean> {
  const members = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId))
    .take(limit);
  for (const member of members) await deleteMember(ctx, member);
  return members.length === limit;
}
