/** The one module that writes `tenants`. */
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { createUuid } from "../lib/ids";

type ReadCtx = { db: QueryCtx["db"] };

/** The tenant that new users belong to until an operator moves them (`accounts/tenants:assign`). */
export const DEFAULT_TENANT = "Main";

export const getTenantByName = (ctx: ReadCtx, name: string): Promise<Doc<"tenants"> | null> =>
  ctx.db
    .query("tenants")
    .withIndex("by_name", (q) => q.eq("name", name))
    .first();

export const getTenantByUuid = (ctx: ReadCtx, uuid: string): Promise<Doc<"tenants"> | null> =>
  ctx.db
    .query("tenants")
    .withIndex("by_uuid", (q) => q.eq("uuid", uuid))
    .unique();

export async function requireTenant(ctx: ReadCtx, tenantId: Id<"tenants">): Promise<Doc<"tenants">> {
  const tenant = await ctx.db.get("tenants", tenantId);
  if (!tenant) throw new Error("a tenant row is missing");
  return tenant;
}

/** The only tenant there is; null when there are none or several. */
export async function getOnlyTenantId(ctx: ReadCtx): Promise<Id<"tenants"> | null> {
  const [tenant, another] = await ctx.db.query("tenants").take(2);
  return tenant && !another ? tenant._id : null;
}

/** Inserts a tenant. The caller has made sure that the name is free. */
export async function createTenant(ctx: MutationCtx, name: string): Promise<{ _id: Id<"tenants">; uuid: string }> {
  const uuid = createUuid();
  return { _id: await ctx.db.insert("tenants", { uuid, name }), uuid };
}

export const getOrCreateDefaultTenant = async (ctx: MutationCtx): Promise<{ _id: Id<"tenants"> }> =>
  (await getTenantByName(ctx, DEFAULT_TENANT)) ?? (await createTenant(ctx, DEFAULT_TENANT));
