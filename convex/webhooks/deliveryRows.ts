/**
 * Deliveries: one event on its way to one endpoint. The one module that writes `webhookDeliveries`.
 *
 * A delivery is due, being sent, or waiting for others to the same endpoint. Where one waits, others are being sent,
 * and each of those calls the next when it ends.
 */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { conflict, notFound } from "../lib/errors";
import { countUp } from "../lib/counters";
import { createUuid } from "../lib/ids";
import { MINUTE_MS } from "../lib/time";
import { disableEndpoint, getHealth, listSecrets, noteFailure, noteSuccess, type Endpoint } from "./endpointRows";
import { findRetryAt, GONE, isSuccess } from "./rules";
import type { Attempt } from "./tables";
import type { WebhookEvent } from "./writer";

type ReadCtx = { db: QueryCtx["db"] };
export type Delivery = Doc<"webhookDeliveries">;
type EndpointId = Id<"webhookEndpoints">;

/** An attempt that has not ended by then counts as cut short. */
const CLAIM_MS = MINUTE_MS;
/** Attempts to one endpoint at a time; to one that fails, a single one, so that it holds up as little as possible. */
const AT_ONCE = 4;
const AT_ONCE_WHILE_FAILING = 1;
/** Replayed again and again, a delivery keeps the last of its attempts. */
const ATTEMPTS_KEPT = 40;

/** Inserts deliveries that are due at once. */
export async function insertDelivery(ctx: MutationCtx, event: WebhookEvent, endpointId: EndpointId): Promise<Delivery> {
  const now = Date.now();
  const id = await ctx.db.insert("webhookDeliveries", {
    uuid: createUuid(),
    endpointId,
    eventId: event._id,
    eventUuid: event.uuid,
    type: event.type,
    status: "pending",
    attempts: [],
    tries: 0,
    queuedAt: now,
    nextAt: now,
    claim: null,
    isClaimed: false,
  });
  return (await ctx.db.get("webhookDeliveries", id))!;
}

/** Queries the deliveries to an endpoint, newest first; with `before` those older than it, ms of creation. */
export const queryDeliveries = (ctx: ReadCtx, endpointId: EndpointId, before = Number.MAX_SAFE_INTEGER) =>
  ctx.db
    .query("webhookDeliveries")
    .withIndex("by_endpointId", (q) => q.eq("endpointId", endpointId).lt("_creationTime", before))
    .order("desc");

/** `NOT_FOUND` for unknown ids and for those of another endpoint. */
export async function requireDelivery(ctx: ReadCtx, endpoint: Endpoint, uuid: string): Promise<Delivery> {
  const delivery = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_uuid", (q) => q.eq("uuid", uuid.toLowerCase()))
    .unique();
  if (delivery?.endpointId !== endpoint._id) throw notFound("Delivery not found.");
  return delivery;
}

/** Makes a delivery due at once, with all its attempts ahead of it; one that is being sent stays as it is. */
export async function replayDelivery(ctx: MutationCtx, delivery: Delivery): Promise<Delivery> {
  if (delivery.isClaimed) return delivery;
  if ((await ctx.db.get("webhookEvents", delivery.eventId)) === null)
    throw conflict("The event is no longer kept, so it cannot be sent again.");
  const now = Date.now();
  const changes = { status: "pending" as const, tries: 0, queuedAt: now, nextAt: now };
  await ctx.db.patch("webhookDeliveries", delivery._id, changes);
  return { ...delivery, ...changes };
}

/** The time at which the next delivery is due, ms, or null. */
export async function getNextDueAt(ctx: ReadCtx): Promise<number | null> {
  const next = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_status_and_nextAt", (q) => q.eq("status", "pending").gt("nextAt", null))
    .first();
  return next?.nextAt ?? null;
}

/** A delivery on its way out. */
export type Sending = {
  deliveryId: Id<"webhookDeliveries">;
  claim: string;
  url: string;
  eventUuid: string;
  body: string;
  secrets: string[];
};

/** As many due deliveries are looked at in one transaction. */
const LOOKED_AT = 100;

/**
 * Claims up to `limit` due deliveries. One to an endpoint that is busy is set to wait, so that however many there are,
 * they keep no other from being found.
 */
export async function claimDue(ctx: MutationCtx, limit: number): Promise<Sending[]> {
  const now = Date.now();
  const due = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_status_and_nextAt", (q) => q.eq("status", "pending").gt("nextAt", null).lte("nextAt", now))
    .take(LOOKED_AT);
  const places = new Map<EndpointId, Place>();
  const sendings: Sending[] = [];
  for (const delivery of due) {
    if (sendings.length >= limit) break;
    const place = places.get(delivery.endpointId) ?? (await findPlace(ctx, delivery.endpointId));
    places.set(delivery.endpointId, place);
    const sending = await claimOne(ctx, delivery, place, now);
    if (sending) sendings.push(sending);
  }
  return sendings;
}

type Place = { endpoint: Endpoint | null; free: number };

/** An endpoint with how many more may be sent to it. */
async function findPlace(ctx: MutationCtx, endpointId: EndpointId): Promise<Place> {
  const claimed = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_endpointId_and_isClaimed", (q) => q.eq("endpointId", endpointId).eq("isClaimed", true))
    .take(AT_ONCE);
  const atOnce = (await getHealth(ctx, endpointId)) ? AT_ONCE_WHILE_FAILING : AT_ONCE;
  return { endpoint: await ctx.db.get("webhookEndpoints", endpointId), free: atOnce - claimed.length };
}

