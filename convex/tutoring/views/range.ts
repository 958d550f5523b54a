/** Sessions by their start, and those that one can still join: for filters of lists, and for calendars. */
import type { QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { invalid } from "../../lib/errors";
import { DAY_MS } from "../../lib/time";
import { isModerator } from "../booking/moderators";
import { requireSeatFigures } from "../booking/seatFigures";
import { countFreeSeats, isOpen } from "../rules";
import { STATUSES, type Status } from "../shapes";
import type { CalendarEntry } from "./shapes";
import { formatName } from "../booking/persons";
import type { Session } from "../booking/sessionRows";

type ReadCtx = { db: QueryCtx["db"] };

/** ms: starts from `from` on, before `to`. With `freeSeats` only sessions that can be joined and are not full. */
export type Range = { from?: number; to?: number; freeSeats?: boolean };

export const isRanged = ({ from, to, freeSeats = false }: Range): boolean =>
  from !== undefined || to !== undefined || freeSeats;

export const isWithin = ({ startsAt }: Session, { from = -Infinity, to = Infinity }: Range): boolean =>
  startsAt >= from && startsAt < to;

/** Of the sessions of each status in a range, more are not looked at: those next to its given end are. */
const OF_STATUS_MAX = 500;

/** Finds sessions by their start. A list with an end alone reads backward from there. */
export async function listByStart(viewer: Viewer, wanted: Range & { status?: string }): Promise<Session[]> {
  const { from = -Infinity, to = Infinity, status, freeSeats } = wanted;
  const statuses = STATUSES.filter((each) => (status === undefined || each === status) && (!freeSeats || isOpen(each)));
  const ofStatus = (each: Status) =>
    viewer.db
      .query("tutoringSessions")
      .withIndex("by_tenantId_and_status_and_startsAt", (q) =>
        q.eq("tenantId", viewer.principal.tenantId).eq("status", each).gte("startsAt", from).lt("startsAt", to),
      )
      .order(wanted.from === undefined && wanted.to !== undefined ? "desc" : "asc")
      .take(OF_STATUS_MAX);
  return (await Promise.all(statuses.map(ofStatus))).flat();
}

/**
 * The sessions that can be joined and have a seat that nobody has or is offered, if only they are wanted. Reads their
 * seat figures.
 */
export async function keepFree(ctx: ReadCtx, sessions: Session[], { freeSeats }: Range): Promise<Session[]> {
  if (!freeSeats) return sessions;
  const open = sessions.filter(({ status }) => isOpen(status));
  const isFree = await Promise.all(open.map(async ({ _id }) => countFreeSeats(await requireSeatFigures(ctx, _id)) > 0));
  return open.filter((_, index) => isFree[index]);
}

/** A calendar shows a month with the weeks around it. */
const CALENDAR_MAX_MS = 62 * DAY_MS;
const PARTS_MAX = 1_000;

/** The sessions of a calendar, by their start. Those of others that await approval are for moderators. */
export async function listCalendar(viewer: Viewer, span: { from: number; to: number }): Promise<CalendarEntry[]> {
  if (!(span.to - span.from <= CALENDAR_MAX_MS)) throw invalid({ to: ["Must lie at most 62 days after `from`."] });
  const { user } = viewer.principal;
  const parts = await viewer.db
    .query("tutoringMembers")
    .withIndex("by_userId_and_sessionCreatedAt", (q) => q.eq("userId", user._id))
    .order("desc")
    .take(PARTS_MAX);
  const seated = new Set(parts.flatMap(({ seat, sessionId }) => (seat ? [sessionId] : [])));
  return (await listByStart(viewer, span))
    .map((session) => ({ session, isMine: session.creatorId === user._id || seated.has(session._id) }))
    .filter(({ session, isMine }) => session.status !== "pending_approval" || isMine || isModerator(viewer))
    .sort((a, b) => a.session.startsAt - b.session.startsAt)
    .map(({ session, isMine }) => ({
      id: session.publicId,
      title: session.title,
      subject: session.subject,
      level: session.level,
      tutor: formatName(session.creator),
      date: session.startsAt,
      duration: session.durationMinutes,
      status: session.status,
      isMine,
    }));
}
