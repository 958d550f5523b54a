/**
 * Opens, stamps and ends sessions. The one module that writes `accountSessions`, their activity, and the session and
 * refresh token rows that Convex Auth keeps beside them.
 */
import type { Infer } from "convex/values";
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Client } from "../caller";
import { findFreeIntegerId, createUuid, hashSha256 } from "../../lib/ids";
import { DAY_MS } from "../../lib/time";
import { findCutOffReason, getGeneration } from "./cutOff";
import { describeDevice } from "./device";
import { computeExpiry, TOTAL_LIFETIME_MS, TOUCH_INTERVAL_MS } from "./lifetimes";
import { toIndexText } from "./search";
import { sessionEnded, sessionStarted } from "./sessionEvents";
import type { vEndedReason, vLoginMethod } from "../validators";

export type LoginMethod = Infer<typeof vLoginMethod>;
export type EndedReason = Infer<typeof vEndedReason>;
type ReadCtx = { db: QueryCtx["db"] };

/** A session just opened. `credential` is the SessionID; it exists nowhere else, only its hash is stored. */
export type Opened = { session: Doc<"accountSessions">; credential: string; expiresAt: number };

/**
 * Opens an account session beside a Convex Auth session: a new one, or `authSessionId` when Convex Auth has made it
 * already. `user` is the row as it stands in this transaction; `data` is JSON text.
 */
export async function openSession(
  ctx: MutationCtx,
  user: Doc<"users">,
  options: { loginMethod: LoginMethod; client: Client; data?: string; authSessionId?: Id<"authSessions"> },
): Promise<Opened> {
  const now = Date.now();
  const authSessionId =
    options.authSessionId ??
    (await ctx.db.insert("authSessions", { userId: user._id, expirationTime: now + TOTAL_LIFETIME_MS }));
  const credential = createUuid();
  const { ip: ipAddress, userAgent, location = null } = options.client;
  const generation = getGeneration(user);
  const described = { ...describeDevice(userAgent), ipAddress, location, loginMethod: options.loginMethod };
  const sessionId = await ctx.db.insert("accountSessions", {
    ...described,
    searchText: toIndexText(described),
    userAgent,
    publicId: await findFreeIntegerId(async (id) => (await getSessionByPublicId(ctx, id)) !== null),
    credentialHash: await hashSha256(credential),
    keyStub: `${credential.slice(0, 6)}…`,
    authSessionId,
    userId: user._id,
    tenantId: user.tenantId,
    data: options.data ?? "{}",
    createdAt: now,
    generation,
    state: { kind: "active" },
  });
  const expiresAt = computeExpiry(now, now);
  await ctx.db.insert("accountSessionActivity", {
    sessionId,
    userId: user._id,
    lastActivityAt: now,
    expiresAt,
    generation,
  });
  if (location === null && ipAddress !== null && process.env.GEOIP_DATABASE)
    await ctx.scheduler.runAfter(0, internal.accounts.geo.locateSession, { sessionId, ip: ipAddress });
  const session = await ctx.db.get("accountSessions", sessionId);
  if (!session) throw new Error("a row inserted in this transaction is missing");
  await sessionStarted(ctx, session);
  return { session, credential, expiresAt };
}

/** Names a device; an empty name is the one that its User-Agent gives. → the name */
export async function setDeviceName(ctx: MutationCtx, session: Doc<"accountSessions">, given: string): Promise<string> {
  const deviceName = given === "" ? describeDevice(session.userAgent).deviceName : given;
  await ctx.db.patch("accountSessions", session._id, {
    deviceName,
    searchText: toIndexText({ ...session, deviceName }),
  });
  return deviceName;
}

/** Sets the place of the session's network address, once that is known. */
export async function setLocation(ctx: MutationCtx, sessionId: Id<"accountSessions">, location: string): Promise<void> {
  const session = await ctx.db.get("accountSessions", sessionId);
  if (session?.state.kind !== "active") return;
  await ctx.db.patch("accountSessions", sessionId, { location, searchText: toIndexText({ ...session, location }) });
}

export const getSessionByPublicId = (ctx: ReadCtx, publicId: number) =>
  ctx.db
    .query("accountSessions")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();

export const getSessionByAuthId = (ctx: ReadCtx, authSessionId: Id<"authSessions">) =>
  ctx.db
    .query("accountSessions")
    .withIndex("by_authSessionId", (q) => q.eq("authSessionId", authSessionId))
    .unique();

export const getSessionByCredentialHash = (ctx: ReadCtx, hash: string) =>
  ctx.db
    .query("accountSessions")
    .withIndex("by_credentialHash", (q) => q.eq("credentialHash", hash))
    .unique();

export const getActivity = (ctx: ReadCtx, sessionId: Id<"accountSessions">) =>
  ctx.db
    .query("accountSessionActivity")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/** The session rows that one transaction ends or deletes. Each costs some 25 reads. */
export const SESSION_PAGE_SIZE = 64;

/** Sessions of one user beyond these are not counted. */
export const COUNTED_AT_MOST = 10_000;

