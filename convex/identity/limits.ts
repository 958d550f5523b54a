import { MINUTE, RateLimiter, SECOND, type RateLimitConfig } from "@convex-dev/rate-limiter";
import { components } from "../_generated/api";
import type { MutationCtx } from "../_generated/server";
import { AppError } from "../lib/errors";

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

const config = (name: LimitName): RateLimitConfig => ({
  kind: "token bucket",
  rate: readLimit(name),
  period: MINUTE,
});

const limiter = new RateLimiter(components.rateLimiter);

export type Grant = { granted: number; retryAfterSeconds: number };

/** Takes up to `want` tokens; grants fewer when fewer are left, and none with the seconds until one is back. */
export async function takeTokens(ctx: MutationCtx, name: LimitName, key: string, want = 1): Promise<Grant> {
  for (let count = want; ; count = Math.floor(count / 2)) {
    let status = await limiter.limit(ctx, name, { key, count, config: config(name) });
    // A period fills an empty bucket. A longer wait means that its time lies ahead: the clock was put back. It begins
    // anew. Clocks are slewed by less than a second, which is no reason to.
    if (status.retryAfter !== undefined && status.retryAfter > MINUTE + SECOND) {
      await limiter.reset(ctx, name, { key });
      status = await limiter.limit(ctx, name, { key, count, config: config(name) });
    }
    if (status.ok) return { granted: count, retryAfterSeconds: 0 };
    if (count <= 1)
      return { granted: 0, retryAfterSeconds: Math.max(1, Math.ceil((status.retryAfter ?? MINUTE) / 1000)) };
  }
}

export const rateLimited = (retryAfterSeconds: number) =>
  new AppError("RATE_LIMITED", `Too many requests. Try again in ${retryAfterSeconds} s.`, {
    retryAfter: retryAfterSeconds,
  });

/** Takes one token or throws `RATE_LIMITED`. */
export async function requireToken(ctx: MutationCtx, name: LimitName, key: string): Promise<void> {
  const { granted, retryAfterSeconds } = await takeTokens(ctx, name, key);
  if (granted === 0) throw rateLimited(retryAfterSeconds);
}
