/** Rules of tutoring sessions (tutoring/README §6), shared with the browser. Times are ms since the epoch, UTC. */
import { foldCase } from "../lib/folding/search";
import { cleanText } from "../lib/text";
import { HOUR_MS, isWritable, MINUTE_MS, parseTime } from "../lib/time";
import type { Status } from "./shapes";

export const TITLE_MAX = 200;
export const SUBJECT_MAX = 100;
export const DESCRIPTION_MAX = 10_000;
export const MESSAGE_MAX = 2_000;
export const DURATION_MAX_MINUTES = 1_440;
export const PARTICIPANTS_MAX = 1_000;
export const PARTICIPANTS_DEFAULT = 10;
/** Offsets of real places lie within UTC−12…UTC+14. */
export const OFFSET_MAX_MINUTES = 840;

/** Sessions that one weekly offer makes. */
export const WEEKS_MIN = 2;
export const WEEKS_MAX = 26;

export const MATERIALS_MAX = 100;
export const NOTE_MAX = 10_000;
/** Characters of the notes that a room shares. */
export const NOTES_MAX = 50_000;
export const FILE_NAME_MAX = 255;
export const URL_MAX = 2_048;
export const FILE_MAX_BYTES = 10 * 1024 * 1024;

/** Which files may be shared; fileTypes.ts knows them by their content. */
export const EXTENSIONS = [
  "pdf",
  "png",
  "jpg",
  "jpeg",
  "gif",
  "webp",
  "txt",
  "md",
  "csv",
  "docx",
  "xlsx",
  "pptx",
] as const;

export const OPEN_STATUSES: readonly Status[] = ["approved", "scheduled"];
export const ENDED_STATUSES: readonly Status[] = ["completed", "cancelled", "expired"];
export const isOpen = (status: Status): boolean => OPEN_STATUSES.includes(status);
export const hasEnded = (status: Status): boolean => ENDED_STATUSES.includes(status);

/** Before the start, latest first. */
export const REMINDERS_BEFORE_MS = [HOUR_MS, 24 * HOUR_MS] as const;

const LOCAL = /^\d{4}-\d{2}-\d{2}[Tt ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

/**
 * When a session starts, from what a form sends (§6.3). A time with an offset or `Z` stands for itself; one without is
 * local, and UTC = local + `offsetMinutes` (as browsers give it, west positive), or UTC when there is none.
 *
 * @returns ms, or null when `date` is no time of the years 1 to 9999 UTC
 */
export function startOf(date: string, offsetMinutes = 0): number | null {
  const text = cleanText(date);
  if (!LOCAL.test(text)) return parseTime(text);
  const asUtc = parseTime(`${text}Z`);
  if (asUtc === null) return null;
  const start = asUtc + offsetMinutes * MINUTE_MS;
  return isWritable(start) ? start : null;
}

export type Timed = { status: Status; startsAt: number; durationMinutes: number };

export const endOf = ({ startsAt, durationMinutes }: Timed): number => startsAt + durationMinutes * MINUTE_MS;

/** The status that a session has reached by `now` (§6.11). */
export function findStatus(session: Timed, participantCount: number, now: number): Status {
  const { status, startsAt } = session;
  if (hasEnded(status) || now < startsAt) return status;
  if (status === "pending_approval") return "expired";
  if (now < endOf(session)) return "ongoing";
  return participantCount > 0 ? "completed" : "expired";
}

/** When the status next changes by itself, or null. */
export function findNextChange(session: Timed): number | null {
  if (hasEnded(session.status)) return null;
  return session.status === "ongoing" ? endOf(session) : session.startsAt;
}

/** The reminder times of a session that will take place. */
export const listReminders = (session: Timed): number[] =>
  isOpen(session.status) ? REMINDERS_BEFORE_MS.map((before) => session.startsAt - before) : [];

/** When a session next needs attention after `coveredUntil`, or null. A change of status that is overdue counts. */
export function findNextDue(session: Timed, coveredUntil: number): number | null {
  const change = findNextChange(session);
  const times = listReminders(session).filter((at) => at > coveredUntil);
  if (change !== null) times.push(change);
  return times.length === 0 ? null : Math.min(...times);
}

/**
 * The reminder to send at `now`: null when none fell due since `coveredUntil`, or the session has begun. When several
 * were missed, the latest speaks for all.
 */
export function findDueReminder(session: Timed, coveredUntil: number, now: number): number | null {
  if (now >= session.startsAt) return null;
  const due = listReminders(session).filter((at) => at > coveredUntil && at <= now);
  return due.length === 0 ? null : Math.max(...due);
}

/** The time that is left, as a reminder says it. */
export function formatTimeLeft(ms: number): string {
  const minutes = Math.max(1, Math.round(ms / MINUTE_MS));
  if (minutes < 60) return `${minutes} ${minutes === 1 ? "minute" : "minutes"}`;
  const hours = Math.round(minutes / 60);
  return `${hours} ${hours === 1 ? "hour" : "hours"}`;
}

/** By which subjects are compared: substring search ignores case, in any language. */
export const toSubjectKey = foldCase;

/** The room is open from so long before the start until so long after the end (§10.3). */
export const ROOM_OPENS_BEFORE_MS = 10 * MINUTE_MS;
export const ROOM_CLOSES_AFTER_MS = 30 * MINUTE_MS;

export const findRoomTimes = (session: Timed) => ({
  opensAt: session.startsAt - ROOM_OPENS_BEFORE_MS,
  closesAt: endOf(session) + ROOM_CLOSES_AFTER_MS,
});

const WITHOUT_ROOM: readonly Status[] = ["pending_approval", "cancelled", "expired"];

/** @param status that the session has reached by `now` */
export function isRoomOpen(session: Timed, status: Status, now: number): boolean {
  const { opensAt, closesAt } = findRoomTimes(session);
  return !WITHOUT_ROOM.includes(status) && now >= opensAt && now < closesAt;
}

/** How long a seat is held for the first who waits (§10.1). */
export const OFFER_MS = 30 * MINUTE_MS;
/** From this long before the start on, free seats are open to everybody. */
export const LAST_OFFER_BEFORE_MS = 15 * MINUTE_MS;

/** Until when a seat would be held that is offered at `now`; null when none is offered any more. */
export function findOfferEnd({ status, startsAt }: Timed, now: number): number | null {
  const latest = startsAt - LAST_OFFER_BEFORE_MS;
  return isOpen(status) && latest > now ? Math.min(now + OFFER_MS, latest) : null;
}

type Counted = {
  participantCount: number;
  maxParticipants: number;
  waiting?: { people: number; held: number } | undefined;
};

/** The seats that nobody has and that are held for nobody. */
export const countFreeSeats = ({ participantCount, maxParticipants, waiting }: Counted): number =>
  maxParticipants - participantCount - (waiting?.held ?? 0);

export const countSpots = (seats: Counted) => ({
  isFull: countFreeSeats(seats) <= 0,
  availableSpots: Math.max(0, countFreeSeats(seats)),
});
