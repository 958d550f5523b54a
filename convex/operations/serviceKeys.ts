/** Service keys for those who may manage them, as `npx convex run` offers them to operators. Live. */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { permissionMutation, permissionQuery } from "../identity/builders";
import { requireTenant } from "../identity/tenants";

export { experimental_reuseContext } from "../lib/contexts";

const PERMISSION = "manage_service_keys";

/** The keys in force, newest first. Times are RFC 3339. */
export const list = permissionQuery(PERMISSION)({
  args: {},
  returns: v.array(
    v.object({
      name: v.string(),
      scopes: v.array(v.string()),
      createdAt: v.string(),
      /** When it stops working, after a rotation; null while nothing has ended it. */
      endsAt: v.union(v.string(), v.null()),
    }),
  ),
  handler: async (ctx): Promise<ServiceKey[]> => await ctx.runQuery(internal.identity.serviceKeys.list, {}),
});

type ServiceKey = { name: string; scopes: string[]; createdAt: string; endsAt: string | null };

/** Makes a key, of the caller's tenant where scopes are of one tenant; → the key, which is not shown again. */
export const make = permissionMutation(PERMISSION)({
  args: { name: v.string(), scopes: v.array(v.string()) },
  returns: v.string(),
  handler: async (ctx, args): Promise<string> => {
    const { uuid } = await requireTenant(ctx, ctx.principal.tenantId);
    return await ctx.runMutation(internal.identity.serviceKeys.make, { ...args, tenant: uuid });
  },
});

/** Makes a new key of that name; the old one works for a day more. */
export const rotate = permissionMutation(PERMISSION)({
  args: { name: v.string() },
  returns: v.string(),
  handler: async (ctx, args): Promise<string> => await ctx.runMutation(internal.identity.serviceKeys.rotate, args),
});

/** Ends every key of that name at once. */
export const end = permissionMutation(PERMISSION)({
  args: { name: v.string() },
  returns: v.null(),
  handler: async (ctx, args): Promise<null> => {
    await ctx.runMutation(internal.identity.serviceKeys.end, args);
    return null;
  },
});
