/** The transactions by which events become deliveries, deliveries are sent, and old ones leave. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation } from "../_generated/server";
import * as Deliveries from "./deliveryRows";
import { extendRun, finishRun, handOverRun, wakePump } from "./delivery/pumpState";
import { RETENTION_MS } from "./rules";
import { vAttempt } from "./tables";
import { deleteEventsBefore, findUnspread, markSpread } from "./writer";

export { experimental_reuseContext } from "../lib/contexts";

/** Deliveries that one transaction inserts. */
const SPREAD_BATCH = 200;
const BATCH = 500;

/** Makes the deliveries of a transaction's events, in as many transactions as it takes. Runs exactly once. */
export const spread = internalMutation({
  args: { batch: v.string() },
  returns: v.null(),
  handler: async (ctx, { batch }) => {
    let inserted = 0;
    let event = await findUnspread(ctx, batch);
    while (event && inserted < SPREAD_BATCH) {
      for (const endpointId of event.endpointIds) await Deliveries.insertDelivery(ctx, event, endpointId);
      inserted += event.endpointIds.length;
      await markSpread(ctx, event);
      event = await findUnspread(ctx, batch);
    }
    if (event) await ctx.scheduler.runAfter(0, internal.webhooks.queue.spread, { batch });
    if (inserted > 0) await wakePump(ctx);
    return null;
  },
});

const vSending = v.object({
  deliveryId: v.id("webhookDeliveries"),
  claim: v.string(),
  url: v.string(),
  eventUuid: v.string(),
  body: v.string(),
  secrets: v.array(v.string()),
});

/**
 * For the run that holds `token`: what it is to send next, and whether it is to look again. It need not when another
 * has taken over, or when nothing is due and nothing `underway`.
 */
export const claim = internalMutation({
  args: { token: v.string(), limit: v.number(), underway: v.number() },
  returns: v.object({ sendings: v.array(vSending), goOn: v.boolean() }),
  handler: async (ctx, { token, limit, underway }) => {
    if (!(await extendRun(ctx, token))) return { sendings: [], goOn: false };
    const sendings = await Deliveries.claimDue(ctx, limit);
    const goOn = sendings.length > 0 || underway > 0 || isDue(await Deliveries.getNextDueAt(ctx));
    if (!goOn) await finishRun(ctx, token);
    return { sendings, goOn };
  },
});

const isDue = (at: number | null): boolean => at !== null && at <= Date.now();

export const settle = internalMutation({
  args: { deliveryId: v.id("webhookDeliveries"), claim: v.string(), attempt: vAttempt },
  returns: v.null(),
  handler: async (ctx, { attempt, ...sent }) => {
    const nextAt = await Deliveries.settleAttempt(ctx, sent, attempt);
    if (isDue(nextAt)) await wakePump(ctx);
    else if (nextAt !== null) await ctx.scheduler.runAt(nextAt, internal.webhooks.queue.wake, {});
    return null;
  },
});

export const handOver = internalMutation({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }) => {
    await handOverRun(ctx, token);
    return null;
  },
});

/** A retry has come due; and for the cron, which finds what was cut short. Reads one row while nothing is due. */
export const wake = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    if (isDue(await Deliveries.getNextDueAt(ctx))) await wakePump(ctx);
    return null;
  },
});

/** After an endpoint was disabled. */
export const dropPending = internalMutation({
  args: { endpointId: v.id("webhookEndpoints") },
  returns: v.null(),
  handler: async (ctx, { endpointId }) => {
    if (await Deliveries.dropPendingOf(ctx, endpointId, BATCH))
      await ctx.scheduler.runAfter(0, internal.webhooks.queue.dropPending, { endpointId });
    return null;
  },
});

/** After an endpoint was deleted. */
export const purge = internalMutation({
  args: { endpointId: v.id("webhookEndpoints") },
  returns: v.null(),
  handler: async (ctx, { endpointId }) => {
    if (await Deliveries.deleteDeliveriesOf(ctx, endpointId, BATCH))
      await ctx.scheduler.runAfter(0, internal.webhooks.queue.purge, { endpointId });
    return null;
  },
});

/** Cron: events and their deliveries leave after 30 days. */
export const deleteOld = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const before = Date.now() - RETENTION_MS;
    const more = [
      await deleteEventsBefore(ctx, before, BATCH),
      await Deliveries.deleteDeliveriesBefore(ctx, before, BATCH),
    ];
    if (more.includes(true)) await ctx.scheduler.runAfter(0, internal.webhooks.queue.deleteOld, {});
    return null;
  },
});
