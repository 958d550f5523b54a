/** The one module that writes `webhookEndpoints` and `webhookHealth`. */
import type { Infer } from "convex/values";
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { endpointFailing } from "../events/webhooks";
import type { Act } from "../identity/act";
import {
  hasScope,
  requirePermission,
  requireTenantKey,
  type Principal,
  type TenantServicePrincipal,
  type UserPrincipal,
} from "../identity/principal";
import { conflict, notFound } from "../lib/errors";
import { createUuid } from "../lib/ids";
import { FAILING_MAX_MS, SECRET_OVERLAP_MS } from "./rules";
import type { vDisabledBecause } from "./tables";
import { ENDPOINTS_MAX } from "./writer";

type ReadCtx = { db: QueryCtx["db"] };
export type Endpoint = Doc<"webhookEndpoints">;
type EndpointId = Id<"webhookEndpoints">;

/** Somebody who may manage their tenant's webhooks, or a program that may manage those of the tenant of its key. */
export type Manager = UserPrincipal | TenantServicePrincipal;
type ManagerAct = Act<Manager>;
type ManagerView = { db: QueryCtx["db"]; principal: Manager };

export const requireManager = (principal: Principal): Manager =>
  hasScope(principal, "webhooks") ? requireTenantKey(principal) : requirePermission(principal, "manage_webhooks");

/** Lists the endpoints of the manager's tenant, oldest first. */
export async function listEndpoints({ db, principal }: ManagerView): Promise<Endpoint[]> {
  const endpoints = await db
    .query("webhookEndpoints")
    .withIndex("by_tenantId_and_enabled", (q) => q.eq("tenantId", principal.tenantId))
    .take(ENDPOINTS_MAX);
  return endpoints.sort((a, b) => a._creationTime - b._creationTime);
}

/** An endpoint of the manager's tenant; `NOT_FOUND` alike for unknown ids and other tenants'. */
export async function requireEndpoint({ db, principal }: ManagerView, uuid: string): Promise<Endpoint> {
  const endpoint = await db
    .query("webhookEndpoints")
    .withIndex("by_uuid", (q) => q.eq("uuid", uuid.toLowerCase()))
    .unique();
  if (endpoint?.tenantId !== principal.tenantId) throw notFound("Webhook not found.");
  return endpoint;
}

const SECRET_BYTES = 24;

/** A secret in the form of Standard Webhooks. */
const createSigningSecret = (): string =>
  `whsec_${btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(SECRET_BYTES))))}`;

export type Settings = { url: string; events: string[]; description: string };

export async function createEndpoint(act: ManagerAct, settings: Settings): Promise<Endpoint> {
  const { principal } = act;
  if ((await listEndpoints(act)).length >= ENDPOINTS_MAX)
    throw conflict(`There are ${ENDPOINTS_MAX} webhooks already, which is the most.`);
  const id = await act.db.insert("webhookEndpoints", {
    ...settings,
    uuid: createUuid(),
    tenantId: principal.tenantId,
    createdBy: principal.kind === "user" ? principal.user._id : null,
    createdAt: act.now,
    secret: createSigningSecret(),
    previousSecrets: [],
    enabled: true,
    enabledAt: act.now,
    disabledBecause: null,
  });
  return (await act.db.get("webhookEndpoints", id))!;
}

export async function updateEndpoint(
  act: ManagerAct,
  endpoint: Endpoint,
  { enabled, ...changes }: Partial<Settings> & { enabled?: boolean | undefined },
): Promise<Endpoint> {
  await act.db.patch("webhookEndpoints", endpoint._id, changes);
  if (enabled === false) await disableEndpoint(act, endpoint, "request");
  if (enabled === true && !endpoint.enabled) {
    await noteSuccess(act, endpoint._id);
    await act.db.patch("webhookEndpoints", endpoint._id, { enabled, enabledAt: act.now, disabledBecause: null });
  }
  return (await act.db.get("webhookEndpoints", endpoint._id))!;
}

/** Nothing more is sent, and what was on its way has failed. */
export async function disableEndpoint(
  ctx: MutationCtx,
  { _id: endpointId, enabled }: Endpoint,
  disabledBecause: Infer<typeof vDisabledBecause>,
): Promise<void> {
  if (!enabled) return;
  await ctx.db.patch("webhookEndpoints", endpointId, { enabled: false, disabledBecause });
  await ctx.scheduler.runAfter(0, internal.webhooks.queue.dropPending, { endpointId });
}

/** Deletes an endpoint; its deliveries follow. */
export async function deleteEndpoint(act: ManagerAct, { _id: endpointId }: Endpoint): Promise<void> {
  await noteSuccess(act, endpointId);
  await act.db.delete("webhookEndpoints", endpointId);
  await act.scheduler.runAfter(0, internal.webhooks.queue.purge, { endpointId });
}

/** Several rotations in a day: the oldest secrets give way. */
const PREVIOUS_MAX = 9;

/** A new secret, which is told here only; the old one goes on signing for a while. */
export async function rotateSecret(act: ManagerAct, endpoint: Endpoint): Promise<Endpoint> {
  const { now } = act;
  const previous = endpoint.previousSecrets.filter(({ until }) => until > now);
  await act.db.patch("webhookEndpoints", endpoint._id, {
    secret: createSigningSecret(),
    previousSecrets: [{ secret: endpoint.secret, until: now + SECRET_OVERLAP_MS }, ...previous].slice(0, PREVIOUS_MAX),
  });
  return (await act.db.get("webhookEndpoints", endpoint._id))!;
}

/** The secrets that sign at `now`, the newest first. */
export const listSecrets = ({ secret, previousSecrets }: Endpoint, now: number): string[] => [
  secret,
  ...previousSecrets.filter(({ until }) => until > now).map((previous) => previous.secret),
];

export const getHealth = (ctx: ReadCtx, endpointId: EndpointId): Promise<Doc<"webhookHealth"> | null> =>
  ctx.db
    .query("webhookHealth")
    .withIndex("by_endpointId", (q) => q.eq("endpointId", endpointId))
    .unique();

/** An attempt succeeded: writes nothing while the endpoint is well. */
export async function noteSuccess(ctx: MutationCtx, endpointId: EndpointId): Promise<void> {
  const health = await getHealth(ctx, endpointId);
  if (health) await ctx.db.delete("webhookHealth", health._id);
}

/** An attempt failed at `now`; after days of failures alone the endpoint is disabled, and its creator is told. */
export async function noteFailure(ctx: MutationCtx, endpoint: Endpoint, now: number): Promise<void> {
  const health = await getHealth(ctx, endpoint._id);
  if (!health) await ctx.db.insert("webhookHealth", { endpointId: endpoint._id, failingSince: now });
  else if (now - health.failingSince >= FAILING_MAX_MS && endpoint.enabled) {
    await disableEndpoint(ctx, endpoint, "failing");
    await endpointFailing(ctx, endpoint);
  }
}
