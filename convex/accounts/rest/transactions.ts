/** The transactions that answer the REST requests of routes.ts (accounts/README §2). */
import { v } from "convex/values";
import { internalQuery } from "../../_generated/server";
import { vCaller } from "../../identity/caller";
import { forbidden } from "../../lib/errors";
import { restCommand, restMutation, restQuery } from "../../rest/functions";
import { noContent, reply } from "../../rest/reply";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { endSessionAudited } from "../../identity/sessions/endSession";
import { requireTenant } from "../../identity/tenants";
import * as Profile from "../profile";
import { toWireCurrentSession, toWireProfile } from "./wire";

export { experimental_reuseContext } from "../../lib/contexts";

const notYours = () => forbidden("This session id is not the one of the Authorization header.");

/** The caller's session. `own` is whether path and header named the same one; told apart only to a valid caller. */
export const session = restQuery({
  args: { own: v.boolean() },
  handler: async (ctx, { own }) => {
    const principal = requireUser(ctx.principal);
    if (!own) throw notYours();
    return reply(200, toWireCurrentSession(principal, await requireTenant(ctx, principal.tenantId)));
  },
});

export const profile = restQuery({
  args: {},
  handler: async (ctx) => {
    const principal = requireUser(ctx.principal);
    return reply(200, toWireProfile(principal, await requireTenant(ctx, principal.tenantId)));
  },
});

export const updateProfile = restCommand(Profile.update, async (user, act) =>
  reply(200, toWireProfile({ ...act.principal, user }, await requireTenant(act, act.principal.tenantId))),
);

export const endSession = restMutation({
  args: { own: v.boolean() },
  handler: async (act, { own }) => {
    const { accountSession } = requireUser(act.principal);
    if (!own) throw notYours();
    await endSessionAudited(act, accountSession, "signed_out", act.client);
    return noContent();
  },
});

/** The user and the session that an access token is to be made for. */
export const tokenSubject = internalQuery({
  args: { caller: vCaller },
  returns: v.object({ userId: v.id("users"), authSessionId: v.id("authSessions") }),
  handler: async (ctx, { caller }) => {
    const { user, accountSession } = requireUser(await resolvePrincipal(ctx, caller));
    return { userId: user._id, authSessionId: accountSession.authSessionId };
  },
});
