/**
 * Writes what webhooks tell: the one module that writes `webhookEvents`. An event is a row of the transaction that
 * makes the change, so it stands exactly when the change does. A floor of its own, below identity and the domains,
 * which all write events.
 */
import { v, type Infer } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { createUuid } from "../lib/ids";
import { toWireTime } from "../lib/time";

/** Everything that endpoints may subscribe to (README §11.2). */
export const EVENT_TYPES = [
  "account.session.started",
  "account.session.ended",
  "valuation.created",
  "valuation.updated",
  "valuation.completed",
  "valuation.deleted",
  "valuation.claimed",
  "focus.started",
  "focus.completed",
  "tutoring.session.created",
  "tutoring.session.approved",
  "tutoring.session.updated",
  "tutoring.session.cancelled",
  "tutoring.session.completed",
  "tutoring.request.created",
  "tutoring.request.approved",
  "tutoring.request.rejected",
  "tutoring.participant.left",
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Sent on request only, to one endpoint, whatever it subscribes to. */
export const PING = "ping";

/** Subscribes to every event there is and will be. */
export const ALL_EVENTS = "*";

/** A tenant has no more. */
export const ENDPOINTS_MAX = 20;

export const vEventFields = {
  /** The id that receivers know it by. */
  uuid: v.string(),
  tenantId: v.id("tenants"),
  type: v.string(),
  /** The JSON text that is sent and signed, the same with every attempt. */
  body: v.string(),
  /** The endpoints it is for; empty once there is a delivery for each. */
  endpointIds: v.array(v.id("webhookEndpoints")),
  /** The transaction that wrote it: one job makes the deliveries of all its events. */
  batch: v.string(),
};
const vEvent = v.object(vEventFields);
type EventFields = Infer<typeof vEvent>;
export type WebhookEvent = Doc<"webhookEvents">;

type Endpoint = Doc<"webhookEndpoints">;

/** The endpoints and the batch of one transaction. */
type Transaction = { endpoints: Promise<Endpoint[]>; tenantId: Id<"tenants">; batch: string | null };

/** By transaction, so that one which writes many events reads the endpoints once and schedules one job. */
const transactions = new WeakMap<MutationCtx["db"], Transaction>();

function enter(ctx: MutationCtx, tenantId: Id<"tenants">): Transaction {
  const known = transactions.get(ctx.db);
  if (known?.tenantId === tenantId) return known;
  const endpoints = ctx.db
    .query("webhookEndpoints")
    .withIndex("by_tenantId_and_enabled", (q) => q.eq("tenantId", tenantId).eq("enabled", true))
    .take(ENDPOINTS_MAX);
  const transaction = { endpoints, tenantId, batch: null };
  transactions.set(ctx.db, transaction);
  return transaction;
}

const wants = ({ events }: Endpoint, type: EventType): boolean => events.includes(ALL_EVENTS) || events.includes(type);

/**
 * Writes an event for the tenant's endpoints that want it. Without any it costs one indexed read a transaction, and
 * `describe` is not called.
 *
 * @param describe the object in its REST shape, without what README §11.2 leaves out
 */
export async function writeEvent(
  ctx: MutationCtx,
  tenantId: Id<"tenants">,
  type: EventType,
  describe: () => object | Promise<object>,
): Promise<void> {
  const transaction = enter(ctx, tenantId);
  const endpoints = (await transaction.endpoints).filter((endpoint) => wants(endpoint, type));
  if (endpoints.length === 0) return;
  const data = await describe();
  if (transaction.batch === null) {
    transaction.batch = createUuid();
    await ctx.scheduler.runAfter(0, internal.webhooks.queue.spread, { batch: transaction.batch });
  }
  await insertEvent(
    ctx,
    { tenantId, type, endpointIds: endpoints.map(({ _id }) => _id), batch: transaction.batch },
    data,
  );
}

/** An event for one endpoint, which the caller delivers. */
export async function writePing(ctx: MutationCtx, endpoint: Endpoint): Promise<WebhookEvent> {
  const fields = { tenantId: endpoint.tenantId, type: PING, endpointIds: [], batch: createUuid() };
  const id = await insertEvent(ctx, fields, { webhook_id: endpoint.uuid });
  return (await ctx.db.get("webhookEvents", id))!;
}

async function insertEvent(
  ctx: MutationCtx,
  fields: Omit<EventFields, "uuid" | "body">,
  data: object,
): Promise<Id<"webhookEvents">> {
  const tenant = await ctx.db.get("tenants", fields.tenantId);
  if (!tenant) throw new Error("a tenant row is missing");
  const uuid = createUuid();
  const told = { id: uuid, type: fields.type, timestamp: toWireTime(Date.now()), tenant_id: tenant.uuid, data };
  return await ctx.db.insert("webhookEvents", { ...fields, uuid, body: JSON.stringify(told) });
}

/** An event of the batch that has no deliveries yet, or null. */
export const findUnspread = (ctx: { db: QueryCtx["db"] }, batch: string): Promise<WebhookEvent | null> =>
  ctx.db
    .query("webhookEvents")
    .withIndex("by_batch", (q) => q.eq("batch", batch))
    .first();

/** There is a delivery of the event for each of its endpoints. */
export const markSpread = (ctx: MutationCtx, event: WebhookEvent): Promise<void> =>
  ctx.db.patch("webhookEvents", event._id, { endpointIds: [], batch: `${event.batch}/spread` });

/** Deletes up to `limit` events older than `before` (ms); returns whether there may be more. */
export async function deleteEventsBefore(ctx: MutationCtx, before: number, limit: number): Promise<boolean> {
  const old = await ctx.db
    .query("webhookEvents")
    .withIndex("by_creation_time", (q) => q.lt("_creationTime", before))
    .take(limit);
  for (const { _id } of old) await ctx.db.delete("webhookEvents", _id);
  return old.length === limit;
}
