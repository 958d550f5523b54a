/** Makes the REST answers of webhooks/README §11 from rows. */
import type { z } from "../../rest/schemas/zod";
import { toWireTime } from "../../lib/time";
import type { Delivery as DeliveryRow } from "../deliveryRows";
import type { Endpoint as EndpointRow } from "../endpointRows";
import type { Delivery, Endpoint } from "./schemas";

export const toWireEndpoint = (endpoint: EndpointRow): z.infer<typeof Endpoint> => ({
  id: endpoint.uuid,
  url: endpoint.url,
  events: endpoint.events as z.infer<typeof Endpoint>["events"],
  description: endpoint.description,
  enabled: endpoint.enabled,
  created_at: toWireTime(endpoint.createdAt),
});

export const toWireDelivery = (delivery: DeliveryRow): z.infer<typeof Delivery> => ({
  id: delivery.uuid,
  event_id: delivery.eventUuid,
  type: delivery.type,
  status: delivery.status,
  attempts: delivery.attempts.map(({ at, ...outcome }) => ({ at: toWireTime(at), ...outcome })),
});
