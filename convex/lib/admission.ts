import { v } from "convex/values";
import { internalMutation } from "../_generated/server";
import { resolvePrincipal, type Principal } from "../accounts/principal";
import { touch } from "../accounts/sessionModel";
import { vCaller, vClient, type Client } from "./caller";
import { unauthenticated } from "./errors";
import { takeTokens, type LimitName } from "./limits";

export const vLimit = v.union(v.literal("identity"), v.literal("businessCards"), v.literal("guestWrites"));

const keyOf = (principal: Principal, client: Client): { name: LimitName; key: string } => {
  if (principal === null) return { name: "identity", key: `address/${client.ip}` };
  if (principal.kind === "user") return { name: "identity", key: `user/${principal.user._id}` };
  return principal.kind === "guest"
    ? { name: "identity", key: `guest/${principal.guest.hash}` }
    : { name: "service", key: "service" };
};

/**
 * Lets a caller in: takes up to `want` tokens of their limit, and stamps the session's activity when due.
 * `UNAUTHENTICATED` when the session has lapsed. `granted` 0 means the limit is used up.
 */
export const admit = internalMutation({
  args: { caller: vCaller, client: vClient, limit: vLimit, want: v.number() },
  returns: v.object({ granted: v.number(), retryAfterSeconds: v.number() }),
  handler: async (ctx, { caller, client, limit, want }) => {
    const principal = await resolvePrincipal(ctx, caller);
    if (principal?.kind === "user" && !(await touch(ctx, principal.accountSession)))
      return await lapsed();
    const own = keyOf(principal, client);
    // Guests alone have a limit of their own for writing.
    const ownName = limit === "identity" || (limit === "guestWrites" && principal?.kind !== "guest");
    return await takeTokens(
      ctx,
      ownName ? own.name : limit,
      limit === "businessCards" ? `address/${client.ip}` : own.key,
      want,
    );
  },
});

/** The lapse itself must be committed, so it is told by value; the caller turns it into 401. */
const lapsed = async () => ({ granted: -1, retryAfterSeconds: 0 });
export const isLapsed = (grant: { granted: number }): boolean => grant.granted < 0;
export const lapsedError = unauthenticated;
