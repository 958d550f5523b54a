/**
 * Questions of the REST edge about a caller, apart from the transaction that answers: tokens of their limit,
 * how far a limit is used up, and whether a credential holds. The functions keep their place, as their names are paths.
 */
import { v } from "convex/values";
import { internalMutation, internalQuery } from "../_generated/server";
import { vCaller, vClient } from "./caller";
import { toAddressKey } from "./limits/address";
import { grantTokens, vTokenDemand, vTokenGrant } from "./limits/callerTokens";
import { measureUsage, pickTightest, vUsage, type Usage } from "./limits/limits";
import { resolvePrincipal } from "./principal";
import { findServiceKey } from "./serviceKeys";

export { experimental_reuseContext } from "../lib/contexts";

/** `grantTokens` as a transaction of its own, for requests that have none which could do it along the way. */
export const admit = internalMutation({
  args: { caller: vCaller, client: vClient, demand: vTokenDemand },
  returns: vTokenGrant,
  handler: async (ctx, { caller, client, demand }) =>
    await grantTokens(ctx, await resolvePrincipal(ctx, caller), client, demand),
});

/** How far a login's limits are used up, the tighter one: of the address, and of the email that it names, if any. */
export const measureLogin = internalQuery({
  args: { client: vClient, email: v.union(v.string(), v.null()) },
  returns: vUsage,
  handler: async (ctx, { client, email }): Promise<Usage> => {
    const ofAddress = await measureUsage(ctx, "loginAddress", toAddressKey(client.ip));
    return email === null
      ? ofAddress
      : pickTightest(ofAddress, await measureUsage(ctx, "loginEmail", `email/${email}`));
  },
});

/** How far the limit of logins with the caller's own email is used up; null for callers without one. */
export const measureOwnLogin = internalQuery({
  args: { caller: vCaller },
  returns: v.union(vUsage, v.null()),
  handler: async (ctx, { caller }): Promise<Usage | null> => {
    const principal = await resolvePrincipal(ctx, caller);
    const email = principal?.kind === "user" ? principal.user.email : undefined;
    return email === undefined ? null : await measureUsage(ctx, "loginEmail", `email/${email}`);
  },
});

/** Whether a service key has a scope; null when no such key is in force. */
export const checkScope = internalQuery({
  args: { hash: v.string(), scope: v.string() },
  returns: v.union(v.boolean(), v.null()),
  handler: async (ctx, { hash, scope }) => {
    const key = await findServiceKey(ctx, hash);
    return key && key.scopes.includes(scope);
  },
});

/** Throws, as every transaction does, when the caller's proof holds no longer. */
export const verify = internalQuery({
  args: { caller: vCaller },
  returns: v.null(),
  handler: async (ctx, { caller }) => {
    await resolvePrincipal(ctx, caller);
    return null;
  },
});
