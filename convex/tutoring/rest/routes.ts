/** tutoring/README §6 over HTTP. Paths end in a slash; which error body applies is decided in `shape`. */
import { z } from "../../rest/schemas/zod";
import { internal } from "../../_generated/api";
import { declare, restDomain } from "../../rest/domain";
import { read, write } from "../../rest/transaction";
import type { ToErrorBody } from "../../rest/request";
import { text } from "../../lib/schemas/fields";
import { DAY_MS, parseTime } from "../../lib/time";
import { errors, integerId, json, queryInteger, SECURITY } from "../../rest/schemas/fields";
import { wireBody } from "../../rest/schemas/wire";
import { Changes, Draft, OfUser, SeatRequest } from "../inputs";
import { declareAttendance } from "./attendance";
import { declareCalendars } from "./calendar";
import { declareHosting } from "./hostRoutes";
import { declareMaterials } from "./materialRoutes";
import { declareSharing } from "./shareRoutes";
import { declareWaitlist } from "./waitlistRoutes";
import { BookingRequest, Done, ErrorBody, MySessions, READ_ONLY, Session, SessionList, UNCHANGED } from "./schemas";

/** `{detail}` for 401, unknown objects and material permission; `{error}` for the rest. */
const toErrorBody: ToErrorBody = ({ message, fields, missing }, status, c) => {
  const detail =
    status === 401 ||
    (status === 404 && missing !== "request") ||
    (status === 403 && c.req.path.includes("/materials/"));
  return {
    ...(detail ? { detail: message } : { error: message }),
    ...(fields && Object.keys(fields).length > 0 && { fields }),
  };
};

export const tutoringRest = restDomain(toErrorBody, ErrorBody, [
  "/api/sessions/:id{[0-9]+}/:rest{.+/}",
  "/api/calendar/:rest{.*}",
]);

const TAGS = ["Tutoring"];
const pattern = { id: "[0-9]+" };
const params = z.object({ id: integerId() });
const SessionDraft = wireBody("TutoringSessionDraft", Draft);
const SessionChanges = wireBody("TutoringSessionChanges", Changes);
const SeatRequestBody = wireBody("JoinTutoringSession", SeatRequest.omit({ id: true }));
const RequestBody = wireBody("BookingRequestOfUser", OfUser.omit({ id: true }));
const body = <S extends z.ZodType>(schema: S, required = true) => ({
  content: { "application/json": { schema } },
  required,
});

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A bound of starts: an RFC 3339 time, or a date in UTC, which stands for its beginning and `dayMs` more. */
const startBound = (description: string, dayMs = 0) =>
  z
    .string()
    .transform((value, ctx) => {
      const day = DAY.test(value) ? parseTime(`${value}T00:00:00Z`) : null;
      const ms = day === null ? parseTime(value) : day + dayMs;
      if (ms === null) ctx.addIssue({ code: "custom", message: "Must be a date, or an RFC 3339 time with an offset." });
      return ms ?? z.NEVER;
    })
    .openapi({ type: "string" })
    .describe(description);

declare(tutoringRest, {
  contract: {
    method: "get",
    path: "/api/sessions/",
    tags: TAGS,
    summary: "Sessions, newest first",
    description:
      'A bare array of at most 200 with `Link: rel="next"`; with `page` or `page_size` an object with `count`, `next`, `previous` and `results`.',
    security: SECURITY,
    request: {
      query: z.object({
        // Unknown values match no session.
        status: z.string().optional(),
        subject: z.string().optional().describe("Part of the subject, in any case"),
        level: z.string().optional(),
        search: text({ max: 200 }).optional().describe("Words in title, subject, description and creator"),
        from: startBound("Starts then or later; a date alone is its beginning in UTC").optional(),
        to: startBound("Starts before then; a date alone counts with that day", DAY_MS).optional(),
        free_seats: z
          .enum(["true", "false"])
          .optional()
          .describe("`true`: only sessions that can be joined and have a free seat"),
        page: queryInteger({ min: 1, max: 1_000_000 }).optional(),
        page_size: queryInteger({ min: 1, max: 100 }).optional(),
        before: z
          .string()
          .regex(/^\d{1,16}(\.\d{1,16})?$/, "Must be a place that a Link header gave.")
          .transform(Number)
          .optional(),
      }),
    },
    responses: { 200: json(SessionList, "Sessions", "Link", "ETag"), 304: UNCHANGED },
  },
  etag: true,
  run: (request) => {
    const { page_size: pageSize, free_seats: freeSeats, ...query } = request.query;
    return read(request, internal.tutoring.rest.transactions.list, {
      ...query,
      freeSeats: freeSeats === "true",
      ...(pageSize !== undefined && { pageSize }),
    });
  },
});

