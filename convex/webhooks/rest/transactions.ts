/** The transactions that answer the REST requests of routes.ts. */
import { v } from "convex/values";
import { internalQuery } from "../../_generated/server";
import { vCaller } from "../../identity/caller";
import { resolvePrincipal } from "../../identity/principal";
import { restCommandOf, restQuery } from "../../rest/functions";
import { noContent, reply, type Reply } from "../../rest/reply";
import * as Commands from "../commands";
import { queryDeliveries } from "../deliveryRows";
import { listEndpoints, requireEndpoint, requireManager, type Endpoint } from "../endpointRows";
import { toWireDelivery, toWireEndpoint } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

/** Throws unless the caller may manage webhooks, for what a request does before its transaction. */
export const authorize = internalQuery({
  args: { caller: vCaller },
  returns: v.null(),
  handler: async (ctx, { caller }) => {
    requireManager(await resolvePrincipal(ctx, caller));
    return null;
  },
});

export const list = restQuery({
  args: {},
  handler: async (ctx) =>
    reply(200, (await listEndpoints({ db: ctx.db, principal: requireManager(ctx.principal) })).map(toWireEndpoint)),
});

export const one = restQuery({
  args: { id: v.string() },
  handler: async (ctx, { id }) =>
    reply(200, toWireEndpoint(await requireEndpoint({ db: ctx.db, principal: requireManager(ctx.principal) }, id))),
});

/** Tells the secret, this once. */
const replyWithSecret = (status: number, endpoint: Endpoint): Reply => {
  const told = toWireEndpoint(endpoint);
  return { ...reply(status, { ...told, secret: endpoint.secret }), replayBody: JSON.stringify(told) };
};

export const create = restCommandOf(requireManager, Commands.create, (endpoint) => replyWithSecret(201, endpoint));
export const rotateSecret = restCommandOf(requireManager, Commands.rotateSecret, (endpoint) =>
  replyWithSecret(200, endpoint),
);
export const update = restCommandOf(requireManager, Commands.update, (endpoint) =>
  reply(200, toWireEndpoint(endpoint)),
);
export const remove = restCommandOf(requireManager, Commands.remove, noContent);
export const sendTest = restCommandOf(requireManager, Commands.sendTest, (delivery) =>
  reply(202, toWireDelivery(delivery)),
);
export const replay = restCommandOf(requireManager, Commands.replay, (delivery) =>
  reply(202, toWireDelivery(delivery)),
);

/** A page of the deliveries to an endpoint, newest first; `before` is the place that the last page ended at. */
export const deliveries = restQuery({
  args: { id: v.string(), limit: v.number(), before: v.optional(v.number()) },
  handler: async (ctx, { id, limit, before }) => {
    const endpoint = await requireEndpoint({ db: ctx.db, principal: requireManager(ctx.principal) }, id);
    const found = await queryDeliveries(ctx, endpoint._id, before).take(limit + 1);
    const page = found.slice(0, limit);
    const next = found.length > limit ? String(page.at(-1)?._creationTime) : null;
    return reply(200, { results: page.map(toWireDelivery), next });
  },
});
