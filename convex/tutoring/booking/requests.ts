/**
 * Requests and seats (README §6.6–6.9). Each act is one transaction that decides on the session's seats row, so two
 * people cannot take one seat whatever the timing.
 */
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { UserPrincipal } from "../../identity/principal";
import * as Events from "../../events/tutoring";
import type { Client } from "../../identity/caller";
import { getUserByPublicId } from "../../identity/users";
import { cleanText, textProblems } from "../../lib/text";
import { AppError, invalid } from "../../lib/errors";
import { randomIntegerId } from "../../lib/ids";
import { addRequestToCard, refreshCard } from "../views/cards";
import { setStatus, stopClock } from "../clock/statusClock";
import { hasEnded, isOpen, MESSAGE_MAX, statusAt } from "../rules";
import { answerRequest, deleteMember, insertMember, listSeatedUsers, memberOf, type Member } from "./members";
import { patchSeats, requireSeats, type Seats } from "./seats";
import { auditAct } from "./audit";
import { notAuthorized, requireOwn, requireSession, type Session } from "./sessionRows";
import { fullName, personOf, type Asking } from "../views/view";

type ReadCtx = { db: QueryCtx["db"] };

/** A refusal that is no wrong field. */
const refused = (message: string) => invalid({}, message);

/** Refuses what can be done only before the end, which may have come since the status was written. */
function requireNotEnded(session: Session, seats: Seats, now: number): void {
  if (hasEnded(statusAt(session, seats.participantCount, now))) throw refused("Session already ended");
}

/** Asks for a seat. Writes 5 rows: member, seats, full card, notification and its count. */
export async function join(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  message: string,
  now: number,
): Promise<{ session: Session; member: Asking }> {
  const session = await requireSession(ctx, principal, publicId);
  const text = cleanText(message);
  const problems = textProblems(text, MESSAGE_MAX);
  if (problems.length > 0) throw invalid({ message: problems });
  const { user } = principal;
  const seats = await requireSeats(ctx, session._id);
  const known = await memberOf(ctx, session._id, user._id);
  if (seats.participantCount >= seats.maxParticipants) throw refused("Session is full");
  if (known?.seat) throw refused("Already joined");
  if (known?.request.status === "pending") throw refused("Request already pending");
  if (known) throw refused("Request was rejected");
  if (session.creatorId === user._id) throw refused("Cannot join your own session");
  if (!isOpen(statusAt(session, seats.participantCount, now))) throw refused("Session is not open for joining");
  const member = {
    sessionId: session._id,
    sessionCreatedAt: session._creationTime,
    userId: user._id,
    user: personOf(user),
    request: { publicId: randomIntegerId(), message: text, status: "pending" as const, requestedAt: now },
    seat: null,
  };
  await insertMember(ctx, member);
  await patchSeats(ctx, seats, {
    pendingRequestCount: seats.pendingRequestCount + 1,
    memberCount: seats.memberCount + 1,
  });
  await addRequestToCard(ctx, session, member, seats.memberCount + 1);
  await Events.seatRequested(ctx, session, fullName(member.user));
  return { session, member };
}

type Waiting = { session: Session; member: Member; seats: Seats };

/** The pending request of the user with this integer id, for the creator to answer. `NOT_FOUND` when there is none. */
async function requireWaiting(
  ctx: ReadCtx,
  principal: UserPrincipal,
  publicId: number,
  userPublicId: number,
  now: number,
): Promise<Waiting> {
  const session = await requireOwn(ctx, principal, publicId);
  const user = await getUserByPublicId(ctx, userPublicId);
  const member = user && (await memberOf(ctx, session._id, user._id));
  if (member?.request.status !== "pending")
    throw new AppError("NOT_FOUND", "Request not found", { missing: "request" });
  const seats = await requireSeats(ctx, session._id);
  requireNotEnded(session, seats, now);
  return { session, member, seats };
}

/** Tells who asked, and the audit log. */
async function answered(
  ctx: MutationCtx,
  principal: UserPrincipal,
  { session, member }: Waiting,
  answer: "approved" | "rejected",
  client: Client,
): Promise<void> {
  await Events.requestAnswered(ctx, session, member.userId, answer);
  await auditAct(ctx, principal, client, answer, session, ` request of user ${member.user.publicId}`);
}

/** Gives the seat. The first one makes an approved session scheduled. */
export async function approveRequest(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  userPublicId: number,
  client: Client,
  now: number,
): Promise<void> {
  const waiting = await requireWaiting(ctx, principal, publicId, userPublicId, now);
  const { session, member, seats } = waiting;
  if (seats.participantCount >= seats.maxParticipants) throw refused("Session is full");
  await answerRequest(ctx, member, {
    status: "approved",
    seat: { publicId: randomIntegerId(), role: "student", joinedAt: now },
  });
  const counted = { participantCount: seats.participantCount + 1, pendingRequestCount: seats.pendingRequestCount - 1 };
  await patchSeats(ctx, seats, counted);
  if (session.status === "approved") {
    await setStatus(ctx, session, { ...seats, ...counted }, "scheduled", now);
  } else await refreshCard(ctx, session, seats.memberCount);
  await answered(ctx, principal, waiting, "approved", client);
}

export async function rejectRequest(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  userPublicId: number,
  client: Client,
  now: number,
): Promise<void> {
  const waiting = await requireWaiting(ctx, principal, publicId, userPublicId, now);
  const { session, member, seats } = waiting;
  await answerRequest(ctx, member, { status: "rejected" });
  await patchSeats(ctx, seats, { pendingRequestCount: seats.pendingRequestCount - 1 });
  await refreshCard(ctx, session, seats.memberCount);
  await answered(ctx, principal, waiting, "rejected", client);
}

/** Ends all seats: by the creator or anybody who has one. */
export async function cancel(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  client: Client,
  now: number,
): Promise<void> {
  const session = await requireSession(ctx, principal, publicId);
  const { user } = principal;
  if (session.creatorId !== user._id && !(await memberOf(ctx, session._id, user._id))?.seat) throw notAuthorized();
  const seats = await requireSeats(ctx, session._id);
  requireNotEnded(session, seats, now);
  const seated = await listSeatedUsers(ctx, session._id);
  await setStatus(ctx, session, seats, "cancelled", now);
  await stopClock(ctx, session._id);
  await Events.sessionCancelled(ctx, session, [
    ...seated,
    ...(session.creatorId === user._id ? [] : [session.creatorId]),
  ]);
  await auditAct(ctx, principal, client, "cancelled", session);
}

/**
 * Frees the caller's seat, or takes back a pending request; afterwards they may ask again. Who took part in a session
 * that is over stays its participant.
 */
export async function leave(ctx: MutationCtx, principal: UserPrincipal, publicId: number, now: number): Promise<void> {
  const session = await requireSession(ctx, principal, publicId);
  const member = await memberOf(ctx, session._id, principal.user._id);
  const pending = member?.request.status === "pending";
  if (!member || (!member.seat && !pending)) throw refused("Not joined");
  const seats = await requireSeats(ctx, session._id);
  requireNotEnded(session, seats, now);
  await deleteMember(ctx, member);
  await patchSeats(ctx, seats, {
    participantCount: seats.participantCount - (member.seat ? 1 : 0),
    pendingRequestCount: seats.pendingRequestCount - (pending ? 1 : 0),
    memberCount: seats.memberCount - 1,
  });
  await refreshCard(ctx, session, seats.memberCount - 1);
}
