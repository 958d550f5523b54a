import { v, type Infer } from "convex/values";
import { internalMutation, internalQuery, type MutationCtx } from "../_generated/server";
import { resolvePrincipal, type Principal } from "./principal";
import { findServiceKey } from "./serviceKeys";
import { touchSession } from "./sessions/endSession";
import { toAddressKey } from "./limits/address";
import { vCaller, vClient, type Client } from "./caller";
import {
  measureRate,
  pickTightest,
  readLimit,
  takeTokens,
  toUsedUp,
  vRate,
  type LimitName,
  type Rate,
} from "./limits/limits";

export { experimental_reuseContext } from "../lib/contexts";

export const vLimit = v.union(v.literal("identity"), v.literal("businessCards"), v.literal("guestWrites"));

/** The tokens of a limit that a request's transaction takes before it does anything else: at least its own. */
export const vTokenDemand = v.object({ limit: vLimit, want: v.number() });
export type TokenDemand = Infer<typeof vTokenDemand>;

/** The tokens that a request got: none when the limit is used up, or its session has lapsed. */
export const vAdmitted = v.object({
  granted: v.number(),
  hasLapsed: v.boolean(),
  retryAfterSeconds: v.number(),
  rate: vRate,
});
export type Admitted = Infer<typeof vAdmitted>;

const toKey = (principal: Principal, client: Client): { name: LimitName; key: string } => {
  if (principal === null) return { name: "identity", key: toAddressKey(client.ip) };
  if (principal.kind === "user") return { name: "identity", key: `user/${principal.user._id}` };
  return principal.kind === "guest"
    ? { name: "identity", key: `guest/${principal.guest.hash}` }
    : { name: "service", key: principal.name === null ? "service" : `service/${principal.name}` };
};

/**
 * Admits a caller: takes up to `want` tokens of their limit, and stamps the session's activity when due. A refusal
 * is returned, never thrown, because the lapse of a session must be committed.
 */
export async function take(
  ctx: MutationCtx,
  principal: Principal,
  client: Client,
  { limit, want }: TokenDemand,
): Promise<Admitted> {
  if (principal?.kind === "user" && !(await touchSession(ctx, principal.accountSession)))
    return { granted: 0, hasLapsed: true, retryAfterSeconds: 0, rate: toUsedUp(readLimit("identity"), 0) };
  const own = toKey(principal, client);
  // Guests alone have a limit of their own for writing.
  const ownName = limit === "identity" || (limit === "guestWrites" && principal?.kind !== "guest");
  const key = limit === "businessCards" ? toAddressKey(client.ip) : own.key;
  return { ...(await takeTokens(ctx, ownName ? own.name : limit, key, want)), hasLapsed: false };
}

/** `take` as a transaction of its own, for requests that have none which could do it along the way. */
export const admit = internalMutation({
  args: { caller: vCaller, client: vClient, demand: vTokenDemand },
  returns: vAdmitted,
  handler: async (ctx, { caller, client, demand }) =>
    await take(ctx, await resolvePrincipal(ctx, caller), client, demand),
});

/** How far a login's limits are used up, the tighter one: of the address, and of the email that it names, if any. */
export const measureLogin = internalQuery({
  args: { client: vClient, email: v.union(v.string(), v.null()) },
  returns: vRate,
  handler: async (ctx, { client, email }): Promise<Rate> => {
    const ofAddress = await measureRate(ctx, "loginAddress", toAddressKey(client.ip));
    return email === null ? ofAddress : pickTightest(ofAddress, await measureRate(ctx, "loginEmail", `email/${email}`));
  },
});

/** How far the limit of logins with the caller's own email is used up; null for callers without one. */
export const measureOwnLogin = internalQuery({
  args: { caller: vCaller },
  returns: v.union(vRate, v.null()),
  handler: async (ctx, { caller }): Promise<Rate | null> => {
    const principal = await resolvePrincipal(ctx, caller);
    const email = principal?.kind === "user" ? principal.user.email : undefined;
    return email === undefined ? null : await measureRate(ctx, "loginEmail", `email/${email}`);
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