declare(tutoringRest, {
  contract: {
    method: "post",
    path: "/api/sessions/",
    tags: TAGS,
    summary: "Offer a session",
    security: SECURITY,
    request: { body: body(SessionDraft) },
    responses: { 201: json(Session, "Awaits approval") },
  },
  readOnly: READ_ONLY,
  run: (request) => write(request, internal.tutoring.rest.transactions.create, request.body),
});

declare(tutoringRest, {
  contract: {
    method: "get",
    path: "/api/sessions/my_sessions/",
    tags: TAGS,
    summary: "Sessions that the caller gives and takes part in",
    security: SECURITY,
    responses: { 200: json(MySessions, "Sessions", "ETag"), 304: UNCHANGED },
  },
  etag: true,
  run: (request) => read(request, internal.tutoring.rest.transactions.mine, {}),
});

declare(tutoringRest, {
  contract: {
    method: "get",
    path: "/api/sessions/{id}/",
    tags: TAGS,
    summary: "A session",
    security: SECURITY,
    request: { params },
    responses: { 200: json(Session, "The session as the caller sees it", "ETag"), 304: UNCHANGED },
  },
  pattern,
  etag: true,
  run: (request) => read(request, internal.tutoring.rest.transactions.one, request.params),
});

for (const [method, schema, summary] of [
  ["put", SessionDraft, "State all terms of a session anew"],
  ["patch", SessionChanges, "Change some terms of a session"],
] as const)
  declare(tutoringRest, {
    contract: {
      method,
      path: "/api/sessions/{id}/",
      tags: TAGS,
      summary,
      security: SECURITY,
      request: { params, body: body<z.ZodType<Changes>>(schema) },
      responses: { 200: json(Session, "The session"), ...errors(ErrorBody, 403) },
    },
    pattern,
    readOnly: READ_ONLY,
    run: (request) =>
      write(request, internal.tutoring.rest.transactions.update, { ...request.params, ...request.body }),
  });

declare(tutoringRest, {
  contract: {
    method: "delete",
    path: "/api/sessions/{id}/",
    tags: TAGS,
    summary: "Delete a session with all that belongs to it",
    security: SECURITY,
    request: { params },
    responses: { 204: { description: "Deleted" }, ...errors(ErrorBody, 403) },
  },
  pattern,
  run: (request) => write(request, internal.tutoring.rest.transactions.remove, request.params),
});

declare(tutoringRest, {
  contract: {
    method: "post",
    path: "/api/sessions/{id}/join/",
    tags: TAGS,
    summary: "Ask for a seat",
    security: SECURITY,
    request: { params, body: body(SeatRequestBody, false) },
    responses: { 200: json(BookingRequest, "The request") },
  },
  pattern,
  countedByWrite: true,
  run: (request) => write(request, internal.tutoring.rest.transactions.join, { ...request.params, ...request.body }),
});

for (const [verb, mutation, summary] of [
  ["approve_request", internal.tutoring.rest.transactions.approveRequest, "Give a requester a seat"],
  ["reject_request", internal.tutoring.rest.transactions.rejectRequest, "Turn a request down"],
] as const)
  declare(tutoringRest, {
    contract: {
      method: "post",
      path: `/api/sessions/{id}/${verb}/`,
      tags: TAGS,
      summary,
      security: SECURITY,
      request: { params, body: body(RequestBody) },
      responses: { 200: json(Done, "Done"), ...errors(ErrorBody, 403) },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, mutation, { ...request.params, ...request.body }),
  });

for (const [verb, mutation, summary] of [
  ["cancel", internal.tutoring.rest.transactions.cancel, "Cancel the session for everybody"],
  ["leave", internal.tutoring.rest.transactions.leave, "Free one's seat, or take back one's request"],
  [
    "approve",
    internal.tutoring.rest.transactions.approve,
    "Let the session be joined (permission `moderate_sessions`)",
  ],
] as const)
  declare(tutoringRest, {
    contract: {
      method: "post",
      path: `/api/sessions/{id}/${verb}/`,
      tags: TAGS,
      summary,
      security: SECURITY,
      request: { params },
      responses: { 200: json(Done, "Done"), ...errors(ErrorBody, 403) },
    },
    pattern,
    countedByWrite: true,
    run: (request) => write(request, mutation, request.params),
  });

declareWaitlist(tutoringRest);
declareHosting(tutoringRest);
declareSharing(tutoringRest);
declareCalendars(tutoringRest);
declareAttendance(tutoringRest);
declareMaterials(tutoringRest);
