/** The REST shapes of webhooks/README §11; wire.ts fills them. */
import { z } from "../../rest/schemas/zod";
import { ALL_EVENTS, EVENT_TYPES } from "../writer";

export const ErrorBody = z
  .object({
    error: z.object({
      code: z.string(),
      message: z.string(),
      fields: z.record(z.string(), z.array(z.string())).optional(),
    }),
  })
  .openapi("WebhookError");

const endpoint = {
  id: z.uuid(),
  url: z.string(),
  events: z.array(z.enum([ALL_EVENTS, ...EVENT_TYPES])),
  description: z.string(),
  enabled: z.boolean(),
  created_at: z.iso.datetime(),
};

export const Endpoint = z.object(endpoint).openapi("Webhook");
export const EndpointList = z.array(Endpoint).openapi("Webhooks");
export const EndpointWithSecret = z
  .object({
    ...endpoint,
    secret: z.string().optional().describe("`whsec_…`. Told once: a replay under its Idempotency-Key leaves it out"),
  })
  .openapi("WebhookWithSecret");

export const Delivery = z
  .object({
    id: z.uuid(),
    event_id: z.uuid(),
    type: z.string(),
    status: z.enum(["pending", "delivered", "failed"]),
    attempts: z.array(
      z.object({
        at: z.iso.datetime(),
        code: z.int().nullable().describe("Status of the answer; null without one"),
        answer: z.string().nullable().describe("Its first KiB"),
        error: z.string().nullable(),
      }),
    ),
  })
  .openapi("WebhookDelivery");

export const DeliveryPage = z
  .object({ results: z.array(Delivery), next: z.string().nullable().describe("`cursor` of the next page") })
  .openapi("WebhookDeliveries");
