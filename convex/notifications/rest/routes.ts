/** Notifications of notifications/README §6.13 over HTTP. */
import { internal } from "../../_generated/api";
import { declare, restDomain } from "../../rest/domain";
import { read, write } from "../../rest/transaction";
import { integerId, json, SECURITY } from "../../rest/schemas/fields";
import { z } from "../../rest/schemas/zod";

const ErrorBody = z
  .object({
    detail: z.string().optional(),
    error: z.string().optional(),
    fields: z.record(z.string(), z.array(z.string())).optional(),
  })
  .openapi("NotificationError");

const Notification = z
  .object({
    id: z.int(),
    user: z.int(),
    title: z.string(),
    message: z.string(),
    type: z.enum(["reminder", "booking_request", "session_update", "general"]),
    session: z.int().nullable().describe("The tutoring session it is about"),
    read: z.boolean(),
    created_at: z.iso.datetime(),
  })
  .openapi("Notification");
const Done = z.object({ message: z.string() }).openapi("NotificationMarked");

export const notificationRest = restDomain(
  ({ message, fields }, status) => ({
    ...(status === 401 || status === 404 ? { detail: message } : { error: message }),
    ...(fields && { fields }),
  }),
  ErrorBody,
  ["/api/notifications/*"],
);

const TAGS = ["Notifications"];
const params = z.object({ id: integerId() });
const pattern = { id: "[0-9]+" };

declare(notificationRest, {
  contract: {
    method: "get",
    path: "/api/notifications/",
    tags: TAGS,
    summary: "One's notifications, newest first",
    description: 'At most 200; `Link: rel="next"` leads to older ones.',
    security: SECURITY,
    request: {
      query: z.object({
        before: z
          .string()
          .regex(/^\d{1,15}(\.\d{1,9})?$/, "Must be a place that a Link header gave.")
          .transform(Number)
          .optional(),
      }),
    },
    responses: { 200: json(z.array(Notification), "Notifications", "Link") },
  },
  run: (request) => read(request, internal.notifications.rest.transactions.list, request.query),
});

declare(notificationRest, {
  contract: {
    method: "get",
    path: "/api/notifications/{id}/",
    tags: TAGS,
    summary: "One notification",
    security: SECURITY,
    request: { params },
    responses: { 200: json(Notification, "The notification") },
  },
  pattern,
  run: (request) => read(request, internal.notifications.rest.transactions.one, request.params),
});

declare(notificationRest, {
  contract: {
    method: "post",
    path: "/api/notifications/{id}/mark_as_read/",
    tags: TAGS,
    summary: "Mark one as read",
    security: SECURITY,
    request: { params },
    responses: { 200: json(Done, "Marked") },
  },
  pattern,
  run: (request) => write(request, internal.notifications.rest.transactions.markRead, request.params),
});

declare(notificationRest, {
  contract: {
    method: "post",
    path: "/api/notifications/mark_all_as_read/",
    tags: TAGS,
    summary: "Mark all as read",
    security: SECURITY,
    responses: { 200: json(Done, "Marked") },
  },
  run: (request) => write(request, internal.notifications.rest.transactions.markAllRead, {}),
});
