/** The live functions of webhooks: the tenant's endpoints. */
import { v } from "convex/values";
import { permissionQuery } from "../identity/builders";
import { getHealth, listEndpoints } from "./endpointRows";
import { vDisabledBecause } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

const vEndpoint = v.object({
  id: v.string(),
  url: v.string(),
  events: v.array(v.string()),
  description: v.string(),
  enabled: v.boolean(),
  disabledBecause: v.union(v.null(), vDisabledBecause),
  /** Since when nothing could be delivered, ms; null while all is well. */
  failingSince: v.union(v.number(), v.null()),
  createdAt: v.number(),
});

/** Oldest first. */
export const list = permissionQuery("manage_webhooks")({
  args: {},
  returns: v.array(vEndpoint),
  handler: async (ctx) =>
    await Promise.all(
      (await listEndpoints(ctx)).map(async (endpoint) => ({
        id: endpoint.uuid,
        url: endpoint.url,
        events: endpoint.events,
        description: endpoint.description,
        enabled: endpoint.enabled,
        disabledBecause: endpoint.disabledBecause,
        failingSince: (await getHealth(ctx, endpoint._id))?.failingSince ?? null,
        createdAt: endpoint.createdAt,
      })),
    ),
});
