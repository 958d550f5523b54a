/** The live functions of webhooks: what was sent to an endpoint, and what came of it. */
import { paginationOptsValidator, paginationResultValidator } from "convex/server";
import { v } from "convex/values";
import { permissionQuery } from "../identity/builders";
import { pageSize } from "../lib/paging/pages";
import { queryDeliveries } from "./deliveryRows";
import { requireEndpoint } from "./endpointRows";
import { vAttempt, vDeliveryStatus } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

const PAGE_MAX = 100;

const vDelivery = v.object({
  id: v.string(),
  eventId: v.string(),
  type: v.string(),
  status: vDeliveryStatus,
  attempts: v.array(vAttempt),
  createdAt: v.number(),
  /** While pending and not being sent, when it is tried again, ms. */
  nextAttemptAt: v.union(v.number(), v.null()),
});

/** Newest first. */
export const list = permissionQuery("manage_webhooks")({
  args: { webhookId: v.string(), paginationOpts: paginationOptsValidator },
  returns: paginationResultValidator(vDelivery),
  handler: async (ctx, { webhookId, paginationOpts }) => {
    const endpoint = await requireEndpoint(ctx, webhookId);
    const result = await queryDeliveries(ctx, endpoint._id).paginate({
      ...paginationOpts,
      numItems: pageSize(paginationOpts.numItems, PAGE_MAX),
    });
    return {
      ...result,
      page: result.page.map((row) => ({
        id: row.uuid,
        eventId: row.eventUuid,
        type: row.type,
        status: row.status,
        attempts: row.attempts,
        createdAt: row._creationTime,
        nextAttemptAt: row.isClaimed ? null : row.nextAt,
      })),
    };
  },
});
