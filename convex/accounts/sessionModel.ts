import type { Infer } from "convex/values";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx } from "../_generated/server";
import type { Client } from "../lib/caller";
import { freeIntegerId, randomUuid, sha256Hex } from "../lib/ids";
import { DAY_MS, MINUTE_MS } from "../lib/time";
import { describeDevice, locate } from "./device";
import type { vEndedReason, vLoginMethod } from "./tables";

/** Sliding and absolute lifetime (contracts §2). */
export const IDLE_LIFETIME_MS = 7 * DAY_MS;
export const TOTAL_LIFETIME_MS = 30 * DAY_MS;
/** Activity is stamped at most this often. */
export const TOUCH_INTERVAL_MS = MINUTE_MS;

/** When a session used at `activityAt` lapses. */
export const lapsesAt = (createdAt: number, activityAt: number): number =>
  Math.min(activityAt + IDLE_LIFETIME_MS, createdAt + TOTAL_LIFETIME_MS);

/**
 * Opens an account session beside a new Convex Auth session. Returns the SessionID credential, which exists nowhere
 * else: only its hash is stored.
 */
export async function open(
  ctx: MutationCtx,
  user: Doc<"users">,
  options: { loginMethod: Infer<typeof vLoginMethod>; client: Client; data?: string },
): Promise<{ session: Doc<"accountSessions">; credential: string; expiresAt: number }> {
  const now = Date.now();
  const authSessionId = await ctx.db.insert("authSessions", {
    userId: user._id,
    expirationTime: now + TOTAL_LIFETIME_MS,
  });
  const credential = randomUuid();
  const device = describeDevice(options.client.userAgent);
  const location = locate(options.client);
  const sessionId = await ctx.db.insert("accountSessions", {
    publicId: await freeIntegerId(async (id) => (await byPublicId(ctx, id)) !== null),
    credentialHash: await sha256Hex(credential),
    keyStub: `${credential.slice(0, 6)}…`,
    authSessionId,
    userId: user._id,
    tenantId: user.tenantId,
    data: options.data ?? "{}",
    ipAddress: options.client.ip,
    userAgent: options.client.userAgent.slice(0, 512),
    ...device,
    location,
    loginMethod: options.loginMethod,
    createdAt: now,
    searchText: [device.deviceName, options.client.ip, location, options.loginMethod].filter(Boolean).join(" "),
    state: { kind: "active" },
  });
  const expiresAt = lapsesAt(now, now);
  await ctx.db.insert("accountSessionActivity", { sessionId, lastActivityAt: now, expiresAt });
  const session = await ctx.db.get("accountSessions", sessionId);
  if (!session) throw new Error("a row inserted in this transaction is missing");
  return { session, credential, expiresAt };
}

export const byPublicId = (ctx: { db: MutationCtx["db"] }, publicId: number) =>
  ctx.db
    .query("accountSessions")
    .withIndex("by_publicId", (q) => q.eq("publicId", publicId))
    .unique();

export const activityOf = (ctx: { db: MutationCtx["db"] }, sessionId: Id<"accountSessions">) =>
  ctx.db
    .query("accountSessionActivity")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/**
 * Ends a session: its REST credential and JWTs fail from this commit on, its live queries re-run and fail with
 * `SESSION_REVOKED`. Ending an ended session changes nothing; returns whether it was active.
 */
export async function end(
  ctx: MutationCtx,
  session: Doc<"accountSessions">,
  reason: Infer<typeof vEndedReason>,
): Promise<boolean> {
  if (session.state.kind === "ended") return false;
  await ctx.db.patch("accountSessions", session._id, { state: { kind: "ended", endedAt: Date.now(), reason } });
  const activity = await activityOf(ctx, session._id);
  if (activity) await ctx.db.delete("accountSessionActivity", activity._id);
  const tokens = await ctx.db
    .query("authRefreshTokens")
    .withIndex("sessionId", (q) => q.eq("sessionId", session.authSessionId))
    .collect();
  for (const token of tokens) await ctx.db.delete("authRefreshTokens", token._id);
  if (await ctx.db.get("authSessions", session.authSessionId))
    await ctx.db.delete("authSessions", session.authSessionId);
  return true;
}

/** Stamps activity when a minute has passed since the last stamp. False, and ended, when the session had lapsed. */
export async function touch(ctx: MutationCtx, session: Doc<"accountSessions">): Promise<boolean> {
  const now = Date.now();
  const activity = await activityOf(ctx, session._id);
  if (!activity || activity.expiresAt <= now) {
    await end(ctx, session, "expired");
    return false;
  }
  if (now - activity.lastActivityAt >= TOUCH_INTERVAL_MS)
    await ctx.db.patch("accountSessionActivity", activity._id, {
      lastActivityAt: now,
      expiresAt: lapsesAt(session.createdAt, now),
    });
  return true;
}
