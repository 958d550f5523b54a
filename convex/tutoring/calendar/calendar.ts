/**
 * Sessions as a calendar file, RFC 5545 (tutoring/README §10.2). The same sessions give the same bytes: nothing in it
 * tells when it was made.
 */
import ical, { ICalCalendarMethod, ICalEventStatus } from "ical-generator";
import type { Session } from "../booking/sessionRows";
import { LAST_TIME_MS } from "../../lib/time";
import { endOf } from "../rules";
import type { Status } from "../shapes";

/** A session in somebody's calendar; `isTentative` when they only wait for a seat. */
export type Entry = { session: Session; isTentative: boolean };

const STATUS: Record<Status, ICalEventStatus> = {
  pending_approval: ICalEventStatus.TENTATIVE,
  approved: ICalEventStatus.CONFIRMED,
  scheduled: ICalEventStatus.CONFIRMED,
  ongoing: ICalEventStatus.CONFIRMED,
  completed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
  expired: ICalEventStatus.CANCELLED,
};

/** Programs that follow a feed are asked to come back after this long. */
const REFRESH_SECONDS = 3600;

/** Text as RFC 5545 (3.3.11) writes it. The library does that for events, not for the calendar's own name. */
const escapeText = (text: string): string =>
  text.replace(/[\\;,]/g, String.raw`\$&`).replace(/\r\n|[\r\n]/g, String.raw`\n`);

/** @param name of the calendar, as programs show it */
export function formatCalendar(name: string, entries: Entry[]): string {
  const calendar = ical({
    name: escapeText(name),
    prodId: { company: "live-sessions", product: "tutoring", language: "EN" },
    method: ICalCalendarMethod.PUBLISH,
    ttl: REFRESH_SECONDS,
  });
  for (const { session, isTentative } of entries) {
    const status = STATUS[session.status];
    const changedAt = new Date(Math.floor(session.updatedAt));
    calendar.createEvent({
      id: `tutoring-${session.publicId}@live-sessions`,
      sequence: session.sequence ?? 0,
      start: new Date(session.startsAt),
      // Calendars know no year 10000.
      end: new Date(Math.min(endOf(session), LAST_TIME_MS)),
      summary: session.title,
      description: session.description,
      categories: [{ name: session.subject }],
      status: isTentative && status === ICalEventStatus.CONFIRMED ? ICalEventStatus.TENTATIVE : status,
      created: new Date(Math.floor(session._creationTime)),
      lastModified: changedAt,
      stamp: changedAt,
    });
  }
  return `${calendar.toString()}\r\n`;
}
