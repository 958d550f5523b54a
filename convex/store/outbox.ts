import { v } from "convex/values";
import { permissionMutation, permissionQuery } from "../identity/builders";
import { getBatches } from "./delivery/batch";
import * as Drain from "./delivery/drainState";
import * as Outbox from "./queue/entries";
import {
  getOldestEntry,
  listFailedEntries,
  listRetriedEntries,
  measureOutbox,
  vFailedEntry,
  vRetriedEntry,
} from "./queue/status";
import { getStatus } from "./reconciliation/status";
import { vStorePayload } from "./payload";
import { vReconciliation } from "./tables";

export { experimental_reuseContext } from "../lib/contexts";

/** The permanent store's state for the operations page, live. Times are ms since the epoch. */
export const status = permissionQuery("view_operations")({
  args: {},
  returns: v.object({
    /** Whether `PERMANENT_STORE_URL` is set; without it entries wait. */
    configured: v.boolean(),
    /** Entries the store has yet to confirm, counted up to `depthLimit`. */
    depth: v.number(),
    depthLimit: v.number(),
    /** When the oldest entry came, or null when there is none. */
    oldestAt: v.union(v.number(), v.null()),
    /** Entries that wait for a person, newest failures last. */
    failed: v.array(vFailedEntry),
    /** Entries whose delivery failed and that are tried again by themselves, the next first. */
    retrying: v.array(vRetriedEntry),
    /** Since when the store cannot be reached, and why. */
    outage: v.union(v.null(), v.object({ since: v.number(), error: v.string() })),
    lastDelivery: v.union(v.null(), v.object({ at: v.number(), count: v.number() })),
    lastReconciliation: v.union(v.null(), vReconciliation),
  }),
  handler: async (ctx) => {
    const { lastReconciliation } = await getStatus(ctx);
    const outage = (await Drain.getDrain(ctx))?.outage ?? null;
    return {
      configured: !!process.env.PERMANENT_STORE_URL,
      ...(await measureOutbox(ctx)),
      oldestAt: (await getOldestEntry(ctx))?._creationTime ?? null,
      failed: await listFailedEntries(ctx),
      retrying: await listRetriedEntries(ctx, outage?.pausedUntil ?? 0),
      outage: outage && { since: outage.since, error: outage.error },
      lastDelivery: (await getBatches(ctx)).lastDelivery,
      lastReconciliation,
    };
  },
});

/** The payload of an entry, as it is sent to the store. `NOT_FOUND` when it is gone. */
export const payload = permissionQuery("view_operations")({
  args: { id: v.string() },
  returns: vStorePayload,
  handler: (ctx, { id }) => Outbox.getPayload(ctx, id),
});

/** Gives a failed entry up. `NOT_FOUND` when it is gone, `CONFLICT` when it has not failed. */
export const discard = permissionMutation("view_operations")({
  args: { id: v.string() },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Outbox.discardEntry(ctx, id);
    return null;
  },
});

/** Sends a failed entry again. `NOT_FOUND` when it is gone, `CONFLICT` when it has not failed. */
export const replay = permissionMutation("view_operations")({
  args: { id: v.string() },
  returns: v.null(),
  handler: async (ctx, { id }) => {
    await Outbox.replayEntry(ctx, id);
    return null;
  },
});
