/**
 * The status clock and reminders (tutoring/README §6.11). What is due is found by index, also when no run came at its time. The
 * one module that writes clocks.
 */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import type { TimedCtx } from "../../identity/act";
import { MINUTE_MS } from "../../lib/time";
import * as Events from "../../events/tutoring";
import * as Webhooks from "../../events/tutoringWebhooks";
import { answerRequest, listSeatedUsers, listPendingMembers } from "../booking/memberRows";
import { patchSeatFigures, requireSeatFigures, type SeatFigures } from "../booking/seatFigures";
import { patchSession, type Session } from "../booking/sessionRows";
import { clearWaitlist } from "../booking/waitlistEnd";
import { refreshCard } from "../views/cards";
import { hasEnded, isOpen, findNextDue, findDueReminder, findStatus, formatTimeLeft } from "../rules";

/** The cron's interval; what is due sooner than its next run gets a run of its own. */
export const CLOCK_INTERVAL_MS = 10 * MINUTE_MS;

const findClock = (ctx: MutationCtx, sessionId: Id<"tutoringSessions">) =>
  ctx.db
    .query("tutoringClocks")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/**
 * Sets the clock anew after the session's status, start or length changed at `now`. Reminders whose time is past by
 * then are not sent: they belonged to what was there before. With `keepsStart` they did not, and what is due still
 * comes.
 */
export async function setClock(ctx: MutationCtx, session: Session, now: number, keepsStart = false): Promise<void> {
  const clock = await findClock(ctx, session._id);
  const coveredUntil = keepsStart && clock ? clock.coveredUntil : now;
  const dueAt = findNextDue(session, coveredUntil);
  if (dueAt === null) {
    if (clock) await ctx.db.delete("tutoringClocks", clock._id);
    return;
  }
  if (clock) await ctx.db.patch("tutoringClocks", clock._id, { dueAt, coveredUntil });
  else await ctx.db.insert("tutoringClocks", { sessionId: session._id, dueAt, coveredUntil });
  // A run that finds nothing due does nothing, so it need not be canceled when the time changes again.
  if (dueAt < now + CLOCK_INTERVAL_MS)
    await ctx.scheduler.runAt(Math.max(dueAt, now), internal.tutoring.sweep.runClock, {});
}

export async function stopClock(ctx: MutationCtx, sessionId: Id<"tutoringSessions">): Promise<void> {
  const clock = await findClock(ctx, sessionId);
  if (clock) await ctx.db.delete("tutoringClocks", clock._id);
}

/** Does for one session all that fell due by `now`. → how many members it may have had to read or write. */
export async function advanceClock(ctx: MutationCtx, clock: Doc<"tutoringClocks">, now: number): Promise<number> {
  const session = await ctx.db.get("tutoringSessions", clock.sessionId);
  if (!session) {
    await ctx.db.delete("tutoringClocks", clock._id);
    return 0;
  }
  const figures = await requireSeatFigures(ctx, session._id);
  const status = findStatus(session, figures.participantCount, now);
  const reminder = findDueReminder(session, clock.coveredUntil, now);
  if (reminder !== null) await sendReminder(ctx, session, now);
  if (status !== session.status) await setStatus({ ...ctx, now }, session, figures, status);
  const dueAt = findNextDue({ ...session, status }, now);
  if (dueAt === null) await ctx.db.delete("tutoringClocks", clock._id);
  else await ctx.db.patch("tutoringClocks", clock._id, { dueAt, coveredUntil: now });
  return figures.memberCount;
}

async function sendReminder(ctx: MutationCtx, session: Session, now: number): Promise<void> {
  await Events.reminderDue(ctx, session, formatTimeLeft(session.startsAt - now), [
    session.creatorId,
    ...(await listSeatedUsers(ctx, session._id)),
  ]);
}

/**
 * Moves the status. An end also turns down the requests that nobody answered, and with the start nobody waits any more.
 * The clock is the caller's to set where times change.
 *
 * @param figures as they are now
 */
export async function setStatus(
  ctx: TimedCtx,
  session: Session,
  figures: SeatFigures,
  status: Session["status"],
): Promise<void> {
  const updatedAt = Math.max(ctx.now, session._creationTime);
  await patchSession(ctx, session, { status, updatedAt });
  let { pendingRequestCount } = figures;
  if (hasEnded(status) && pendingRequestCount > 0) pendingRequestCount -= await rejectPending(ctx, session);
  const after = { ...session, status, updatedAt };
  const endsWaiting = figures.waiting !== undefined && !isOpen(status);
  await patchSeatFigures(ctx, figures, { status, pendingRequestCount, ...(endsWaiting && { waiting: undefined }) });
  if (endsWaiting) await clearWaitlist(ctx, after);
  await refreshCard(ctx, after, figures.memberCount);
  await Webhooks.sessionMoved(ctx, after);
}

const REJECT_BATCH = 500;

/** → how many were turned down. What is left is turned down by transactions that follow. */
export async function rejectPending(ctx: MutationCtx, session: Session): Promise<number> {
  const pending = await listPendingMembers(ctx, session._id, REJECT_BATCH);
  for (const member of pending) {
    await answerRequest(ctx, member, { status: "rejected" });
    await Events.requestSettled(ctx, session, member.userId);
  }
  await Webhooks.requestsLapsed(ctx, session._id, pending);
  if (pending.length === REJECT_BATCH)
    await ctx.scheduler.runAfter(0, internal.tutoring.sweep.rejectRest, { sessionId: session._id });
  return pending.length;
}
