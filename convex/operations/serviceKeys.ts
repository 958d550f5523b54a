/** Service keys for those who may manage them, as `npx convex run` offers them to operators. Live. */
import { v } from "convex/values";
import type { UserAct } from "../identity/act";
import { permissionMutation, permissionQuery } from "../identity/builders";
import { endKeys, listKeys, makeKey, rotateKey, vServiceKey } from "../identity/serviceKeys";

export { experimental_reuseContext } from "../lib/contexts";

const PERMISSION = "manage_service_keys";

const toManager = ({ principal: actor, client }: UserAct) => ({ actor, client });

/** The keys in force of the caller's tenant, newest first. Times are RFC 3339. */
export const list = permissionQuery(PERMISSION)({
  args: {},
  returns: v.array(vServiceKey),
  handler: async (ctx) => await listKeys(ctx, { actor: ctx.principal }),
});

/** Makes a key of the caller's tenant; → the key, which is not shown again. */
export const make = permissionMutation(PERMISSION)({
  args: { name: v.string(), scopes: v.array(v.string()) },
  returns: v.string(),
  handler: async (act, args) => await makeKey(act, toManager(act), { ...args, tenantId: act.principal.tenantId }),
});

/** Makes a new key of that name; the old one works for a day more. */
export const rotate = permissionMutation(PERMISSION)({
  args: { name: v.string() },
  returns: v.string(),
  handler: async (act, args) => await rotateKey(act, toManager(act), args),
});

/** Ends every key of that name at once. */
export const end = permissionMutation(PERMISSION)({
  args: { name: v.string() },
  returns: v.null(),
  handler: async (act, { name }) => {
    await endKeys(act, toManager(act), name);
    return null;
  },
});
