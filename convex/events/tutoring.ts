/**
 * Effects of what happens in a tutoring session, one call for each happening: the notifications that people get; what
 * webhooks tell (`tutoringWebhooks.ts` has their objects); and for analytics, requests and who attended.
 */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { noteEvent } from "../analytics/writer";
import { deleteNotificationsOf, markHandled, notifyUser, notifyUsers } from "../notifications/model";
import type { News } from "../notifications/tables";
import type { Session } from "../tutoring/booking/sessionRows";
import { formatName } from "../tutoring/booking/persons";
import type { Asking } from "../tutoring/views/view";
import * as Webhooks from "./tutoringWebhooks";

/** Happenings that only webhooks tell; those whom they concern are notified of the act that they follow from. */
export { participantLeft, sessionCreated, sessionUpdated, statusMoved } from "./tutoringWebhooks";

type Asker = Asking & Pick<Doc<"tutoringMembers">, "userId">;
/** Somebody who asks for a seat: the member, and the user's own row. */
type Requester = { member: Asker; user: Pick<Doc<"users">, "uuid"> };

const toNews = (type: News["type"], session: Session, title: string, message: string): News => ({
  title,
  message,
  type,
  session: { id: session._id, publicId: session.publicId },
});

export async function seatRequested(ctx: MutationCtx, session: Session, { member, user }: Requester): Promise<void> {
  await notifyUser(ctx, session.creatorId, {
    ...toNews(
      "booking_request",
      session,
      `New booking request for ${session.title}`,
      `${formatName(member.user)} wants to join your session ${session.title}.`,
    ),
    aboutId: member.userId,
  });
  await noteEvent(ctx, session.tenantId, "request_made", user.uuid);
  await Webhooks.requestMoved(ctx, session, member);
}

/** A request for a seat is answered, taken back or over with its session: its creator has nothing left to do. */
export const requestSettled = (ctx: MutationCtx, session: Session, requesterId: Id<"users">): Promise<void> =>
  markHandled(ctx, session.creatorId, { sessionId: session._id, userId: requesterId });

/** @param requester with the member as it was before the answer */
export async function requestAnswered(
  ctx: MutationCtx,
  session: Session,
  { member, user }: Requester,
  answer: "approved" | "rejected",
): Promise<void> {
  await notifyUser(
    ctx,
    member.userId,
    toNews(
      "session_update",
      session,
      `Booking request ${answer} for ${session.title}`,
      `Your request to join ${session.title} has been ${answer}.`,
    ),
  );
  await requestSettled(ctx, session, member.userId);
  if (answer === "approved") await noteEvent(ctx, session.tenantId, "request_approved", user.uuid);
  await Webhooks.requestMoved(ctx, session, { ...member, request: { ...member.request, status: answer } });
}

/** The session has ended before these requests were answered, which turns them down. */
export async function requestsLapsed(ctx: MutationCtx, session: Session, members: Asker[]): Promise<void> {
  for (const member of members) await requestSettled(ctx, session, member.userId);
  for (const member of members)
    await Webhooks.requestMoved(ctx, session, { ...member, request: { ...member.request, status: "rejected" } });
}

export const sessionApproved = (ctx: MutationCtx, session: Session): Promise<void> =>
  notifyUser(
    ctx,
    session.creatorId,
    toNews(
      "session_update",
      session,
      `Session approved: ${session.title}`,
      `Your session ${session.title} has been approved and can be joined.`,
    ),
  );

/** The session has another start or length. */
export const sessionRescheduled = (ctx: MutationCtx, session: Session, userIds: Id<"users">[]): Promise<void> =>
  notifyUsers(
    ctx,
    userIds,
    toNews(
      "session_update",
      session,
      `Session changed: ${session.title}`,
      `${session.title} now starts at ${new Date(session.startsAt).toISOString()} ` +
        `and lasts ${session.durationMinutes} minutes.`,
    ),
  );

export const sessionCancelled = (ctx: MutationCtx, session: Session, userIds: Id<"users">[]): Promise<void> =>
  notifyUsers(
    ctx,
    userIds,
    toNews(
      "session_update",
      session,
      `Session canceled: ${session.title}`,
      `The session ${session.title} has been canceled.`,
    ),
  );

/**
 * A session that was still to come has been deleted. The notification names none, because those of a session go with
 * it.
 */
export const sessionDeleted = (
  ctx: MutationCtx,
  session: Session,
  creatorName: string,
  userIds: Id<"users">[],
): Promise<void> =>
  notifyUsers(ctx, userIds, {
    title: `Session deleted: ${session.title}`,
    message: `${creatorName} has deleted the session ${session.title}.`,
    type: "session_update",
    session: null,
  });

/** A participant's seat was taken by the creator. */
export const participantRemoved = (ctx: MutationCtx, session: Session, userId: Id<"users">): Promise<void> =>
  notifyUser(
    ctx,
    userId,
    toNews(
      "session_update",
      session,
      `You no longer have a seat: ${session.title}`,
      `The tutor has removed you from ${session.title}. You can ask for a seat again.`,
    ),
  );

