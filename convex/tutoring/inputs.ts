/** Inputs of the commands (tutoring/README §6): the one place that says which values are taken. */
import { zid } from "convex-helpers/server/zod4";
import { text } from "../lib/schemas/fields";
import { z } from "../lib/schemas/zod";
import { isTimeZone } from "../lib/zones";
import {
  DESCRIPTION_MAX,
  DURATION_MAX_MINUTES,
  FILE_NAME_MAX,
  MESSAGE_MAX,
  NOTE_MAX,
  NOTES_MAX,
  OFFSET_MAX_MINUTES,
  PARTICIPANTS_MAX,
  startOf,
  SUBJECT_MAX,
  TITLE_MAX,
  URL_MAX,
  WEEKS_MAX,
  WEEKS_MIN,
} from "./rules";
import { LEVELS } from "./shapes";

/** The integer id of a session. */
export const OfSession = z.strictObject({ id: z.number() });

/** The terms of a session. */
export const Draft = z.strictObject({
  title: text({ min: 1, max: TITLE_MAX }),
  description: text({ min: 1, max: DESCRIPTION_MAX }),
  subject: text({ min: 1, max: SUBJECT_MAX }),
  level: z.enum(LEVELS),
  date: z
    .string()
    .refine((date) => startOf(date) !== null, "Must be a time such as 2026-05-01T18:00:00Z.")
    .describe("RFC 3339; without an offset it is local, and `timezone_offset` tells which"),
  duration: z.int().min(1).max(DURATION_MAX_MINUTES).describe("Minutes"),
  maxParticipants: z.int().min(1).max(PARTICIPANTS_MAX).optional(),
  timezoneOffset: z
    .int()
    .min(-OFFSET_MAX_MINUTES)
    .max(OFFSET_MAX_MINUTES)
    .optional()
    .describe("Minutes to add to local time for UTC, as browsers give it"),
});
export type Draft = z.output<typeof Draft>;

export const Changes = Draft.partial();
export type Changes = z.output<typeof Changes>;

/** Terms of which a session is made every week; `date` is the first of them. */
export const WeeklyDraft = Draft.extend({
  weeks: z.int().min(WEEKS_MIN).max(WEEKS_MAX),
  timeZone: z.string().refine(isTimeZone, "Must be a time zone such as Europe/Brussels."),
});
export type WeeklyDraft = z.output<typeof WeeklyDraft>;

/** The weeks after a session for which it is made once more. */
export const Repetition = OfSession.extend({
  weeks: z
    .int()
    .min(WEEKS_MIN - 1)
    .max(WEEKS_MAX - 1)
    .describe("How many sessions to make, a week apart"),
  timeZone: WeeklyDraft.shape.timeZone.describe("IANA; the local time there stays the same when its clocks change"),
});
export type Repetition = z.output<typeof Repetition>;

/** Another start of a session, as a draft states one. */
export const TimeProposal = OfSession.extend({
  date: Draft.shape.date,
  timezoneOffset: Draft.shape.timezoneOffset,
});
export type TimeProposal = z.output<typeof TimeProposal>;

export const SeatRequest = OfSession.extend({ message: text({ max: MESSAGE_MAX }).default("") });

/**
 * Names a user of a session, by integer ids: who has asked for a seat or has one, proposes a time or is at the room.
 */
export const OfUser = OfSession.extend({ userId: z.int() });

export const ParticipantMessage = OfSession.extend({ message: text({ min: 1, max: MESSAGE_MAX }) });

export const ChatMessage = OfSession.extend({ text: text({ min: 1, max: MESSAGE_MAX }) });

/** `base` is what the page last got, `text` what its user made of it. */
export const NotesChange = OfSession.extend({
  base: z.string().max(NOTES_MAX),
  text: z.string().max(NOTES_MAX),
});

/** A material as it is sent; which fields its type needs is checked with the row. */
export const MaterialDraft = z.strictObject({
  title: text({ min: 1, max: TITLE_MAX }),
  type: z.enum(["file", "link", "note"]),
  url: text({ max: URL_MAX }).optional(),
  content: text({ max: NOTE_MAX }).optional(),
  fileName: text({ max: FILE_NAME_MAX }).optional().describe("Its ending says what the file is"),
  /** The bytes of a file, stored already. */
  storageId: zid("_storage").optional(),
});
export type MaterialDraft = z.output<typeof MaterialDraft>;

const ofSession = { sessionId: z.number() };
export const NewMaterial = MaterialDraft.extend(ofSession);
export type NewMaterial = z.output<typeof NewMaterial>;
export const OfMaterial = z.strictObject({ ...ofSession, id: z.number() });
export type OfMaterial = z.output<typeof OfMaterial>;
export const MaterialUpdate = MaterialDraft.extend(OfMaterial.shape);
