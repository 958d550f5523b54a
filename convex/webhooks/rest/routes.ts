/** webhooks/README §11 over HTTP. Errors are `{error:{code, message, fields?}}`. */
import { internal } from "../../_generated/api";
import { invalid } from "../../lib/errors";
import { UUID_PATTERN } from "../../lib/ids";
import { nameCode } from "../../rest/errors/codes";
import { declare, restDomain, type Asked } from "../../rest/domain";
import { errors, json, queryInteger, SECURITY } from "../../rest/schemas/fields";
import { wireBody } from "../../rest/schemas/wire";
import { z } from "../../rest/schemas/zod";
import { read, write } from "../../rest/transaction";
import { EndpointChanges, NewEndpoint } from "../commands";
import { allowsPrivate, PRIVATE_ADDRESS, toHostName } from "../rules";
import { Delivery, DeliveryPage, Endpoint, EndpointList, EndpointWithSecret, ErrorBody } from "./schemas";

const BASE = "/api/v1/webhooks/";

export const webhookRest = restDomain(
  (error, status, c) => {
    const { message, fields } = error;
    return { error: { code: nameCode(error, status, c), message, ...(fields && { fields }) } };
  },
  ErrorBody,
  [`${BASE}*`],
);

const TAGS = ["Webhooks"];
/** A user with the permission `manage_webhooks`, or a program with a key of the tenant. */
const FOR_MANAGERS = { caller: "userOrService", scope: "webhooks" } as const;
const READ_ONLY = ["id", "secret", "created_at"];
const uuid = () => z.string().regex(UUID_PATTERN).openapi({ format: "uuid" });
const params = z.object({ id: uuid() });
const body = <S extends z.ZodType>(schema: S) => ({ content: { "application/json": { schema } }, required: true });

const Draft = wireBody("WebhookDraft", NewEndpoint);
const Changes = wireBody("WebhookChanges", EndpointChanges.omit({ id: true }));

/**
 * Refuses a URL whose host leads to an address that nothing may be sent to. It is looked at again with each attempt.
 */
async function refusePrivate({ c, sender }: Asked, url: string | undefined): Promise<void> {
  if (url === undefined || allowsPrivate()) return;
  // Names are looked up only for those who may send there.
  await c.env.runQuery(internal.webhooks.rest.transactions.authorize, { caller: sender.caller });
  const host = toHostName(new URL(url));
  if (await c.env.runAction(internal.webhooks.delivery.pump.isPrivate, { host }))
    throw invalid({ url: [PRIVATE_ADDRESS] });
}

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "get",
    path: BASE,
    tags: TAGS,
    summary: "The tenant's webhooks, oldest first",
    description: "Needs the permission `manage_webhooks`, or a service key of the tenant with the scope `webhooks`.",
    security: SECURITY,
    responses: { 200: json(EndpointList, "At most 20"), ...errors(ErrorBody, 403) },
  },
  run: (request) => read(request, internal.webhooks.rest.transactions.list, {}),
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "post",
    path: BASE,
    tags: TAGS,
    summary: "Have events sent to a URL",
    description: "Requests are signed as Standard Webhooks asks, with the secret that this answer alone tells.",
    security: SECURITY,
    request: { body: body(Draft) },
    responses: { 201: json(EndpointWithSecret, "Events are sent from now on"), ...errors(ErrorBody, 403, 409) },
  },
  readOnly: READ_ONLY,
  run: async (request) => {
    await refusePrivate(request, request.body.url);
    return await write(request, internal.webhooks.rest.transactions.create, request.body);
  },
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "get",
    path: `${BASE}{id}/`,
    tags: TAGS,
    summary: "A webhook",
    security: SECURITY,
    request: { params },
    responses: { 200: json(Endpoint, "The webhook"), ...errors(ErrorBody, 403) },
  },
  run: (request) => read(request, internal.webhooks.rest.transactions.one, request.params),
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "patch",
    path: `${BASE}{id}/`,
    tags: TAGS,
    summary: "Change a webhook, disable it or enable it again",
    description: "A disabled one is sent nothing; what it missed is not sent later either.",
    security: SECURITY,
    request: { params, body: body(Changes) },
    responses: { 200: json(Endpoint, "The webhook"), ...errors(ErrorBody, 403) },
  },
  readOnly: READ_ONLY,
  run: async (request) => {
    await refusePrivate(request, request.body.url);
    return await write(request, internal.webhooks.rest.transactions.update, { ...request.params, ...request.body });
  },
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "delete",
    path: `${BASE}{id}/`,
    tags: TAGS,
    summary: "Delete a webhook and its deliveries",
    security: SECURITY,
    request: { params },
    responses: { 204: { description: "Deleted" }, ...errors(ErrorBody, 403) },
  },
  countedByWrite: true,
  run: (request) => write(request, internal.webhooks.rest.transactions.remove, request.params),
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "post",
    path: `${BASE}{id}/rotate_secret/`,
    tags: TAGS,
    summary: "A new secret; the old one signs beside it for 24 hours",
    security: SECURITY,
    request: { params },
    responses: { 200: json(EndpointWithSecret, "With the new secret"), ...errors(ErrorBody, 403) },
  },
  countedByWrite: true,
  run: (request) => write(request, internal.webhooks.rest.transactions.rotateSecret, request.params),
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "post",
    path: `${BASE}{id}/test/`,
    tags: TAGS,
    summary: "Send the event `ping`, whatever the webhook subscribes to",
    security: SECURITY,
    request: { params },
    responses: { 202: json(Delivery, "On its way"), ...errors(ErrorBody, 403, 409) },
  },
  countedByWrite: true,
  run: (request) => write(request, internal.webhooks.rest.transactions.sendTest, request.params),
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "get",
    path: `${BASE}{id}/deliveries/`,
    tags: TAGS,
    summary: "Deliveries of the last 30 days, newest first",
    security: SECURITY,
    request: {
      params,
      query: z.object({
        limit: queryInteger({ min: 1, max: 100 }).default(50),
        cursor: z
          .string()
          .regex(/^\d{1,16}(\.\d{1,16})?$/, "Must be what `next` gave.")
          .transform(Number)
          .optional(),
      }),
    },
    responses: { 200: json(DeliveryPage, "A page"), ...errors(ErrorBody, 403) },
  },
  run: (request) => {
    const { limit, cursor: before } = request.query;
    return read(request, internal.webhooks.rest.transactions.deliveries, {
      ...request.params,
      limit,
      ...(before !== undefined && { before }),
    });
  },
});

declare(webhookRest, {
  ...FOR_MANAGERS,
  contract: {
    method: "post",
    path: `${BASE}{id}/deliveries/{delivery_id}/replay/`,
    tags: TAGS,
    summary: "Send a delivery again, with all its attempts ahead of it",
    security: SECURITY,
    request: { params: z.object({ id: uuid(), delivery_id: uuid() }) },
    responses: { 202: json(Delivery, "On its way"), ...errors(ErrorBody, 403, 409) },
  },
  countedByWrite: true,
  run: (request) => {
    const { id, delivery_id: deliveryId } = request.params;
    return write(request, internal.webhooks.rest.transactions.replay, { id, deliveryId });
  },
});
