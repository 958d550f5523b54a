/** Decides who has a part in a session's room, and whether it is open (tutoring/README §10.3). */
import type { Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import { conflict, forbidden } from "../../lib/errors";
import { findMember } from "../booking/memberRows";
import { requireSeatFigures } from "../booking/seatFigures";
import type { Session } from "../booking/sessionRows";
import { findStatus, isRoomOpen } from "../rules";
import { findPerson } from "./people";

type ReadCtx = { db: QueryCtx["db"] };

/** The creator, participants, and those whom the creator has admitted; not who was removed. */
export async function hasPart(ctx: ReadCtx, session: Session, userId: Id<"users">): Promise<boolean> {
  if (session.creatorId === userId) return true;
  const person = await findPerson(ctx, session._id, userId);
  if (person?.standing === "removed") return false;
  return person?.standing === "admitted" || ((await findMember(ctx, session._id, userId))?.seat ?? null) !== null;
}

export async function requireRoomPart(ctx: ReadCtx, session: Session, userId: Id<"users">): Promise<void> {
  if (!(await hasPart(ctx, session, userId)))
    throw forbidden("The room is for the session's creator and participants. Others may knock.");
}

export const isOpen = async (ctx: ReadCtx, session: Session, now: number): Promise<boolean> =>
  isRoomOpen(session, findStatus(session, (await requireSeatFigures(ctx, session._id)).participantCount, now), now);

export async function requireOpen(ctx: ReadCtx, session: Session, now: number): Promise<void> {
  if (!(await isOpen(ctx, session, now)))
    throw conflict("The room is open from 10 minutes before the start until 30 minutes after the end.");
}
