/** The REST shapes of tutoring/README §6, for validation and the OpenAPI document. */
import { headers } from "../../rest/schemas/headers";
import { z } from "../../rest/schemas/zod";
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
export const RepeatedSessions = z.array(Session);
export const MySessions = z
  .object({ created: z.array(Session), joined: z.array(Session) })
  .openapi("MyTutoringSessions");
export const Place = z.object({ position: z.int().describe("1 for the first who waits") }).openapi("WaitingListPlace");
export const Waitlist = z.array(
  z
    .object({
      user: User,
      position: z.int(),
      since: z.iso.datetime(),
      offer_expires_at: z.iso.datetime().nullable().describe("Until when a seat is held; null while none is"),
    })
    .openapi("WaitingListEntry"),
);
export const Proposals = z.array(
  z
    .object({ user: User, date: z.iso.datetime().describe("The proposed start"), proposed_at: z.iso.datetime() })
    .openapi("TimeProposal"),
);
export const Attendance = z.array(
  z
    .object({
      user: User,
      first_joined_at: z.iso.datetime(),
      last_left_at: z.iso.datetime().nullable().describe("null while inside"),
      seconds: z.int().describe("All visits together"),
    })
    .openapi("Attendance"),
);
export const Feed = z.object({ url: z.url() }).openapi("CalendarFeed");
export const SharedLink = z
  .object({ url: z.url().nullable().describe("Shows the session without sign-in; null while there is no link") })
  .openapi("SessionLink");
export const SharedSession = z
  .object({
    title: z.string(),
    subject: z.string(),
    tutor: z.string().describe("The name of who gives it"),
    date: z.iso.datetime(),
    duration: z.int().describe("Minutes"),
    status: z.enum(STATUSES),
    available_spots: z.int(),
  })
  .openapi("SharedTutoringSession");
export const Done = z.object({ message: z.string() }).openapi("TutoringDone");

/** The answer to `If-None-Match` with the present ETag. */
export const UNCHANGED = { description: "Unchanged since the ETag of `If-None-Match`", headers: headers("ETag") };

/** Fields of an answer that clients may send back, which are ignored. */
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

/** Answers as clients read them. */
export type WireSession = z.infer<typeof Session>;
export type WireRequest = z.infer<typeof BookingRequest>;
export type WireAttendance = z.infer<typeof Attendance>[number];
export type WireProposal = z.infer<typeof Proposals>[number];
export type WireShared = z.infer<typeof SharedSession>;
export type WireWait = z.infer<typeof Waitlist>[number];
export type WireMaterial = z.infer<typeof Material>;
