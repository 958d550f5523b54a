/** Device management (contracts §3): a user's own sessions, listed and ended. REST and live functions call the same. */
import type { Doc } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import * as Audit from "../audit/model";
import type { Client } from "../lib/caller";
import { notFound } from "../lib/errors";
import { MINUTE_MS } from "../lib/time";
import type { UserPrincipal } from "./principal";
import { indexQuery, matches } from "./searching";
import { activeOf, byPublicId, end, endAll, SESSIONS_AT_ONCE } from "./sessionModel";

type ReadCtx = { db: QueryCtx["db"] };

export type ListedDevice = { session: Doc<"accountSessions">; lastActivityAt: number; isCurrent: boolean };

/** The caller's active sessions that match `search`: the current one first, then by last activity, newest first. */
export async function list(ctx: ReadCtx, principal: UserPrincipal, search = ""): Promise<ListedDevice[]> {
  const { user, accountSession } = principal;
  const now = Date.now();
  const [sessions, activities] = await Promise.all([
    find(ctx, user, search),
    ctx.db
      .query("accountSessionActivity")
      .withIndex("by_userId_and_lastActivityAt", (q) => q.eq("userId", user._id))
      .order("desc")
      .take(SESSIONS_AT_ONCE),
  ]);
  const byId = new Map(sessions.map((session) => [session._id, session]));
  const listed = activities.flatMap(({ sessionId, lastActivityAt, expiresAt }) => {
    const session = byId.get(sessionId);
    return session && expiresAt > now
      ? [{ session, lastActivityAt, isCurrent: sessionId === accountSession._id }]
      : [];
  });
  return [...listed.filter((device) => device.isCurrent), ...listed.filter((device) => !device.isCurrent)];
}

async function find(ctx: ReadCtx, user: Doc<"users">, search: string): Promise<Doc<"accountSessions">[]> {
  const words = indexQuery(search);
  if (words === "") {
    const all = await activeOf(ctx, user._id).take(SESSIONS_AT_ONCE);
    return all.filter((session) => matches(session, search));
  }
  const hits = await ctx.db
    .query("accountSessions")
    .withSearchIndex("search", (q) =>
      q.search("searchText", words).eq("userId", user._id).eq("state.kind", "active"),
    )
    .take(SESSIONS_AT_ONCE);
  return hits.filter((session) => matches(session, search));
}

/**
 * Ends one of the caller's sessions; ending the current one is a logout. `NOT_FOUND` alike for unknown ids, ended
 * sessions and other people's.
 */
export async function endOne(
  ctx: MutationCtx,
  principal: UserPrincipal,
  publicId: number,
  client: Client,
): Promise<Doc<"accountSessions">> {
  const session = await byPublicId(ctx, publicId);
  if (session?.userId !== principal.user._id || session.state.kind === "ended")
    throw notFound("Session not found or already terminated");
  await end(ctx, session, session._id === principal.accountSession._id ? "signed_out" : "ended_by_user");
  await Audit.append(ctx, {
    action: "session_ended",
    target: `session ${publicId}`,
    actor: principal,
    client,
  });
  return session;
}

/** Ends all of the caller's sessions, the current one only if asked; returns how many. */
export async function endEvery(
  ctx: MutationCtx,
  principal: UserPrincipal,
  options: { excludeCurrent: boolean; client: Client },
): Promise<number> {
  const { user, accountSession } = principal;
  const others = await endAll(ctx, user._id, "ended_by_user", accountSession._id);
  const own = !options.excludeCurrent && (await end(ctx, accountSession, "signed_out")) ? 1 : 0;
  await Audit.append(ctx, {
    action: "sessions_ended",
    target: `${others + own} sessions`,
    actor: principal,
    client: options.client,
  });
  return others + own;
}

/**
 * Listing is audited at most once a minute per session: an entry per request would turn every read into a write, and
 * the entries of one polling client would bury all others.
 */
export const LISTING_AUDIT_INTERVAL_MS = MINUTE_MS;

export async function noteListing(ctx: MutationCtx, principal: UserPrincipal, client: Client): Promise<void> {
  const what = { action: "sessions_listed", target: `session ${principal.accountSession.publicId}` } as const;
  if (await Audit.lastWithin(ctx, principal.user._id, what, LISTING_AUDIT_INTERVAL_MS)) return;
  await Audit.append(ctx, { ...what, actor: principal, client });
}
