/**
 * The webhook events of tutoring: objects in their REST shape (tutoring/README §6) as anybody in the tenant sees them,
 * so without requests and with blank materials; besides without email addresses and without what requesters wrote.
 * Tutoring itself calls `events/tutoring.ts` alone, which passes on to here.
 */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import { toWireTime } from "../lib/time";
import { encodeCard, toWireUser } from "../tutoring/rest/wire";
import { showTo } from "../tutoring/views/audience";
import { assembleView, getCard } from "../tutoring/views/cards";
import { showRequest, showUser, type Asking } from "../tutoring/views/view";
import { writeEvent, type EventType } from "../webhooks/writer";
import type { Session } from "../tutoring/booking/sessionRows";

type Member = Doc<"tutoringMembers">;

const withoutEmail = (text: string): object =>
  JSON.parse(text, (name, value: unknown) => (name === "email" ? undefined : value)) as object;

/** @param session as it is now, with its card up to date */
async function describeSession(ctx: MutationCtx, session: Session): Promise<object> {
  const { text } = await getCard(ctx, session._id);
  return withoutEmail(text ?? encodeCard(showTo(await assembleView(ctx, session), { kind: "anyone" })));
}

function describeRequest(session: Session, member: Asking): object {
  const { id, session: sessionId, status, requestedAt } = showRequest(session, member);
  const user = withoutEmail(JSON.stringify(toWireUser(showUser(member.user))));
  return { id, session: sessionId, user, status, requested_at: toWireTime(requestedAt) };
}

const tell = (ctx: MutationCtx, session: Session, type: EventType): Promise<void> =>
  writeEvent(ctx, session.tenantId, type, () => describeSession(ctx, session));

/** One that needs no moderator is approved with that. */
export async function sessionCreated(ctx: MutationCtx, session: Session): Promise<void> {
  await tell(ctx, session, "tutoring.session.created");
  if (session.status === "approved") await tell(ctx, session, "tutoring.session.approved");
}

export const sessionUpdated = (ctx: MutationCtx, session: Session): Promise<void> =>
  tell(ctx, session, "tutoring.session.updated");

const BY_STATUS: Partial<Record<Session["status"], EventType>> = {
  approved: "tutoring.session.approved",
  cancelled: "tutoring.session.cancelled",
  completed: "tutoring.session.completed",
};

/** The status has moved; to those without an event of their own it is an update. */
export const statusMoved = (ctx: MutationCtx, session: Session): Promise<void> =>
  tell(ctx, session, BY_STATUS[session.status] ?? "tutoring.session.updated");

const BY_ANSWER: Record<Member["request"]["status"], EventType> = {
  pending: "tutoring.request.created",
  approved: "tutoring.request.approved",
  rejected: "tutoring.request.rejected",
};

/** A request was made or answered, which its status says. */
export async function requestMoved(ctx: MutationCtx, session: Session, member: Asking): Promise<void> {
  const { status } = member.request;
  await writeEvent(ctx, session.tenantId, BY_ANSWER[status], () => describeRequest(session, member));
}

/** Somebody who had a seat gave it up. */
export async function participantLeft(ctx: MutationCtx, session: Session, { user, seat }: Member): Promise<void> {
  if (!seat) return;
  await writeEvent(ctx, session.tenantId, "tutoring.participant.left", () => ({
    id: seat.publicId,
    session: session.publicId,
    user: withoutEmail(JSON.stringify(toWireUser(showUser(user)))),
    role: seat.role,
    status: "approved",
    joined_at: toWireTime(seat.joinedAt),
  }));
}
