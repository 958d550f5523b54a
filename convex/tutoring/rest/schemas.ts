/** The REST shapes of README §6, for validation and the OpenAPI document. */
import { z } from "@hono/zod-openapi";
import { text } from "../../lib/schemas/fields";
import {
  DESCRIPTION_MAX,
  DURATION_MAX_MINUTES,
  MESSAGE_MAX,
  OFFSET_MAX_MINUTES,
  PARTICIPANTS_MAX,
  startOf,
  SUBJECT_MAX,
  TITLE_MAX,
} from "../rules";
import { LEVELS, STATUSES } from "../shapes";

export const ErrorBody = z
  .object({
    error: z.string().optional(),
    detail: z.string().optional(),
    fields: z.record(z.string(), z.array(z.string())).optional(),
  })
  .openapi("TutoringError");

const User = z
  .object({
    id: z.int(),
    username: z.string(),
    first_name: z.string(),
    last_name: z.string(),
    email: z
      .string()
      .describe("Empty except to oneself and between a session's creator and those who asked or take part"),
    date_joined: z.iso.datetime(),
  })
  .openapi("TutoringUser");

export const BookingRequest = z
  .object({
    id: z.int(),
    session: z.int(),
    user: User,
    message: z.string(),
    status: z.enum(["pending", "approved", "rejected"]),
    requested_at: z.iso.datetime(),
  })
  .openapi("BookingRequest");

export const Material = z
  .object({
    id: z.int(),
    session: z.int(),
    title: z.string(),
    type: z.enum(["file", "link", "note"]),
    url: z.string(),
    file: z.string().nullable().describe("An expiring link; null until the file is found clean"),
    file_name: z.string(),
    uploaded_by: User,
    uploaded_at: z.iso.datetime(),
    content: z.string(),
    scan_status: z.enum(["pending", "clean", "infected", "error"]).nullable(),
  })
  .openapi("SessionMaterial");

export const Session = z
  .object({
    id: z.int(),
    title: z.string(),
    description: z.string(),
    subject: z.string(),
    level: z.enum(LEVELS),
    date: z.iso.datetime(),
    duration: z.int().describe("Minutes"),
    max_participants: z.int(),
    creator: User,
    status: z.enum(STATUSES),
    created_at: z.iso.datetime(),
    updated_at: z.iso.datetime(),
    participants: z.array(
      z
        .object({
          id: z.int(),
          session: z.int(),
          user: User,
          role: z.enum(["student", "tutor"]),
          status: z.string(),
          joined_at: z.iso.datetime(),
        })
        .openapi("Participant"),
    ),
    materials: z.array(Material),
    booking_requests: z.array(BookingRequest),
    is_full: z.boolean(),
    available_spots: z.int(),
    participant_count: z.int(),
    can_join: z.boolean(),
  })
  .openapi("TutoringSession");

export const SessionList = z.union([
  z.array(Session),
  z.object({ count: z.int(), next: z.string().nullable(), previous: z.string().nullable(), results: z.array(Session) }),
]);
export const MySessions = z
  .object({ created: z.array(Session), joined: z.array(Session) })
  .openapi("MyTutoringSessions");
export const Done = z.object({ message: z.string() }).openapi("TutoringDone");

const fields = {
  title: text({ min: 1, max: TITLE_MAX }),
  description: text({ min: 1, max: DESCRIPTION_MAX }),
  subject: text({ min: 1, max: SUBJECT_MAX }),
  level: z.enum(LEVELS),
  date: z
    .string()
    .refine((date) => startOf(date) !== null, "Must be a time such as 2026-05-01T18:00:00Z.")
    .describe("RFC 3339; without an offset it is local, and `timezone_offset` tells which"),
  duration: z.int().min(1).max(DURATION_MAX_MINUTES).describe("Minutes"),
  max_participants: z.int().min(1).max(PARTICIPANTS_MAX).optional(),
  timezone_offset: z
    .int()
    .min(-OFFSET_MAX_MINUTES)
    .max(OFFSET_MAX_MINUTES)
    .optional()
    .describe("Minutes to add to local time for UTC, as browsers give it"),
};

export const SessionDraft = z.strictObject(fields).openapi("TutoringSessionDraft");
export const SessionChanges = z.strictObject(fields).partial().openapi("TutoringSessionChanges");

type Options = { max_participants?: number | undefined; timezone_offset?: number | undefined };
const optionsOf = ({ max_participants, timezone_offset }: Options) => ({
  ...(max_participants !== undefined && { maxParticipants: max_participants }),
  ...(timezone_offset !== undefined && { timezoneOffset: timezone_offset }),
});

/** In the names of the models. */
export const draftOf = (body: z.output<typeof SessionDraft>) => {
  const { title, description, subject, level, date, duration } = body;
  return { title, description, subject, level, date, duration, ...optionsOf(body) };
};
export const changesOf = ({ max_participants, timezone_offset, ...rest }: z.output<typeof SessionChanges>) => ({
  ...rest,
  ...optionsOf({ max_participants, timezone_offset }),
});

/** What clients may send back of a session without it meaning anything. */
export const READ_ONLY = [
  "id",
  "creator",
  "status",
  "created_at",
  "updated_at",
  "participants",
  "materials",
  "booking_requests",
  "is_full",
  "available_spots",
  "participant_count",
  "can_join",
];

export const JoinBody = z
  .strictObject({ message: text({ max: MESSAGE_MAX }).default("") })
  .openapi("JoinTutoringSession");
export const OfUser = z.strictObject({ user_id: z.int() }).openapi("BookingRequestOfUser");