/** When the user's active sessions were last used, newest first. Their rows are small enough to read them all. */
export async function listActivities(ctx: ReadCtx, user: Doc<"users">): Promise<Doc<"accountSessionActivity">[]> {
  const activities = await ctx.db
    .query("accountSessionActivity")
    .withIndex("by_userId_and_lastActivityAt", (q) => q.eq("userId", user._id))
    .order("desc")
    .take(COUNTED_AT_MOST);
  return activities.filter(
    ({ sessionId, generation }) => findCutOffReason(user, { _id: sessionId, generation }) === null,
  );
}

/** The rows of the user's sessions that have no end yet; `cutOff` tells which of them are over nevertheless. */
export const queryActiveSessions = (ctx: ReadCtx, userId: Id<"users">) =>
  ctx.db
    .query("accountSessions")
    .withIndex("by_userId_and_state", (q) => q.eq("userId", userId).eq("state.kind", "active"));

/** Further refresh tokens are deleted later: without the `authSessions` row they open nothing. */
const TOKENS_AT_ONCE = 8;

/** Deletes up to `count` refresh tokens of the session; returns whether there may be more. */
export async function deleteTokens(
  ctx: MutationCtx,
  authSessionId: Id<"authSessions">,
  count: number,
): Promise<boolean> {
  const tokens = await ctx.db
    .query("authRefreshTokens")
    .withIndex("sessionId", (q) => q.eq("sessionId", authSessionId))
    .take(count);
  for (const token of tokens) await ctx.db.delete("authRefreshTokens", token._id);
  return tokens.length === count;
}

/**
 * Ends a session: its REST credential and JWTs fail from this commit on, its live queries re-run and fail with
 * `SESSION_REVOKED`. Ending an ended session changes nothing; returns whether it was active.
 */
export async function endSession(
  ctx: MutationCtx,
  session: Doc<"accountSessions">,
  reason: EndedReason,
): Promise<boolean> {
  if (session.state.kind === "ended") return false;
  const state = { kind: "ended" as const, endedAt: Math.max(Date.now(), session.createdAt), reason };
  await ctx.db.patch("accountSessions", session._id, { state, searchText: "" });
  const activity = await getActivity(ctx, session._id);
  await sessionEnded(ctx, session, state, activity?.lastActivityAt ?? session.createdAt);
  if (activity) await ctx.db.delete("accountSessionActivity", activity._id);
  const { authSessionId } = session;
  if (await deleteTokens(ctx, authSessionId, TOKENS_AT_ONCE))
    await ctx.scheduler.runAfter(0, internal.accounts.sweep.deleteTokensOf, { authSessionId });
  if (await ctx.db.get("authSessions", authSessionId)) await ctx.db.delete("authSessions", authSessionId);
  return true;
}

/**
 * Stamps activity when a minute has passed since the last stamp. Returns false, and writes nothing, when the session
 * has lapsed.
 */
export async function stampActivity(ctx: MutationCtx, session: Doc<"accountSessions">): Promise<boolean> {
  const now = Date.now();
  const activity = await getActivity(ctx, session._id);
  if (!activity || activity.expiresAt <= now) return false;
  // Where the clock was put back, activity may be dated ahead of it, but is never dated before the session's beginning.
  const lastActivityAt = Math.max(now, session.createdAt);
  if (Math.abs(lastActivityAt - activity.lastActivityAt) < TOUCH_INTERVAL_MS) return true;
  await ctx.db.patch("accountSessionActivity", activity._id, {
    lastActivityAt,
    expiresAt: computeExpiry(session.createdAt, lastActivityAt),
  });
  return true;
}

/** Deletes an activity row whose session has ended. */
export const deleteActivity = (ctx: MutationCtx, activity: Doc<"accountSessionActivity">): Promise<void> =>
  ctx.db.delete("accountSessionActivity", activity._id);

/** Deletes a page of the sessions that ended at `endedBefore` (ms) or earlier; returns whether there may be more. */
export async function deleteEndedSessions(ctx: MutationCtx, endedBefore: number): Promise<boolean> {
  const rows = await ctx.db
    .query("accountSessions")
    .withIndex("by_state_and_endedAt", (q) => q.eq("state.kind", "ended").lte("state.endedAt", endedBefore))
    .take(SESSION_PAGE_SIZE);
  for (const { _id } of rows) await ctx.db.delete("accountSessions", _id);
  return rows.length === SESSION_PAGE_SIZE;
}

/** Used refresh tokens are kept this long: long enough that a late repeat is recognized as one. */
const USED_TOKEN_LIFETIME_MS = DAY_MS;
const PRUNED_AT_ONCE = 100;

/** Deletes old used refresh tokens, of which a session of 30 days would otherwise gather thousands. */
export async function deleteUsedTokens(ctx: MutationCtx, authSessionId: Id<"authSessions">): Promise<void> {
  const usedBefore = Date.now() - USED_TOKEN_LIFETIME_MS;
  const oldest = await ctx.db
    .query("authRefreshTokens")
    .withIndex("sessionId", (q) => q.eq("sessionId", authSessionId).lt("_creationTime", usedBefore))
    .take(PRUNED_AT_ONCE);
  for (const { _id, firstUsedTime } of oldest)
    if (firstUsedTime !== undefined && firstUsedTime < usedBefore) await ctx.db.delete("authRefreshTokens", _id);
}
