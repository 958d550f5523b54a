/** Limits by name: how much each lets through in a minute, how its tokens are taken, and how far it is used up. */
import { v, type Infer } from "convex/values";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { AppError } from "../../lib/errors";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";
import { measureTokens, takeFromBucket } from "./buckets";

/** Requests per minute before `RATE_LIMIT_SCALE` (rest/README.md §0). */
export const LIMITS_PER_MINUTE = {
  /** By email address; registration and Google count as logins. */
  loginEmail: 5,
  /** By network address. */
  loginAddress: 20,
  /** By network address. */
  businessCards: 60,
  /** By guest. */
  guestWrites: 60,
  /** By user; by network address for callers without a credential. */
  identity: 120,
  service: 1_200,
  /** Signals of calls, by user. */
  signals: 600,
  /** Failures in browsers, by user. */
  errorReports: 10,
  /** Pages that analytics is told of, by user. */
  pages: 120,
  /** Chat messages in rooms, by user. */
  chat: 60,
  /** Messages to all participants of a session, by user: each becomes many notifications. */
  participantMessages: 10,
} as const;

export type LimitName = keyof typeof LIMITS_PER_MINUTE;

/** The limit in force, tokens per minute. `RATE_LIMIT_SCALE` multiplies every limit; at least 1 remains. */
export function readLimit(name: LimitName): number {
  const scale = Number(process.env.RATE_LIMIT_SCALE ?? "1");
  return Math.max(1, Math.floor(LIMITS_PER_MINUTE[name] * (scale > 0 ? scale : 1)));
}

const toBucket = (name: LimitName, key: string) => ({ name, key, ratePerMinute: readLimit(name) });

/** How far a limit is used up, as `RateLimit-*` headers tell it. */
export const vUsage = v.object({
  /** Requests a minute. */
  limit: v.number(),
  /** Requests left at once. */
  remaining: v.number(),
  /** Until all of `limit` is left again; with none left, until one is. */
  resetSeconds: v.number(),
});
export type Usage = Infer<typeof vUsage>;

/** @param left tokens, not rounded */
export function toUsage(limit: number, left: number): Usage {
  const remaining = Math.max(0, Math.min(limit, Math.floor(left)));
  const missing = remaining === 0 ? Math.max(0, 1 - left) : limit - left;
  const resetSeconds = Math.max(remaining < limit ? 1 : 0, Math.ceil((missing / limit) * (MINUTE_MS / SECOND_MS)));
  return { limit, remaining, resetSeconds };
}

/** The limit with the smaller rest. */
export const pickTightest = (a: Usage, b: Usage): Usage =>
  b.remaining < a.remaining || (b.remaining === a.remaining && b.limit < a.limit) ? b : a;

/** How far a limit is used up; takes nothing. */
export const measureUsage = async (ctx: QueryCtx | MutationCtx, name: LimitName, key: string): Promise<Usage> =>
  toUsage(readLimit(name), await measureTokens(ctx, toBucket(name, key)));

/** The tokens that were taken of a limit: how many, when to come again if none, and what is left. */
export type Taken = {
  granted: number;
  retryAfterSeconds: number;
  /** The limit after this. */
  usage: Usage;
};

/** Takes up to `want` tokens; grants fewer when fewer are left, and none with the seconds until one is back. */
export async function takeTokens(ctx: MutationCtx, name: LimitName, key: string, want = 1): Promise<Taken> {
  const { granted, left } = await takeFromBucket(ctx, toBucket(name, key), want);
  const usage = toUsage(readLimit(name), left);
  return { granted, retryAfterSeconds: granted > 0 ? 0 : usage.resetSeconds, usage };
}

/** A limit that lets nobody through for so long. */
export const toUsedUp = (limit: number, resetSeconds: number): Usage => ({ limit, remaining: 0, resetSeconds });

export const rateLimited = (retryAfterSeconds: number) =>
  new AppError("RATE_LIMITED", `Too many requests. Try again in ${retryAfterSeconds} s.`, {
    retryAfter: retryAfterSeconds,
  });

/** Takes one token or throws `RATE_LIMITED`. */
export async function requireToken(ctx: MutationCtx, name: LimitName, key: string): Promise<void> {
  const { granted, retryAfterSeconds } = await takeTokens(ctx, name, key);
  if (granted === 0) throw rateLimited(retryAfterSeconds);
}