/** @param told the creator's name, the message and who gets it */
export const participantsTold = (
  ctx: MutationCtx,
  session: Session,
  { from, message, userIds }: { from: string; message: string; userIds: Id<"users">[] },
): Promise<void> =>
  notifyUsers(ctx, userIds, toNews("general", session, `Message from ${from}: ${session.title}`, message));

const toTimeText = (ms: number): string => new Date(ms).toISOString();

/** @param proposer the user who proposes another start */
export const timeProposed = (
  ctx: MutationCtx,
  session: Session,
  proposer: { id: Id<"users">; name: string },
  startsAt: number,
): Promise<void> =>
  notifyUser(
    ctx,
    session.creatorId,
    toNews(
      "session_update",
      session,
      `Another time proposed for ${session.title}`,
      `${proposer.name} proposes that ${session.title} starts at ${toTimeText(startsAt)}.`,
    ),
  );

export const proposalAnswered = (
  ctx: MutationCtx,
  session: Session,
  userId: Id<"users">,
  { answer, startsAt }: { answer: "accepted" | "declined"; startsAt: number },
): Promise<void> =>
  notifyUser(
    ctx,
    userId,
    toNews(
      "session_update",
      session,
      `Proposed time ${answer}: ${session.title}`,
      `Your proposal that ${session.title} starts at ${toTimeText(startsAt)} has been ${answer}.`,
    ),
  );

/** A seat is held for somebody who waits. */
export const seatOffered = (
  ctx: MutationCtx,
  session: Session,
  userId: Id<"users">,
  expiresAt: number,
): Promise<void> =>
  notifyUser(
    ctx,
    userId,
    toNews(
      "session_update",
      session,
      `A seat is free: ${session.title}`,
      `A seat in ${session.title} is held for you until ${new Date(expiresAt).toISOString()}. Accept it before then.`,
    ),
  );

export const offerLapsed = (ctx: MutationCtx, session: Session, userId: Id<"users">): Promise<void> =>
  notifyUser(
    ctx,
    userId,
    toNews(
      "session_update",
      session,
      `Offer expired: ${session.title}`,
      `The seat that was held for you in ${session.title} went to the next person. You are no longer on the waiting list.`,
    ),
  );

/** Somebody who waited took the offered seat, which is a request that was approved with that. */
export async function offerAccepted(ctx: MutationCtx, session: Session, { member, user }: Requester): Promise<void> {
  await notifyUser(
    ctx,
    session.creatorId,
    toNews(
      "session_update",
      session,
      `New participant in ${session.title}`,
      `${formatName(member.user)} took a seat from the waiting list of ${session.title}.`,
    ),
  );
  await noteEvent(ctx, session.tenantId, "request_approved", user.uuid);
  await Webhooks.requestMoved(ctx, session, member);
}

/** The session can no longer be joined. */
export const waitingEnded = (ctx: MutationCtx, session: Session, userIds: Id<"users">[]): Promise<void> =>
  session.status === "cancelled"
    ? sessionCancelled(ctx, session, userIds)
    : notifyUsers(
        ctx,
        userIds,
        toNews(
          "session_update",
          session,
          `No seat became free: ${session.title}`,
          `${session.title} can no longer be joined, so its waiting list has ended.`,
        ),
      );

/** @param timeLeft until the start, such as "1 hour" */
export const reminderDue = (
  ctx: MutationCtx,
  session: Session,
  timeLeft: string,
  userIds: Id<"users">[],
): Promise<void> =>
  notifyUsers(
    ctx,
    userIds,
    toNews("reminder", session, `Reminder: ${session.title}`, `${session.title} starts in ${timeLeft}.`),
  );

/** Somebody has come into the room, for the first time or again. */
export const roomEntered = (ctx: MutationCtx, { tenantId, uuid }: Doc<"users">): Promise<void> =>
  noteEvent(ctx, tenantId, "attended", uuid);

/** A file was not found clean. */
export const fileRefused = (
  ctx: MutationCtx,
  session: Session,
  material: { title: string; fileName: string },
  verdict: { status: "infected" | "error"; reason: string },
): Promise<void> => {
  const infected = verdict.status === "infected";
  return notifyUser(
    ctx,
    session.creatorId,
    toNews(
      "general",
      session,
      `File ${infected ? "rejected" : "not accepted"}: ${material.fileName}`,
      infected
        ? `${material.title} of ${session.title} was deleted. ${verdict.reason}`
        : `${material.title} of ${session.title} cannot be downloaded. ${verdict.reason} ` +
            "Save it again to have it checked again, or replace the file.",
    ),
  );
};

/** Deletes a batch of the notifications about a deleted session; true when all of them are gone. */
export const sessionPurged = (ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<boolean> =>
  deleteNotificationsOf(ctx, sessionId);
