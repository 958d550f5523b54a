/**
 * Keeps account sessions in step with what Convex Auth does to its own session rows, in the same transaction: a session
 * born through an OAuth redirect gets its account session, a sign-out ends it, a token refresh counts as activity.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import * as Audit from "../../audit/writer";
import { userAgentText, type Client } from "../../identity/caller";
import { DAY_MS } from "../../lib/time";
import * as Alerts from "../devices/signInAlerts";
import { cutOffReason } from "../../identity/sessions/cutOff";
import { endAudited, expire, touch } from "../../identity/sessions/endSession";
import { byAuthSessionId, end, open } from "../../identity/sessions/accountSessions";
import { requireRow } from "../../identity/users";
import { claimAnonymous } from "../../valuations/guests/claim";
import { authSessionIdOf, sessionOfSubject } from "../../identity/subject";

/** Used refresh tokens are kept this long: long enough that a late repeat is recognised as one. */
const USED_TOKEN_LIFETIME_MS = DAY_MS;
const PRUNED_AT_ONCE = 100;

/** What Convex Auth asks of its store, as far as sessions are concerned. */
export type StoreRequest = { type: string; refreshToken?: string };
type SessionInfo = { userId: Id<"users">; sessionId: Id<"authSessions"> } | null;

type CallCtx = { meta: { getRequestMetadata(): Promise<{ ip: string | null; userAgent: string | null }> } };

/** Where a call over the live protocol came from. */
export async function clientOfCall(ctx: CallCtx): Promise<Client> {
  const { ip, userAgent } = await ctx.meta.getRequestMetadata();
  return { ip, userAgent: userAgentText(userAgent) };
}

/** Runs `store`, Convex Auth's own mutation, with account sessions kept in step. */
export async function inStep<Result>(
  ctx: MutationCtx,
  request: StoreRequest,
  store: () => Promise<Result>,
): Promise<Result> {
  switch (request.type) {
    case "verifyCodeAndSignIn": {
      const current = await authSessionIdOf(ctx);
      const result = await store();
      const born = result as SessionInfo;
      if (born) {
        const replaced = current && (await byAuthSessionId(ctx, current));
        if (current) await endBeside(ctx, current);
        const user = await adopt(ctx, born.userId, born.sessionId);
        if (replaced) await claimAnonymous(ctx, user._id, replaced.userId, await clientOfCall(ctx));
      }
      return result;
    }
    case "signOut": {
      const current = await authSessionIdOf(ctx);
      if (current) await endBeside(ctx, current);
      return await store();
    }
    case "refreshSession":
      return await refresh(ctx, request.refreshToken ?? "", store);
    default:
      return await store();
  }
}

async function adopt(ctx: MutationCtx, userId: Id<"users">, authSessionId: Id<"authSessions">): Promise<Doc<"users">> {
  const user = await requireRow(ctx, userId);
  const client = await clientOfCall(ctx);
  const { session } = await open(ctx, user, { loginMethod: "google", client, authSessionId });
  await Alerts.raise(ctx, session);
  await Audit.append(ctx, {
    action: "sign_in",
    target: `session ${session.publicId}`,
    actor: { user },
    client,
  });
  return user;
}

async function endBeside(ctx: MutationCtx, authSessionId: Id<"authSessions">): Promise<void> {
  const session = await byAuthSessionId(ctx, authSessionId);
  if (session) await endAudited(ctx, session, "signed_out", await clientOfCall(ctx));
}

/** A session that lapsed or was cut off is ended before it could be refreshed; one whose tokens no longer hold is ended with them. */
async function refresh<Result>(ctx: MutationCtx, refreshToken: string, store: () => Promise<Result>): Promise<Result> {
  // A refresh token names its session as a subject does: `<token>|<session>`.
  const authSessionId = ctx.db.normalizeId("authSessions", sessionOfSubject(refreshToken) ?? "");
  const session = authSessionId && (await byAuthSessionId(ctx, authSessionId));
  if (session?.state.kind === "active") {
    const cutOff = cutOffReason(await requireRow(ctx, session.userId), session);
    if (cutOff === null) await touch(ctx, session);
    else await end(ctx, session, cutOff);
  }
  const result = await store();
  if (!session) return result;
  if (result === null) {
    if (!(await ctx.db.get("authSessions", session.authSessionId))) {
      const now = await ctx.db.get("accountSessions", session._id);
      if (now) await expire(ctx, now);
    }
  } else await prune(ctx, session.authSessionId);
  return result;
}

/** A session of 30 days would otherwise gather thousands of used tokens. */
async function prune(ctx: MutationCtx, authSessionId: Id<"authSessions">): Promise<void> {
  const oldest = await ctx.db
    .query("authRefreshTokens")
    .withIndex("sessionId", (q) =>
      q.eq("sessionId", authSessionId).lt("_creationTime", Date.now() - USED_TOKEN_LIFETIME_MS),
    )
    .take(PRUNED_AT_ONCE);
  for (const token of oldest)
    if (token.firstUsedTime !== undefined && token.firstUsedTime < Date.now() - USED_TOKEN_LIFETIME_MS)
      await ctx.db.delete("authRefreshTokens", token._id);
}
