/**
 * Named service keys: programs that call the REST interface without being a user, each with the scopes it needs. The one
 * module that writes `serviceKeys`. Operators make, list, rotate and end them with `npx convex run`; a key is told once
 * and kept as its hash.
 */
import { v } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from "../_generated/server";
import { conflict, invalid, notFound } from "../lib/errors";
import { createSecret, hashSha256 } from "../lib/ids";
import { text } from "../lib/schemas/fields";
import { parse } from "../lib/schemas/parse";
import { z } from "../lib/schemas/zod";
import { HOUR_MS, toWireTime, toWireTimeOrNull } from "../lib/time";
import { isScope, SCOPES, type Scope } from "./scopes";
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

const nameInput = z.strictObject({ name: text({ min: 1, max: 100 }) });

/** The key in force that hashes to this, or null. */
export async function findServiceKey(ctx: ReadCtx, hash: string): Promise<ServiceKey | null> {
  const key = await ctx.db
    .query("serviceKeys")
    .withIndex("by_hash", (q) => q.eq("hash", hash))
    .unique();
  return key && isInForce(key) ? key : null;
}

const isInForce = ({ endsAt }: ServiceKey, now = Date.now()): boolean => endsAt === null || endsAt > now;

const listKeysNamed = (ctx: ReadCtx, name: string): Promise<ServiceKey[]> =>
  ctx.db
    .query("serviceKeys")
    .withIndex("by_name", (q) => q.eq("name", name))
    .take(KEYS_MAX);

async function insertKey(
  ctx: MutationCtx,
  { name, scopes, tenantId }: { name: string; scopes: Scope[]; tenantId: Id<"tenants"> | null },
): Promise<string> {
  const key = `${KEY_PREFIX}${createSecret()}`;
  const hash = await hashSha256(key);
  await ctx.db.insert("serviceKeys", { name, scopes, tenantId, hash, createdAt: Date.now(), endsAt: null });
  return key;
}

/** Makes a key; → the key, which is not shown again. `tenant` (a uuid) may be left out while there is only one. */
export const make = internalMutation({
  args: { name: v.string(), scopes: v.array(v.string()), tenant: v.optional(v.string()) },
  returns: v.string(),
  handler: async (ctx, args) => {
    const { name } = parse(nameInput, { name: args.name });
    const scopes = [...new Set(args.scopes)].filter(isScope).sort();
    if (scopes.length === 0 || scopes.length < new Set(args.scopes).size)
      throw invalid({ scopes: [`Must be one or more of ${SCOPES.join(", ")}.`] });
    if ((await listKeysNamed(ctx, name)).some((key) => isInForce(key)))
      throw conflict(`A key named ${name} is in force. Rotate it, end it, or take another name.`);
    const tenant = args.tenant === undefined ? null : await getTenantByUuid(ctx, args.tenant);
    if (args.tenant !== undefined && !tenant) throw notFound(`No tenant has the id ${args.tenant}.`);
    return await insertKey(ctx, { name, scopes, tenantId: tenant?._id ?? (await getOnlyTenantId(ctx)) });
  },
});

const vListed = v.object({
  name: v.string(),
  scopes: v.array(v.string()),
  createdAt: v.string(),
  /** When it stops working, after a rotation; null while nothing has ended it. */
  endsAt: v.union(v.string(), v.null()),
});

/** The keys in force. */
export const list = internalQuery({
  args: {},
  returns: v.array(vListed),
  handler: async (ctx) => {
    const keys = await ctx.db.query("serviceKeys").order("desc").take(KEYS_MAX);
    return keys
      .filter((key) => isInForce(key))
      .map(({ name, scopes, createdAt, endsAt }) => ({
        name,
        scopes,
        createdAt: toWireTime(createdAt),
        endsAt: toWireTimeOrNull(endsAt),
      }));
  },
});

/** Makes a new key of that name; the old one works for `overlapHours` more (24). */
export const rotate = internalMutation({
  args: { name: v.string(), overlapHours: v.optional(v.number()) },
  returns: v.string(),
  handler: async (ctx, { name, overlapHours = OVERLAP_HOURS }) => {
    if (!(overlapHours >= 0 && overlapHours <= OVERLAP_HOURS_MAX))
      throw invalid({ overlapHours: [`Must be from 0 to ${OVERLAP_HOURS_MAX}.`] });
    const present = await requireKeys(ctx, name);
    const until = Date.now() + overlapHours * HOUR_MS;
    for (const key of present)
      await ctx.db.patch("serviceKeys", key._id, { endsAt: Math.min(until, key.endsAt ?? until) });
    const { scopes, tenantId } = present.at(-1)!;
    return await insertKey(ctx, { name, scopes: scopes.filter(isScope), tenantId });
  },
});

/** Ends every key of that name at once; → how many there were. */
export const end = internalMutation({
  args: { name: v.string() },
  returns: v.number(),
  handler: async (ctx, { name }) => {
    const present = await requireKeys(ctx, name);
    for (const key of await listKeysNamed(ctx, name)) await ctx.db.delete("serviceKeys", key._id);
    return present.length;
  },
});

async function requireKeys(ctx: ReadCtx, name: string): Promise<ServiceKey[]> {
  const present = (await listKeysNamed(ctx, name)).filter((key) => isInForce(key));
  if (present.length === 0) throw notFound(`No key named ${name} is in force.`);
  return present;
}
