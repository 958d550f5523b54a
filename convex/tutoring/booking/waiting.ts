/**
 * The waiting list of a full session (tutoring/README §10.1). A seat that becomes free is held for the first who waits;
 * what is held counts as taken, so offers, seats and requests can never contradict each other: all of them are decided
 * on the session's seat figures.
 */
import { internal } from "../../_generated/api";
import type { MutationCtx } from "../../_generated/server";
import * as Events from "../../events/tutoring";
import type { TimedCtx, UserAct } from "../../identity/act";
import { createIntegerId } from "../../lib/ids";
import { countFreeSeats, findOfferEnd, findStatus, isOpen } from "../rules";
import { refreshCard } from "../views/cards";
import { toPerson } from "./persons";
import { findMember, insertMember } from "./memberRows";
import { findPartHindrance, refused } from "./refusals";
import { patchSeatFigures, requireSeatFigures, type SeatFigures } from "./seatFigures";
import { requireSession, type Session } from "./sessionRows";
import { setStatus } from "./status";
import {
  deleteWait,
  findWait,
  getPosition,
  insertWait,
  listOffers,
  listUnoffered,
  setOffer,
  type Wait,
} from "./waitRows";

type OfSession = { id: number };

/** Takes a place on the list of a full session; again: the same place. */
export async function joinWaitlist(act: UserAct, { id }: OfSession): Promise<{ position: number }> {
  const session = await requireSession(act, id);
  const { _id: userId } = act.principal.user;
  const waits = await findWait(act, session._id, userId);
  if (waits) return { position: await getPosition(act, waits) };
  const figures = await requireSeatFigures(act, session._id);
  const known = await findMember(act, session._id, userId);
  const hindrance = findPartHindrance(act, { session, figures, known });
  if (hindrance) throw refused(hindrance);
  if (countFreeSeats(figures) > 0) throw refused("Session is not full");
  const wait = await insertWait(act, session._id, userId);
  await changeWaiting(act, figures, { people: 1, held: 0 });
  return { position: await getPosition(act, wait) };
}

/** Gives the place up; a seat that was held for it is offered to the next. */
export async function leaveWaitlist(act: UserAct, { id }: OfSession): Promise<void> {
  const session = await requireSession(act, id);
  const wait = await findWait(act, session._id, act.principal.user._id);
  if (!wait) throw refused("Not waiting");
  await removeWait(act, session, wait);
}

/** Ends one place on the list, if there is one, and offers what was held for it. */
export async function removeWait(ctx: TimedCtx, session: Session, wait: Wait): Promise<void> {
  await deleteWait(ctx, wait);
  const figures = await requireSeatFigures(ctx, session._id);
  const held = wait.offerExpiresAt === null ? 0 : 1;
  await offerFreeSeats(ctx, session, await changeWaiting(ctx, figures, { people: -1, held: -held }));
  if (held > 0) await refreshCard(ctx, session, figures.memberCount);
}

/** Turns the caller's offer into a seat. */
export async function acceptOffer(act: UserAct, { id }: OfSession): Promise<void> {
  const { now } = act;
  const { user } = act.principal;
  const session = await requireSession(act, id);
  const wait = await findWait(act, session._id, user._id);
  const figures = await requireSeatFigures(act, session._id);
  const isOffered = wait?.offerExpiresAt != null && wait.offerExpiresAt > now;
  if (!wait || !isOffered || !isOpen(findStatus(session, figures.participantCount, now))) throw refused("No offer");
  await deleteWait(act, wait);
  const member = {
    sessionId: session._id,
    sessionCreatedAt: session._creationTime,
    userId: user._id,
    user: toPerson(user),
    request: {
      publicId: createIntegerId(),
      message: "",
      status: "approved" as const,
      requestedAt: Math.floor(wait._creationTime),
    },
    seat: { publicId: createIntegerId(), role: "student" as const, joinedAt: now },
  };
  await insertMember(act, member);
  const counted = { participantCount: figures.participantCount + 1, memberCount: figures.memberCount + 1 };
  await patchSeatFigures(act, figures, counted);
  const after = await changeWaiting(act, { ...figures, ...counted }, { people: -1, held: -1 });
  if (session.status === "approved") await setStatus(act, session, after, "scheduled");
  else await refreshCard(act, session, after.memberCount);
  await Events.offerAccepted(act, session, { member, user });
}

/**
 * Holds the free seats for those who wait, first come first. To be called with whatever frees a seat, in its
 * transaction, before the card is refreshed.
 *
 * @param figures as they are now
 */
export async function offerFreeSeats(ctx: TimedCtx, session: Session, figures: SeatFigures): Promise<void> {
  const { now } = ctx;
  const expiresAt = findOfferEnd(session, now);
  const free = countFreeSeats(figures);
  if (expiresAt === null || free <= 0 || !figures.waiting || figures.waiting.people <= figures.waiting.held) return;
  const next = await listUnoffered(ctx, session._id, free);
  for (const wait of next) {
    await setOffer(ctx, wait, expiresAt);
    await Events.seatOffered(ctx, session, wait.userId, expiresAt);
  }
  await changeWaiting(ctx, figures, { people: 0, held: next.length });
  await scheduleLapse(ctx, session, expiresAt);
}

const scheduleLapse = (ctx: MutationCtx, { _id: sessionId }: Session, at: number) =>
  ctx.scheduler.runAt(at, internal.tutoring.sweep.lapseOffers, { sessionId });

/** Ends the offers whose time is over; each seat goes to the next. */
export async function lapseOffers(ctx: TimedCtx, session: Session): Promise<void> {
  const lapsed = await listOffers(ctx, session._id, ctx.now);
  if (lapsed.length === 0) return;
  for (const wait of lapsed) {
    await deleteWait(ctx, wait);
    await Events.offerLapsed(ctx, session, wait.userId);
  }
  const figures = await requireSeatFigures(ctx, session._id);
  const change = { people: -lapsed.length, held: -lapsed.length };
  await offerFreeSeats(ctx, session, await changeWaiting(ctx, figures, change));
  await refreshCard(ctx, session, figures.memberCount);
}

/** After another start: an offer ends no later than it would if it were made now. */
export async function shortenOffers(ctx: TimedCtx, session: Session): Promise<void> {
  const latest = findOfferEnd(session, ctx.now) ?? ctx.now;
  const late = (await listOffers(ctx, session._id)).filter(({ offerExpiresAt }) => (offerExpiresAt ?? 0) > latest);
  for (const wait of late) await setOffer(ctx, wait, latest);
  if (late.length > 0) await scheduleLapse(ctx, session, latest);
}

/** → the row as it is after the change. */
async function changeWaiting(
  ctx: MutationCtx,
  figures: SeatFigures,
  by: { people: number; held: number },
): Promise<SeatFigures> {
  const { people, held } = figures.waiting ?? { people: 0, held: 0 };
  const after = { people: people + by.people, held: held + by.held };
  const waiting = after.people > 0 ? after : undefined;
  await patchSeatFigures(ctx, figures, { waiting });
  const { waiting: _before, ...rest } = figures;
  return waiting ? { ...rest, waiting } : rest;
}
