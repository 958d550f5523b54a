/** Creates, changes, approves, cancels and deletes sessions (tutoring/README §6.2–6.5, 6.9, 6.10). */
import { internal } from "../../_generated/api";
import type { Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Events from "../../events/tutoring";
import type { UserAct } from "../../identity/act";
import { invalid } from "../../lib/errors";
import { findFreeIntegerId, createUuid } from "../../lib/ids";
import { addCard, refreshCard, removeCard } from "../views/cards";
import { setClock, stopClock } from "../clock/statusClock";
import { deleteSignalsOf } from "../calls/signalRows";
import { deleteProposalsOf } from "../hosting/proposalRows";
import { deleteShareOf } from "../hosting/shares";
import { deleteChatOf } from "../rooms/chat";
import { deleteNotes } from "../rooms/notes";
import { deletePeopleOf } from "../rooms/people";
import { deleteTurn, scheduleTurns } from "../rooms/turns";
import { deleteMaterialsOf } from "../files/materialRows";
import { toIndexText } from "../../lib/folding/search";
import { auditAct } from "./audit";
import { deleteMembersOf, findMember, listSeatedUsers } from "./memberRows";
import { requireModerator } from "./moderators";
import { refused, requireNotEnded } from "./refusals";
import { deleteSeatFigures, insertSeatFigures, patchSeatFigures, requireSeatFigures } from "./seatFigures";
import {
  deleteSessionRow,
  getSessionByPublicId,
  insertSession,
  notAuthorized,
  patchSession,
  requireOwn,
  requireSession,
  type Session,
} from "./sessionRows";
import { setStatus } from "./status";
import { toTerms, readTerms, type Terms } from "./terms";
import { offerFreeSeats, shortenOffers } from "./waiting";
import { deleteWaitsOf, listWaits } from "./waitRows";
import { hasEnded, findStatus } from "../rules";
import type { Changes, Draft } from "../inputs";
import { formatName, toPerson } from "./persons";
import { joinSearched } from "../views/view";

export const toSearchText = (
  terms: Pick<Terms, "title" | "subject" | "description">,
  creator: Session["creator"],
): string => toIndexText(joinSearched(terms, creator));

/** `TUTORING_AUTO_APPROVE=true` opens new sessions at once; otherwise a moderator does. */
const autoApproves = (): boolean => /^(1|true|yes|on)$/i.test(process.env.TUTORING_AUTO_APPROVE?.trim() ?? "");

/** Writes 8 rows: session, cards, seat figures, clock, counts, block. */
export async function createSession(act: UserAct, draft: Draft): Promise<Session> {
  const { principal, now } = act;
  const terms = toTerms(draft, now);
  const creator = toPerson(principal.user);
  const status = autoApproves() ? ("approved" as const) : ("pending_approval" as const);
  const liveKey = createUuid();
  const session = await insertSession(act, {
    publicId: await findFreeIntegerId(async (taken) => (await getSessionByPublicId(act, taken)) !== null),
    tenantId: principal.tenantId,
    creatorId: principal.user._id,
    creator,
    ...terms,
    status,
    updatedAt: now,
    liveKey,
    searchText: toSearchText(terms, creator),
  });
  await insertSeatFigures(act, {
    sessionId: session._id,
    liveKey,
    status,
    maxParticipants: terms.maxParticipants,
    participantCount: 0,
    pendingRequestCount: 0,
    memberCount: 0,
  });
  await addCard(act, session);
  await setClock(act, session, now);
  await scheduleTurns(act, session);
  await Events.sessionCreated(act, session);
  return session;
}

/** Lists the users who have a seat or wait for one. */
const listConcernedUsers = async (ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<Id<"users">[]> => [
  ...(await listSeatedUsers(ctx, sessionId)),
  ...(await listWaits(ctx, sessionId)).map(({ userId }) => userId),
];

/** Changes what `changes` states. Participants hear of another start or length. */
export async function updateSession(act: UserAct, { id, ...changes }: Changes & { id: number }): Promise<Session> {
  const { now } = act;
  const session = await requireOwn(act, id);
  const figures = await requireSeatFigures(act, session._id);
  const status = findStatus(session, figures.participantCount, now);
  if (hasEnded(status)) throw refused("Session already ended");
  const terms = readTerms(changes);
  if (terms.startsAt !== undefined && terms.startsAt !== session.startsAt) {
    if (status === "ongoing") throw invalid({ date: ["The session has begun."] });
    if (terms.startsAt <= now) throw invalid({ date: ["Must lie in the future."] });
  }
  const taken = figures.participantCount + (figures.waiting?.held ?? 0);
  if (terms.maxParticipants !== undefined && terms.maxParticipants < taken)
    throw invalid({ maxParticipants: [`${taken} seats are taken or held already.`] });
  const updatedAt = Math.max(now, session._creationTime);
  const after = { ...session, ...terms, updatedAt };
  await patchSession(act, session, {
    ...terms,
    searchText: toSearchText(after, session.creator),
    updatedAt,
  });
  const keepsStart = after.startsAt === session.startsAt;
  if (after.maxParticipants !== figures.maxParticipants) {
    await patchSeatFigures(act, figures, { maxParticipants: after.maxParticipants });
    await offerFreeSeats(act, after, { ...figures, maxParticipants: after.maxParticipants });
  }
  if (figures.waiting && !keepsStart) await shortenOffers(act, after);
  await refreshCard(act, after, figures.memberCount);
  await Events.sessionUpdated(act, after);
  if (keepsStart && after.durationMinutes === session.durationMinutes) return after;
  await setClock(act, after, now, keepsStart);
  await scheduleTurns(act, after);
  await Events.sessionRescheduled(act, after, await listConcernedUsers(act, session._id));
  return after;
}

/**
 * Deletes a session with all that belongs to it. Participants of a session that was still to come are notified, also
 * when it was canceled, because the notification of that is deleted with it.
 */
export async function deleteSession(act: UserAct, { id }: { id: number }): Promise<void> {
  const session = await requireOwn(act, id);
  if (session.startsAt > act.now)
    await Events.sessionDeleted(act, session, formatName(session.creator), await listConcernedUsers(act, session._id));
  await stopClock(act, session._id);
  await removeCard(act, session._id);
  await deleteSeatFigures(act, await requireSeatFigures(act, session._id));
  await deleteSessionRow(act, session._id);
  await purgeSession(act, session._id);
  await auditAct(act, "deleted", session);
}

const PURGE_BATCH = 500;

/**
 * Deletes members, places on the waiting list, materials, files, signals, rooms and notifications of a deleted session,
 * in as many transactions as it takes.
 */
export async function purgeSession(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  await deleteTurn(ctx, sessionId);
  await deleteNotes(ctx, sessionId);
  await deleteShareOf(ctx, sessionId);
  const more = [
    await deleteMembersOf(ctx, sessionId, PURGE_BATCH),
    (await deleteWaitsOf(ctx, sessionId, PURGE_BATCH)).length === PURGE_BATCH,
    await deleteProposalsOf(ctx, sessionId, PURGE_BATCH),
    await deleteMaterialsOf(ctx, sessionId, PURGE_BATCH),
    await deleteSignalsOf(ctx, sessionId, PURGE_BATCH),
    await deletePeopleOf(ctx, sessionId, PURGE_BATCH),
    await deleteChatOf(ctx, sessionId, PURGE_BATCH),
    !(await Events.sessionPurged(ctx, sessionId)),
  ];
  if (more.includes(true)) await ctx.scheduler.runAfter(0, internal.tutoring.sweep.purgeRest, { sessionId });
}

/**
 * A moderator lets a session be joined, who is not its creator unless there is no other. Repeating it changes nothing;
 * another status is refused.
 */
export async function approveSession(act: UserAct, { id }: { id: number }): Promise<void> {
  const { principal, now } = act;
  const session = await requireSession(act, id);
  await requireModerator(act, session);
  if (session.status === "approved") return;
  if (session.status !== "pending_approval" || session.startsAt <= now)
    throw refused("Session is not awaiting approval");
  await setStatus(act, session, await requireSeatFigures(act, session._id), "approved");
  await setClock(act, { ...session, status: "approved" }, now);
  // Nobody needs telling what they have done themselves.
  if (session.creatorId !== principal.user._id) await Events.sessionApproved(act, session);
  await auditAct(act, "approved", session);
}

/** Ends all seats: by the creator or anybody who has one. */
export async function cancelSession(act: UserAct, { id }: { id: number }): Promise<void> {
  const { now } = act;
  const { user } = act.principal;
  const session = await requireSession(act, id);
  if (session.creatorId !== user._id && !(await findMember(act, session._id, user._id))?.seat) throw notAuthorized();
  const figures = await requireSeatFigures(act, session._id);
  requireNotEnded(session, figures, now);
  const seated = await listSeatedUsers(act, session._id);
  await setStatus(act, session, figures, "cancelled");
  await stopClock(act, session._id);
  await act.scheduler.runAfter(0, internal.tutoring.rooms.sweep.turn, { sessionId: session._id });
  await Events.sessionCancelled(act, session, [
    ...seated,
    ...(session.creatorId === user._id ? [] : [session.creatorId]),
  ]);
  await auditAct(act, "cancelled", session);
}
