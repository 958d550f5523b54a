/**
 * The tokens of a caller: what a request demands of its limit, and what its transaction grants. Both cross between the
 * REST edge, which keeps the surplus as leases (`rest/limits/leases.ts`), and the database.
 */
import { v, type Infer } from "convex/values";
import type { MutationCtx } from "../../_generated/server";
import type { Client } from "../caller";
import type { Principal } from "../principal";
import { touchSession } from "../sessions/endSession";
import { toAddressKey } from "./address";
import { readLimit, takeTokens, toUsedUp, vUsage, type LimitName } from "./limits";

/**
 * The limit that an endpoint counts its requests against; `toCounted` makes of it the one that counts a caller.
 * `draftWrites`: guests have a limit of their own for writing, `guestWrites`; everybody else has the one of `identity`.
 */
const vEndpointLimit = v.union(v.literal("identity"), v.literal("businessCards"), v.literal("draftWrites"));
export type EndpointLimit = Infer<typeof vEndpointLimit>;

/** The tokens of a limit that a request's transaction takes before it does anything else: at least its own. */
export const vTokenDemand = v.object({ limit: vEndpointLimit, want: v.number() });
export type TokenDemand = Infer<typeof vTokenDemand>;

/** The tokens that a transaction took on such a demand: none when the limit is used up, or the session has lapsed. */
export const vTokenGrant = v.object({
  granted: v.number(),
  hasLapsed: v.boolean(),
  retryAfterSeconds: v.number(),
  usage: vUsage,
});
export type TokenGrant = Infer<typeof vTokenGrant>;

type Counted = { name: LimitName; key: string };

/** The limit of whoever it is, and the key that it counts them by. */
function toOwnLimit(principal: Principal, client: Client): Counted {
  if (principal === null) return { name: "identity", key: toAddressKey(client.ip) };
  if (principal.kind === "user") return { name: "identity", key: `user/${principal.user._id}` };
  return principal.kind === "guest"
    ? { name: "identity", key: `guest/${principal.guest.hash}` }
    : { name: "service", key: principal.name === null ? "service" : `service/${principal.name}` };
}

function toCounted(limit: EndpointLimit, principal: Principal, client: Client): Counted {
  if (limit === "businessCards") return { name: limit, key: toAddressKey(client.ip) };
  const own = toOwnLimit(principal, client);
  return limit === "draftWrites" && principal?.kind === "guest" ? { ...own, name: "guestWrites" } : own;
}

/**
 * Takes up to `want` tokens of the limit that counts the caller, and stamps the session's activity when due. A refusal
 * is returned, never thrown, because the lapse of a session must be committed.
 */
export async function grantTokens(
  ctx: MutationCtx,
  principal: Principal,
  client: Client,
  { limit, want }: TokenDemand,
): Promise<TokenGrant> {
  if (principal?.kind === "user" && !(await touchSession(ctx, principal.accountSession)))
    return { granted: 0, hasLapsed: true, retryAfterSeconds: 0, usage: toUsedUp(readLimit("identity"), 0) };
  const { name, key } = toCounted(limit, principal, client);
  return { ...(await takeTokens(ctx, name, key, want)), hasLapsed: false };
}