async function claimOne(ctx: MutationCtx, delivery: Delivery, place: Place, now: number): Promise<Sending | null> {
  const { endpoint } = place;
  const event = await ctx.db.get("webhookEvents", delivery.eventId);
  if (!endpoint?.enabled || delivery.queuedAt < endpoint.enabledAt || !event) {
    await dropDelivery(ctx, delivery);
    return null;
  }
  // What was cut short has its place already.
  if (!delivery.isClaimed) {
    if (place.free <= 0) {
      await ctx.db.patch("webhookDeliveries", delivery._id, { nextAt: null });
      return null;
    }
    place.free--;
  }
  const claim = createUuid();
  await ctx.db.patch("webhookDeliveries", delivery._id, { claim, isClaimed: true, nextAt: now + CLAIM_MS });
  return {
    deliveryId: delivery._id,
    claim,
    url: endpoint.url,
    eventUuid: event.uuid,
    body: event.body,
    secrets: listSecrets(endpoint, now),
  };
}

const OVER = { nextAt: null, claim: null, isClaimed: false };

async function dropDelivery(ctx: MutationCtx, { _id }: Delivery): Promise<void> {
  await countUp(ctx, "webhooks_failed");
  await ctx.db.patch("webhookDeliveries", _id, { status: "failed", ...OVER });
}

/**
 * Settles an attempt; one that another has replaced changes nothing. Returns when there is something to send again,
 * ms, or null.
 */
export async function settleAttempt(
  ctx: MutationCtx,
  { deliveryId, claim }: Pick<Sending, "deliveryId" | "claim">,
  attempt: Attempt,
): Promise<number | null> {
  const delivery = await ctx.db.get("webhookDeliveries", deliveryId);
  if (delivery?.claim !== claim) return null;
  const now = Date.now();
  const tries = delivery.tries + 1;
  const endpoint = await ctx.db.get("webhookEndpoints", delivery.endpointId);
  const delivered = isSuccess(attempt.code);
  const isGone = attempt.code === GONE;
  const retryAt = delivered || isGone || !endpoint?.enabled ? null : findRetryAt(tries, now);
  await ctx.db.patch("webhookDeliveries", deliveryId, {
    ...OVER,
    status: delivered ? "delivered" : retryAt === null ? "failed" : "pending",
    attempts: [...delivery.attempts, attempt].slice(-ATTEMPTS_KEPT),
    tries,
    nextAt: retryAt,
  });
  if (retryAt === null) await countUp(ctx, delivered ? "webhooks_delivered" : "webhooks_failed");
  if (endpoint && delivered) await noteSuccess(ctx, endpoint._id);
  else if (endpoint && isGone) await disableEndpoint(ctx, endpoint, "gone");
  else if (endpoint) await noteFailure(ctx, endpoint, now);
  return (await callNext(ctx, delivery.endpointId, now)) ? now : retryAt;
}

/** The place of an attempt that has ended goes to those that wait; returns whether any does. */
async function callNext(ctx: MutationCtx, endpointId: EndpointId, now: number): Promise<boolean> {
  const waiting = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_endpointId_and_status_and_nextAt", (q) =>
      q.eq("endpointId", endpointId).eq("status", "pending").eq("nextAt", null),
    )
    .take(AT_ONCE);
  for (const { _id } of waiting) await ctx.db.patch("webhookDeliveries", _id, { nextAt: now });
  return waiting.length > 0;
}

/** Fails up to `limit` pending deliveries that were due before the endpoint was disabled; whether there may be more. */
export async function dropPendingOf(ctx: MutationCtx, endpointId: EndpointId, limit: number): Promise<boolean> {
  const pending = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_endpointId_and_status_and_nextAt", (q) => q.eq("endpointId", endpointId).eq("status", "pending"))
    .take(limit);
  const endpoint = await ctx.db.get("webhookEndpoints", endpointId);
  // The attempt under way tells itself how it ended; what came after the endpoint was enabled again is sent.
  const stale = pending.filter(
    ({ isClaimed, queuedAt }) => !isClaimed && !(endpoint?.enabled && queuedAt >= endpoint.enabledAt),
  );
  for (const delivery of stale) await dropDelivery(ctx, delivery);
  return pending.length === limit && stale.length > 0;
}

/** Deletes up to `limit` deliveries of a deleted endpoint; returns whether there may be more. */
export async function deleteDeliveriesOf(ctx: MutationCtx, endpointId: EndpointId, limit: number): Promise<boolean> {
  const rows = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_endpointId", (q) => q.eq("endpointId", endpointId))
    .take(limit);
  for (const { _id } of rows) await ctx.db.delete("webhookDeliveries", _id);
  return rows.length === limit;
}

/** Deletes up to `limit` deliveries older than `before` (ms); returns whether there may be more. */
export async function deleteDeliveriesBefore(ctx: MutationCtx, before: number, limit: number): Promise<boolean> {
  const old = await ctx.db
    .query("webhookDeliveries")
    .withIndex("by_creation_time", (q) => q.lt("_creationTime", before))
    .take(limit);
  for (const { _id } of old) await ctx.db.delete("webhookDeliveries", _id);
  return old.length === limit;
}
