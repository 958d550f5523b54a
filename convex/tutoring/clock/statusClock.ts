/**
 * The status clock and reminders (tutoring/README §6.11): says when a session next needs attention, and gives it. What
 * is due is found by index, also when no run came at its time. The one module that writes clocks.
 */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import { MINUTE_MS } from "../../lib/time";
import * as Events from "../../events/tutoring";
import { listSeatedUsers } from "../booking/memberRows";
import { requireSeatFigures } from "../booking/seatFigures";
import type { Session } from "../booking/sessionRows";
import { setStatus } from "../booking/status";
import { findNextDue, findDueReminder, findStatus, formatTimeLeft } from "../rules";

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

export type Advance = {
  /** How many members it may have had to read or write. */
  members: number;
  /** When the session next needs attention. */
  dueAt: number | null;
};

/** Does for one session all that fell due by `now`. */
export async function advanceClock(ctx: MutationCtx, clock: Doc<"tutoringClocks">, now: number): Promise<Advance> {
  const session = await ctx.db.get("tutoringSessions", clock.sessionId);
  if (!session) {
    await ctx.db.delete("tutoringClocks", clock._id);
    return { members: 0, dueAt: null };
  }
  const figures = await requireSeatFigures(ctx, session._id);
  const status = findStatus(session, figures.participantCount, now);
  const reminder = findDueReminder(session, clock.coveredUntil, now);
  if (reminder !== null) await sendReminder(ctx, session, now);
  if (status !== session.status) await setStatus({ ...ctx, now }, session, figures, status);
  const dueAt = findNextDue({ ...session, status }, now);
  if (dueAt === null) await ctx.db.delete("tutoringClocks", clock._id);
  else await ctx.db.patch("tutoringClocks", clock._id, { dueAt, coveredUntil: now });
  return { members: figures.memberCount, dueAt };
}

async function sendReminder(ctx: MutationCtx, session: Session, now: number): Promise<void> {
  await Events.reminderDue(ctx, session, formatTimeLeft(session.startsAt - now), [
    session.creatorId,
    ...(await listSeatedUsers(ctx, session._id)),
  ]);
}
