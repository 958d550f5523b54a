/**
 * Keeps account sessions in step with what Convex Auth does to its own session rows, in the same transaction: a session
 * born through an OAuth redirect gets its account session, a sign-out ends it, a token refresh counts as activity.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { readClientOfCall } from "../../identity/caller";
import * as Alerts from "../devices/signInAlerts";
import { findCutOffReason } from "../../identity/sessions/cutOff";
import { endSessionAudited, expireSession, touchSession } from "../../identity/sessions/endSession";
import { deleteUsedTokens, endSession, getSessionByAuthId, openSession } from "../../identity/sessions/accountSessions";
import { requireUserRow } from "../../identity/users";
import { guestSignedIn } from "../../events/accounts";
import { getAuthSessionId, readAuthSession } from "../../identity/subject";

/** A request of Convex Auth to its store, as far as sessions are concerned. */
export type StoreRequest = { type: string; refreshToken?: string };
type SessionInfo = { userId: Id<"users">; sessionId: Id<"authSessions"> } | null;

/** Runs `store`, Convex Auth's own mutation, with account sessions kept in step. */
export async function storeInStep<Result>(
  ctx: MutationCtx,
  request: StoreRequest,
  store: () => Promise<Result>,
): Promise<Result> {
  switch (request.type) {
    case "verifyCodeAndSignIn": {
      const current = await getAuthSessionId(ctx);
      const result = await store();
      const born = result as SessionInfo;
      if (born) {
        const replaced = current && (await getSessionByAuthId(ctx, current));
        if (current) await endCurrentSession(ctx, current);
        const user = await adoptSession(ctx, born.userId, born.sessionId);
        if (replaced)
          await guestSignedIn({ ...ctx, principal: { user }, client: await readClientOfCall(ctx) }, replaced.userId);
      }
      return result;
    }
    case "signOut": {
      const current = await getAuthSessionId(ctx);
      if (current) await endCurrentSession(ctx, current);
      return await store();
    }
    case "refreshSession":
      return await refreshSession(ctx, request.refreshToken ?? "", store);
    default:
      return await store();
  }
}

async function adoptSession(
  ctx: MutationCtx,
  userId: Id<"users">,
  authSessionId: Id<"authSessions">,
): Promise<Doc<"users">> {
  const user = await requireUserRow(ctx, userId);
  const client = await readClientOfCall(ctx);
  const { session } = await openSession(ctx, user, { loginMethod: "google", client, authSessionId });
  await Alerts.raiseAlert(ctx, session);
  await Audit.append(ctx, {
    action: "sign_in",
    target: `session ${session.publicId}`,
    actor: { user },
    client,
  });
  return user;
}

async function endCurrentSession(ctx: MutationCtx, authSessionId: Id<"authSessions">): Promise<void> {
  const session = await getSessionByAuthId(ctx, authSessionId);
  if (session) await endSessionAudited(ctx, session, "signed_out", await readClientOfCall(ctx));
}

/**
 * A session that lapsed or was cut off is ended before it could be refreshed; one whose tokens no longer hold is ended
 * with them.
 */
async function refreshSession<Result>(
  ctx: MutationCtx,
  refreshToken: string,
  store: () => Promise<Result>,
): Promise<Result> {
  // A refresh token names its session as a subject does: `<token>|<session>`.
  const authSessionId = ctx.db.normalizeId("authSessions", readAuthSession(refreshToken) ?? "");
  const session = authSessionId && (await getSessionByAuthId(ctx, authSessionId));
  if (session?.state.kind === "active") {
    const cutOff = findCutOffReason(await requireUserRow(ctx, session.userId), session);
    if (cutOff === null) await touchSession(ctx, session);
    else await endSession(ctx, session, cutOff);
  }
  const result = await store();
  if (!session) return result;
  if (result === null) {
    if (!(await ctx.db.get("authSessions", session.authSessionId))) {
      const now = await ctx.db.get("accountSessions", session._id);
      if (now) await expireSession(ctx, now);
    }
  } else await deleteUsedTokens(ctx, session.authSessionId);
  return result;
}
