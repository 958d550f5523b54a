/** The transactions that answer the REST requests of routes.ts (README §2). */
import { v } from "convex/values";
import { internalQuery } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { vCaller } from "../../identity/caller";
import { forbidden } from "../../lib/errors";
import { restMutation, restQuery } from "../../rest/functions";
import { noContent, reply } from "../../rest/reply";
import { requireUser, resolvePrincipal } from "../../identity/principal";
import { endSession as endAccountSession } from "../../identity/sessions/accountSessions";
import { requireTenant } from "../../identity/tenants";
import { wireCurrentSession } from "./wire";

const notYours = () => forbidden("This session id is not the one of the Authorization header.");

/** The caller's session. `own` is whether path and header named the same one; told apart only to a valid caller. */
export const session = restQuery({
  args: { own: v.boolean() },
  handler: async (ctx, { own }) => {
    const principal = requireUser(ctx.principal);
    if (!own) throw notYours();
    return reply(200, wireCurrentSession(principal, await requireTenant(ctx, principal.tenantId)));
  },
});

export const endSession = restMutation({
  args: { own: v.boolean() },
  handler: async (ctx, { own }) => {
    const { user, accountSession } = requireUser(ctx.principal);
    if (!own) throw notYours();
    await endAccountSession(ctx, accountSession, "signed_out");
    await Audit.append(ctx, {
      action: "session_ended",
      target: `session ${accountSession.publicId}`,
      actor: { user },
      client: ctx.client,
    });
    return noContent();
  },
});

/** Whom an access token is to be made for. */
export const tokenSubject = internalQuery({
  args: { caller: vCaller },
  returns: v.object({ userId: v.id("users"), authSessionId: v.id("authSessions") }),
  handler: async (ctx, { caller }) => {
    const { user, accountSession } = requireUser(await resolvePrincipal(ctx, caller));
    return { userId: user._id, authSessionId: accountSession.authSessionId };
  },
});
