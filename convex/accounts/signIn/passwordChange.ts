/** The transactions of a password change; the hashing between them is accounts/password's. */
import { v } from "convex/values";
import { internalMutation, type MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { conflict, forbidden, notFound } from "../../lib/errors";
import { takeTokens } from "../../identity/limits";
import { clientOfCall } from "./authStore";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { endAllAudited } from "../../identity/sessions/endAllSessions";
import { passwordAccountOf } from "../../identity/users";

const vStored = v.union(v.string(), v.null());

/**
 * Counts an attempt of the caller, as a login of their address: a stolen session must not guess faster than a stranger.
 * → the stored hash, null when there is no password yet.
 */
export const begin = internalMutation({
  args: {},
  returns: v.object({ retryAfterSeconds: v.union(v.number(), v.null()), stored: vStored }),
  handler: async (ctx) => {
    const { user } = requireUser(await resolvePrincipal(ctx));
    if (user.email === undefined) throw forbidden("Guests have no password. Register first.");
    const grant = await takeTokens(ctx, "loginEmail", `email/${user.email}`);
    if (grant.granted === 0) return { retryAfterSeconds: grant.retryAfterSeconds, stored: null };
    const account = await passwordAccountOf(ctx, user._id);
    return { retryAfterSeconds: null, stored: account?.secret ?? null };
  },
});

/** Audits a change that failed on its current password. */
export const refuse = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const { user } = requireUser(await resolvePrincipal(ctx));
    await Audit.append(ctx, {
      action: "password_changed",
      target: `user ${user.uuid}`,
      actor: { user },
      client: await clientOfCall(ctx),
      outcome: "failure",
    });
    return null;
  },
});

/** Stores the new hash if `previous` still stands, and ends every other session; → how many. */
export const apply = internalMutation({
  args: { previous: vStored, next: v.string() },
  returns: v.number(),
  handler: async (ctx, { previous, next }) => {
    const { user, accountSession } = requireUser(await resolvePrincipal(ctx));
    if (user.email === undefined) throw notFound();
    const account = await passwordAccountOf(ctx, user._id);
    if ((account?.secret ?? null) !== previous) throw conflict("The password was changed elsewhere in the meantime.");
    if (account) await ctx.db.patch("authAccounts", account._id, { secret: next });
    else
      await ctx.db.insert("authAccounts", {
        userId: user._id,
        provider: "password",
        providerAccountId: user.email,
        secret: next,
      });
    if (user.newPasswordAskedAt !== undefined) await ctx.db.patch("users", user._id, { newPasswordAskedAt: undefined });
    await closeAlerts(ctx, user._id);
    const by = { actor: { user }, client: await clientOfCall(ctx) };
    await Audit.append(ctx, { action: "password_changed", target: `user ${user.uuid}`, ...by });
    return await endAllAudited(ctx, user._id, "password_changed", by, accountSession._id);
  },
});

const ALERTS_AT_ONCE = 500;

/** The sessions they tell of have just ended. */
async function closeAlerts(ctx: MutationCtx, userId: Parameters<typeof passwordAccountOf>[1]): Promise<void> {
  const alerts = await ctx.db
    .query("signInAlerts")
    .withIndex("by_userId_and_at", (q) => q.eq("userId", userId))
    .order("desc")
    .take(ALERTS_AT_ONCE);
  for (const alert of alerts) await ctx.db.delete("signInAlerts", alert._id);
}
