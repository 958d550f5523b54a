/**
 * Tokens are taken from the database in leases that grow while one caller keeps coming: from a 128th of a minute's
 * limit, at least 1, doubling to as many as the caller will use at that pace, at most an eighth of the limit. So a
 * stream of reads costs a few writes a minute instead of one per request. A lease is deducted before it is used: the
 * limit is never exceeded, however many processes hold leases.
 *
 * The way of a request: `pipeline.ts` makes its `Admission`. That takes from the lease here, or makes a `TokenDemand`,
 * for `identity/admission:admit` or for the request's own write. Either answers with a `TokenGrant`, whose tokens come
 * from `identity/limits/buckets.ts`.
 */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import type { Caller, Client } from "../../identity/caller";
import type { EndpointLimit, TokenDemand, TokenGrant } from "../../identity/limits/callerTokens";
import { readLimit, rateLimited, toUsage, toUsedUp, type LimitName, type Usage } from "../../identity/limits/limits";
import { unauthenticated } from "../../lib/errors";
import { MINUTE_MS, SECOND_MS } from "../../lib/time";

type Who = { credentialKey: string; caller: Caller; client: Client };
type Lease = {
  tokens: number;
  size: number;
  takenAt: number;
  blockedForMs: number;
  /** The limit, and what the database had left of it besides this lease. */
  limit: number;
  left: number;
};

const MAX_LEASES = 20_000;
/** Unused tokens are given up after this, and activity is stamped at least this often. */
const LEASE_LIFETIME_MS = 30 * SECOND_MS;

const leases = new Map<string, Lease>();
const renewals = new Map<string, Promise<void>>();

/** Counts one request of `caller` against `limit`; throws `RATE_LIMITED`, or `UNAUTHENTICATED` for a lapsed session. */
export async function admitRequest(ctx: ActionCtx, who: Who, limit: EndpointLimit): Promise<void> {
  const key = toKey(who, limit);
  for (;;) {
    if (takeFromLease(key)) return;
    let renewal = renewals.get(key);
    if (!renewal) {
      renewal = renew(ctx, key, who, limit).finally(() => renewals.delete(key));
      renewals.set(key, renewal);
    }
    await renewal;
  }
}

const toKey = (who: Who, limit: EndpointLimit) => `${limit} ${who.credentialKey}`;

/** How far the limit is used up, as the caller's lease knows it; undefined before the caller was first counted. */
export function estimateUsage(who: Who, limit: EndpointLimit): Usage | undefined {
  const lease = leases.get(toKey(who, limit));
  if (!lease) return undefined;
  const ageMs = Math.min(measureAge(lease), MINUTE_MS);
  const blockedMs = lease.blockedForMs - ageMs;
  if (blockedMs > 0) return toUsedUp(lease.limit, Math.ceil(blockedMs / SECOND_MS));
  return toUsage(lease.limit, Math.min(lease.limit, lease.left + (ageMs / MINUTE_MS) * lease.limit + lease.tokens));
}

/** The age of the lease, ms; for ever, when the clock was put back to before that. */
function measureAge({ takenAt }: Lease, now = Date.now()): number {
  return now < takenAt ? Infinity : now - takenAt;
}

/**
 * Takes one request from a lease; false when there is none that covers it. Throws `RATE_LIMITED` while the limit is
 * known to be used up.
 */
function takeFromLease(key: string): boolean {
  const lease = leases.get(key);
  if (!lease) return false;
  const blockedMs = lease.blockedForMs - measureAge(lease);
  if (blockedMs > 0) throw rateLimited(Math.ceil(blockedMs / SECOND_MS));
  if (lease.tokens === 0 || measureAge(lease) >= LEASE_LIFETIME_MS) return false;
  lease.tokens--;
  return true;
}

/** One request that has yet to be counted against its limit: at once, or by the transaction that answers it. */
export class Admission {
  #isDue = true;

  constructor(
    private readonly ctx: ActionCtx,
    private readonly who: Who,
    private readonly limit: EndpointLimit,
  ) {}

  /** Whether nothing has counted the request yet. */
  get isDue(): boolean {
    return this.#isDue;
  }

  /** How far the limit is used up; undefined before anything has counted the request. */
  estimateUsage(): Usage | undefined {
    return estimateUsage(this.who, this.limit);
  }

  /** Counts the request. Throws as `admitRequest` does. */
  async count(): Promise<void> {
    this.#isDue = false;
    await admitRequest(this.ctx, this.who, this.limit);
  }

  /**
   * Counts the request from a lease, if there is one. Otherwise returns the tokens that its own transaction must take,
   * whose grant then goes to `settle`; undefined when the request is counted.
   */
  countOrDemand(): TokenDemand | undefined {
    if (!this.#isDue) return undefined;
    this.#isDue = !takeFromLease(toKey(this.who, this.limit));
    return this.#isDue ? { limit: this.limit, want: countWanted(this.who, this.limit) } : undefined;
  }

  /** Counts the request by what its transaction took, and keeps the rest as a lease. Throws as `admitRequest` does. */
  settle(grant: TokenGrant): void {
    this.#isDue = false;
    if (grant.hasLapsed) throw unauthenticated();
    const lease = keep(toKey(this.who, this.limit), grant, Date.now());
    if (grant.granted === 0) throw rateLimited(grant.retryAfterSeconds);
    lease.tokens--;
  }
}

/** Twice what was used up since, but no more than the same pace uses before the lease expires. */
function countWorthTaking({ size, tokens }: Lease, elapsedMs: number): number {
  const used = size - tokens;
  return Math.max(1, Math.min(used * 2, Math.floor((used * LEASE_LIFETIME_MS) / Math.max(1, elapsedMs))));
}

const isService = ({ caller }: Who): boolean => caller.service === true || caller.serviceKeyHash !== undefined;

/**
 * The limit that leases are sized by. For writing drafts it is that of guests, for everybody: who has signed in has the
 * larger one of `identity`, and gets smaller leases of it than there might be.
 */
function findSizingLimit(who: Who, limit: EndpointLimit): LimitName {
  if (limit === "draftWrites") return "guestWrites";
  return limit === "identity" && isService(who) ? "service" : limit;
}

function countWanted(who: Who, limit: EndpointLimit): number {
  const last = leases.get(toKey(who, limit));
  const limitTokens = readLimit(findSizingLimit(who, limit));
  const cap = Math.max(1, Math.floor(limitTokens / 8));
  const first = Math.max(1, Math.floor(limitTokens / 128));
  return Math.min(cap, last ? countWorthTaking(last, measureAge(last)) : first);
}

async function renew(ctx: ActionCtx, key: string, who: Who, limit: EndpointLimit): Promise<void> {
  const now = Date.now();
  const grant = await ctx.runMutation(internal.identity.admission.admit, {
    caller: who.caller,
    client: who.client,
    demand: { limit, want: countWanted(who, limit) },
  });
  if (grant.hasLapsed) throw unauthenticated();
  keep(key, grant, now);
}

function keep(key: string, { granted, retryAfterSeconds, usage }: TokenGrant, now: number): Lease {
  if (leases.size >= MAX_LEASES) leases.clear();
  // Uses what another request took at the same time.
  const last = leases.get(key);
  const left = last && measureAge(last, now) < LEASE_LIFETIME_MS ? last.tokens : 0;
  const lease = {
    tokens: granted + left,
    size: Math.max(1, granted + left),
    takenAt: now,
    blockedForMs: granted === 0 ? retryAfterSeconds * SECOND_MS : 0,
    limit: usage.limit,
    left: usage.remaining,
  };
  leases.set(key, lease);
  return lease;
}
