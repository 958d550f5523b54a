/**
 * Named service keys: programs that call the REST interface without being a user, each with the scopes it needs. The
 * one module that writes `serviceKeys`. Operators make, list, rotate and end them with `npx convex run`; a key is told
 * once and kept as its hash.
 */
import { v, type Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from "../_generated/server";
import * as Audit from "../audit/writer";
import { conflict, invalid, notFound } from "../lib/errors";
import { createSecret, hashSha256 } from "../lib/ids";
import { text } from "../lib/schemas/fields";
import { parse } from "../lib/schemas/parse";
import { z } from "../lib/schemas/zod";
import { HOUR_MS, toWireTime, toWireTimeOrNull } from "../lib/time";
import { isScope, SCOPES, TENANT_SCOPES, type Scope } from "./scopes";
import { getOnlyTenantId, getTenantByUuid } from "./tenants";

export { experimental_reuseContext } from "../lib/contexts";

type ReadCtx = { db: QueryCtx["db"] };
type ServiceKey = Doc<"serviceKeys">;

/** Begins every named key, so that scanners of leaked secrets find it. */
export const KEY_PREFIX = "lsk_";
/** Names of keys in force; more are found by nobody who reads the list. */
const KEYS_MAX = 200;
/** How long the key before a rotation stays in force, so that nobody is cut off. */
const OVERLAP_HOURS = 24;
const OVERLAP_HOURS_MAX = 720;

/** Characters of a key, after `lsk_`, by which people tell it from others. 144 random bits remain. */
const SHOWN_LENGTH = 8;

const nameInput = z.strictObject({ name: text({ min: 1, max: 100 }) });

/** Somebody who manages keys: users those of their tenant, operators all. */
type Manager = { actor: { user: Doc<"users"> } | { name: string }; client: Audit.Origin };

/** For operators, who are at the console of the deployment. */
const OPERATOR: Manager = { actor: { name: "operator" }, client: Audit.NO_CLIENT };

/** The key in force that hashes to this, or null. */
export async function findServiceKey(ctx: ReadCtx, hash: string): Promise<ServiceKey | null> {
  const key = await ctx.db
    .query("serviceKeys")
    .withIndex("by_hash", (q) => q.eq("hash", hash))
    .unique();
  return key && isInForce(key) ? key : null;
}

const isInForce = ({ endsAt }: ServiceKey, now = Date.now()): boolean => endsAt === null || endsAt > now;

const isManagedBy = ({ tenantId }: ServiceKey, { actor }: Pick<Manager, "actor">): boolean =>
  !("user" in actor) || tenantId === actor.user.tenantId;

const listKeysNamed = (ctx: ReadCtx, name: string): Promise<ServiceKey[]> =>
  ctx.db
    .query("serviceKeys")
    .withIndex("by_name", (q) => q.eq("name", name))
    .take(KEYS_MAX);

async function requireKeys(ctx: ReadCtx, name: string, by: Manager): Promise<ServiceKey[]> {
  const present = (await listKeysNamed(ctx, name)).filter((key) => isInForce(key) && isManagedBy(key, by));
  if (present.length === 0) throw notFound(`No key named ${name} is in force.`);
  return present;
}

type NewKey = { name: string; scopes: Scope[]; tenantId: Id<"tenants"> | null };

async function insertKey(ctx: MutationCtx, fields: NewKey): Promise<{ key: string; prefix: string }> {
  const key = `${KEY_PREFIX}${createSecret()}`;
  const prefix = key.slice(0, KEY_PREFIX.length + SHOWN_LENGTH);
  const hash = await hashSha256(key);
  await ctx.db.insert("serviceKeys", { ...fields, hash, prefix, createdAt: Date.now(), endsAt: null });
  return { key, prefix };
}

/** Appends to the log what was done to a key, which is named and told by how it begins. */
const logAct = (
  ctx: MutationCtx,
  by: Manager,
  action: Audit.AuditAction,
  { name, prefix, tenantId }: Pick<ServiceKey, "name" | "prefix" | "tenantId">,
): Promise<void> =>
  Audit.append(ctx, { action, target: prefix === undefined ? name : `${name} (${prefix}…)`, tenantId, ...by });

/** Makes a key; → the key, which is not shown again. */
export async function makeKey(
  ctx: MutationCtx,
  by: Manager,
  wanted: { name: string; scopes: string[]; tenantId: Id<"tenants"> | null },
): Promise<string> {
  const { name } = parse(nameInput, { name: wanted.name });
  const scopes = [...new Set(wanted.scopes)].filter(isScope).sort();
  if (scopes.length === 0 || scopes.length < new Set(wanted.scopes).size)
    throw invalid({ scopes: [`Must be one or more of ${SCOPES.join(", ")}.`] });
  if (wanted.tenantId === null && scopes.some((scope) => TENANT_SCOPES.includes(scope)))
    throw invalid({ tenant: [`Must name a tenant for ${TENANT_SCOPES.join(", ")}.`] });
  if ((await listKeysNamed(ctx, name)).some((key) => isInForce(key)))
    throw conflict(`A key named ${name} is in force. Rotate it, end it, or take another name.`);
  const fields = { name, scopes, tenantId: wanted.tenantId };
  const { key, prefix } = await insertKey(ctx, fields);
  await logAct(ctx, by, "service_key_made", { ...fields, prefix });
  return key;
}

/** Makes a new key of that name; the old one works for `overlapHours` more (24). */
export async function rotateKey(
  ctx: MutationCtx,
  by: Manager,
  { name, overlapHours = OVERLAP_HOURS }: { name: string; overlapHours?: number },
): Promise<string> {
  if (!(overlapHours >= 0 && overlapHours <= OVERLAP_HOURS_MAX))
    throw invalid({ overlapHours: [`Must be from 0 to ${OVERLAP_HOURS_MAX}.`] });
  const present = await requireKeys(ctx, name, by);
  const until = Date.now() + overlapHours * HOUR_MS;
  for (const key of present)
    await ctx.db.patch("serviceKeys", key._id, { endsAt: Math.min(until, key.endsAt ?? until) });
  const { scopes, tenantId } = present.at(-1)!;
  const fields = { name, scopes: scopes.filter(isScope), tenantId };
  const { key, prefix } = await insertKey(ctx, fields);
  await logAct(ctx, by, "service_key_rotated", { ...fields, prefix });
  return key;
}

/** Ends every key of that name at once; → how many there were. */
export async function endKeys(ctx: MutationCtx, by: Manager, name: string): Promise<number> {
  const present = await requireKeys(ctx, name, by);
  for (const key of await listKeysNamed(ctx, name)) await ctx.db.delete("serviceKeys", key._id);
  for (const key of present) await logAct(ctx, by, "service_key_ended", key);
  return present.length;
}

export const vServiceKey = v.object({
  name: v.string(),
  /** The characters that it begins with; null for keys that were made before these were kept. */
  prefix: v.union(v.string(), v.null()),
  scopes: v.array(v.string()),
  createdAt: v.string(),
  /** When it stops working, after a rotation; null while nothing has ended it. */
  endsAt: v.union(v.string(), v.null()),
});

/** The keys in force that somebody manages, newest first. Times are RFC 3339. */
export async function listKeys(ctx: ReadCtx, by: Pick<Manager, "actor">): Promise<Infer<typeof vServiceKey>[]> {
  const keys = await ctx.db.query("serviceKeys").order("desc").take(KEYS_MAX);
  return keys
    .filter((key) => isInForce(key) && isManagedBy(key, by))
    .map(({ name, prefix, scopes, createdAt, endsAt }) => ({
      name,
      prefix: prefix ?? null,
      scopes,
      createdAt: toWireTime(createdAt),
      endsAt: toWireTimeOrNull(endsAt),
    }));
}

/** For operators: `makeKey`. `tenant` (a uuid) may be left out while there is only one. */
export const make = internalMutation({
  args: { name: v.string(), scopes: v.array(v.string()), tenant: v.optional(v.string()) },
  returns: v.string(),
  handler: async (ctx, { name, scopes, tenant: uuid }) => {
    const tenant = uuid === undefined ? null : await getTenantByUuid(ctx, uuid);
    if (uuid !== undefined && !tenant) throw notFound(`No tenant has the id ${uuid}.`);
    return await makeKey(ctx, OPERATOR, { name, scopes, tenantId: tenant?._id ?? (await getOnlyTenantId(ctx)) });
  },
});

/** For operators: the keys in force. */
export const list = internalQuery({
  args: {},
  returns: v.array(vServiceKey),
  handler: async (ctx) => await listKeys(ctx, OPERATOR),
});

/** For operators: `rotateKey`. */
export const rotate = internalMutation({
  args: { name: v.string(), overlapHours: v.optional(v.number()) },
  returns: v.string(),
  handler: async (ctx, args) => await rotateKey(ctx, OPERATOR, args),
});

/** For operators: `endKeys`. */
export const end = internalMutation({
  args: { name: v.string() },
  returns: v.number(),
  handler: async (ctx, { name }) => await endKeys(ctx, OPERATOR, name),
});
