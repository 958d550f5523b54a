/** People in rooms. The one module that writes `tutoringRoomPeople` and `tutoringRoomBeats`. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { SECOND_MS } from "../../lib/time";

type ReadCtx = { db: QueryCtx["db"] };
type SessionId = Id<"tutoringSessions">;
export type RoomPerson = Doc<"tutoringRoomPeople">;
export type Standing = RoomPerson["standing"];

/** Pages enter anew every 30 s; two that are lost and somebody is gone. */
export const PRESENT_FOR_MS = 75 * SECOND_MS;

export const findPerson = (ctx: ReadCtx, sessionId: SessionId, userId: Id<"users">): Promise<RoomPerson | null> =>
  ctx.db
    .query("tutoringRoomPeople")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId).eq("userId", userId))
    .unique();

/** Lists who is inside, first come first. */
export const listInside = (ctx: ReadCtx, sessionId: SessionId): Promise<RoomPerson[]> =>
  ctx.db
    .query("tutoringRoomPeople")
    .withIndex("by_sessionId_and_insideSince", (q) => q.eq("sessionId", sessionId).gt("insideSince", null))
    .collect();

export const listKnocking = (ctx: ReadCtx, sessionId: SessionId, limit: number): Promise<RoomPerson[]> =>
  ctx.db
    .query("tutoringRoomPeople")
    .withIndex("by_sessionId_and_standing", (q) => q.eq("sessionId", sessionId).eq("standing", "knocking"))
    .take(limit);

/** Lists everybody who ever was inside, first come first. */
export async function listAttendants(ctx: ReadCtx, sessionId: SessionId): Promise<RoomPerson[]> {
  const people = await ctx.db
    .query("tutoringRoomPeople")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId))
    .collect();
  return people
    .filter(({ firstJoinedAt }) => firstJoinedAt !== null)
    .sort((a, b) => (a.firstJoinedAt ?? 0) - (b.firstJoinedAt ?? 0));
}

async function requirePerson(ctx: MutationCtx, sessionId: SessionId, userId: Id<"users">): Promise<RoomPerson> {
  const known = await findPerson(ctx, sessionId, userId);
  if (known) return known;
  const id = await ctx.db.insert("tutoringRoomPeople", {
    sessionId,
    userId,
    standing: "none",
    insideSince: null,
    firstJoinedAt: null,
    lastLeftAt: null,
    attendedMs: 0,
  });
  return (await ctx.db.get("tutoringRoomPeople", id))!;
}

export async function setStanding(
  ctx: MutationCtx,
  sessionId: SessionId,
  userId: Id<"users">,
  standing: Standing,
): Promise<void> {
  const person = await requirePerson(ctx, sessionId, userId);
  if (person.standing !== standing) await ctx.db.patch("tutoringRoomPeople", person._id, { standing });
}

const findBeat = (ctx: MutationCtx, personId: Id<"tutoringRoomPeople">) =>
  ctx.db
    .query("tutoringRoomBeats")
    .withIndex("by_personId", (q) => q.eq("personId", personId))
    .unique();

/** Lets somebody in, or notes that they are still there. → whether they were outside */
export async function letIn(
  ctx: MutationCtx,
  sessionId: SessionId,
  userId: Id<"users">,
  now: number,
): Promise<boolean> {
  const person = await requirePerson(ctx, sessionId, userId);
  const until = now + PRESENT_FOR_MS;
  const beat = await findBeat(ctx, person._id);
  if (beat) await ctx.db.patch("tutoringRoomBeats", beat._id, { until });
  else await ctx.db.insert("tutoringRoomBeats", { personId: person._id, until });
  if (person.insideSince !== null) return false;
  await ctx.db.patch("tutoringRoomPeople", person._id, {
    insideSince: now,
    firstJoinedAt: person.firstJoinedAt ?? now,
  });
  return true;
}

/** Ends the visit of somebody, if they are inside, as of `at`. */
export async function letOut(ctx: MutationCtx, person: RoomPerson, at: number): Promise<void> {
  const beat = await findBeat(ctx, person._id);
  if (beat) await ctx.db.delete("tutoringRoomBeats", beat._id);
  if (person.insideSince === null) return;
  // A clock that was put back makes no visit shorter than nothing.
  const leftAt = Math.max(at, person.insideSince);
  await ctx.db.patch("tutoringRoomPeople", person._id, {
    insideSince: null,
    lastLeftAt: leftAt,
    attendedMs: person.attendedMs + leftAt - person.insideSince,
  });
}

/** Ends visits that have gone silent, dated at their last sign of life. → whether there may be more */
export async function letOutSilent(ctx: MutationCtx, now: number, limit: number): Promise<boolean> {
  const silent = await ctx.db
    .query("tutoringRoomBeats")
    .withIndex("by_until", (q) => q.lte("until", now))
    .take(limit);
  for (const { _id, personId, until } of silent) {
    const person = await ctx.db.get("tutoringRoomPeople", personId);
    if (person) await letOut(ctx, person, until - PRESENT_FOR_MS);
    else await ctx.db.delete("tutoringRoomBeats", _id);
  }
  return silent.length === limit;
}

/** Deletes up to `limit` people of a deleted session; returns whether there may be more. */
export async function deletePeopleOf(ctx: MutationCtx, sessionId: SessionId, limit: number): Promise<boolean> {
  const people = await ctx.db
    .query("tutoringRoomPeople")
    .withIndex("by_sessionId_and_userId", (q) => q.eq("sessionId", sessionId))
    .take(limit);
  for (const { _id } of people) {
    const beat = await findBeat(ctx, _id);
    if (beat) await ctx.db.delete("tutoringRoomBeats", beat._id);
    await ctx.db.delete("tutoringRoomPeople", _id);
  }
  return people.length === limit;
}
