/**
 * Requests and seats (tutoring/README §6.6–6.9). Each act is one transaction that decides on the session's seat
 * figures, so two people cannot take one seat whatever the timing.
 */
import type { Doc } from "../../_generated/dataModel";
import type { UserAct } from "../../identity/act";
import * as Events from "../../events/tutoring";
import { getUserByPublicId } from "../../identity/users";
import { AppError } from "../../lib/errors";
import { createIntegerId } from "../../lib/ids";
import { deleteProposal } from "../hosting/proposalRows";
import { findPerson, letOut, setStanding } from "../rooms/people";
import { addRequestToCard, refreshCard } from "../views/cards";
import { countFreeSeats } from "../rules";
import { answerRequest, deleteMember, insertMember, findMember, type Member } from "./memberRows";
import { findRequestHindrance, refused, requireNotEnded } from "./refusals";
import { patchSeatFigures, requireSeatFigures, type SeatFigures } from "./seatFigures";
import { auditAct } from "./audit";
import { requireOwn, requireSession, type Session } from "./sessionRows";
import { setStatus } from "./status";
import { offerFreeSeats, removeWait } from "./waiting";
import { findWait } from "./waitRows";
import { toPerson } from "./persons";
import type { Asking } from "../views/view";

/** Asks for a seat; clients know it as `join`. */
export async function requestSeat(
  act: UserAct,
  { id, message }: { id: number; message: string },
): Promise<{ session: Session; member: Asking }> {
  const { now } = act;
  const { user } = act.principal;
  const session = await requireSession(act, id);
  const figures = await requireSeatFigures(act, session._id);
  const known = await findMember(act, session._id, user._id);
  const hindrance = findRequestHindrance(act, { session, figures, known });
  if (hindrance) throw refused(hindrance);
  const member = {
    sessionId: session._id,
    sessionCreatedAt: session._creationTime,
    userId: user._id,
    user: toPerson(user),
    request: { publicId: createIntegerId(), message, status: "pending" as const, requestedAt: now },
    seat: null,
  };
  // A place on the waiting list ends first, because that may write the card anew. One can ask from there while a seat
  // is free: when offers are no longer made, or more seats came free than people wait.
  const waits = figures.waiting && (await findWait(act, session._id, user._id));
  if (waits) await removeWait(act, session, waits);
  await insertMember(act, member);
  // `removeWait` writes only `waiting` in the row of figures, so the other figures, read before, still hold.
  await patchSeatFigures(act, figures, {
    pendingRequestCount: figures.pendingRequestCount + 1,
    memberCount: figures.memberCount + 1,
  });
  await addRequestToCard(act, session, member, figures.memberCount + 1);
  await Events.seatRequested(act, session, { member, user });
  return { session, member };
}

type OfUser = { id: number; userId: number };
type Pending = { session: Session; user: Doc<"users">; member: Member; figures: SeatFigures };

/** The pending request of the user with this integer id, for the creator to answer. `NOT_FOUND` when there is none. */
async function requirePending(act: UserAct, { id, userId }: OfUser): Promise<Pending> {
  const session = await requireOwn(act, id);
  const user = await getUserByPublicId(act, userId);
  const member = user && (await findMember(act, session._id, user._id));
  if (!user || member?.request.status !== "pending")
    throw new AppError("NOT_FOUND", "Request not found", { missing: "request" });
  const figures = await requireSeatFigures(act, session._id);
  requireNotEnded(session, figures, act.now);
  return { session, user, member, figures };
}

/** Tells who asked, the audit log and webhooks. */
async function reportAnswer(
  act: UserAct,
  { session, user, member }: Pending,
  answer: "approved" | "rejected",
): Promise<void> {
  await Events.requestAnswered(act, session, { member, user }, answer);
  await auditAct(act, answer, session, ` request of user ${member.user.publicId}`);
}

/** Gives the seat. The first one makes an approved session scheduled. */
export async function approveRequest(act: UserAct, request: OfUser): Promise<void> {
  const pending = await requirePending(act, request);
  const { session, member, figures } = pending;
  if (countFreeSeats(figures) <= 0) throw refused("Session is full");
  await answerRequest(act, member, {
    status: "approved",
    seat: { publicId: createIntegerId(), role: "student", joinedAt: act.now },
  });
  const counted = {
    participantCount: figures.participantCount + 1,
    pendingRequestCount: figures.pendingRequestCount - 1,
  };
  await patchSeatFigures(act, figures, counted);
  if (session.status === "approved") {
    await setStatus(act, session, { ...figures, ...counted }, "scheduled");
  } else await refreshCard(act, session, figures.memberCount);
  await reportAnswer(act, pending, "approved");
}

export async function rejectRequest(act: UserAct, request: OfUser): Promise<void> {
  const pending = await requirePending(act, request);
  const { session, member, figures } = pending;
  await answerRequest(act, member, { status: "rejected" });
  await patchSeatFigures(act, figures, { pendingRequestCount: figures.pendingRequestCount - 1 });
  await refreshCard(act, session, figures.memberCount);
  await reportAnswer(act, pending, "rejected");
}

/**
 * Frees the caller's seat, or takes back a pending request; afterwards they may ask again. Who took part in a session
 * that is over stays its participant.
 */
export async function leaveSession(act: UserAct, { id }: { id: number }): Promise<void> {
  const session = await requireSession(act, id);
  const member = await findMember(act, session._id, act.principal.user._id);
  const pending = member?.request.status === "pending";
  if (!member || (!member.seat && !pending)) throw refused("Not joined");
  await endPart(act, session, member);
  if (pending) await Events.requestSettled(act, session, member.userId);
}

/**
 * Takes the seat of a participant, who is told, leaves the room, and may ask again. `NOT_FOUND` for who has none.
 */
export async function removeParticipant(act: UserAct, { id, userId }: OfUser): Promise<void> {
  const session = await requireOwn(act, id);
  const user = await getUserByPublicId(act, userId);
  const member = user && (await findMember(act, session._id, user._id));
  if (!member?.seat) throw new AppError("NOT_FOUND", "Participant not found", { missing: "request" });
  await endPart(act, session, member);
  const inRoom = await findPerson(act, session._id, member.userId);
  // Someone admitted before would come back in without a seat.
  if (inRoom?.standing === "admitted") await setStanding(act, session._id, member.userId, "none");
  await Events.participantRemoved(act, session, member.userId);
  await auditAct(act, "rejected", session, ` participant ${member.user.publicId}`);
}

/** Ends a member's part in a session that is not over: what they held goes to the next, and they leave the room. */
async function endPart(act: UserAct, session: Session, member: Member): Promise<void> {
  const figures = await requireSeatFigures(act, session._id);
  requireNotEnded(session, figures, act.now);
  await deleteMember(act, member);
  await deleteProposal(act, session._id, member.userId);
  const inRoom = await findPerson(act, session._id, member.userId);
  if (inRoom) await letOut(act, inRoom, act.now);
  const counted = {
    participantCount: figures.participantCount - (member.seat ? 1 : 0),
    pendingRequestCount: figures.pendingRequestCount - (member.request.status === "pending" ? 1 : 0),
    memberCount: figures.memberCount - 1,
  };
  await patchSeatFigures(act, figures, counted);
  await offerFreeSeats(act, session, { ...figures, ...counted });
  await refreshCard(act, session, figures.memberCount - 1);
  await Events.participantLeft(act, session, member);
}
