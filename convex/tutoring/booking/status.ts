/** The status of a session, and what changes with it. */
import { internal } from "../../_generated/api";
import type { MutationCtx } from "../../_generated/server";
import * as Events from "../../events/tutoring";
import type { TimedCtx } from "../../identity/act";
import { hasEnded, isOpen } from "../rules";
import { refreshCard } from "../views/cards";
import { answerRequest, listPendingMembers } from "./memberRows";
import { patchSeatFigures, type SeatFigures } from "./seatFigures";
import { patchSession, type Session } from "./sessionRows";
import { clearWaitlist } from "./waitlistEnd";

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
  await Events.statusMoved(ctx, after);
}

const REJECT_BATCH = 500;

/** → how many were turned down. What is left is turned down by transactions that follow. */
export async function rejectPending(ctx: MutationCtx, session: Session): Promise<number> {
  const pending = await listPendingMembers(ctx, session._id, REJECT_BATCH);
  for (const member of pending) await answerRequest(ctx, member, { status: "rejected" });
  await Events.requestsLapsed(ctx, session, pending);
  if (pending.length === REJECT_BATCH)
    await ctx.scheduler.runAfter(0, internal.tutoring.sweep.rejectRest, { sessionId: session._id });
  return pending.length;
}
