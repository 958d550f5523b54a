/**
 * Tokens are taken from the database in leases that grow while one caller keeps coming: from a 128th of a minute's limit, at
 * least 1, doubling to as many as the caller will use at that pace, at most an eighth of the limit. So a stream of reads
 * costs a few writes a minute instead of one per request. A lease is deducted before it is used: the limit is never
 * exceeded, however many processes hold leases.
 */
import { internal } from "../_generated/api";
import type { ActionCtx } from "../_generated/server";
import { isLapsed, lapsedError, type Admission } from "../identity/admission";
import type { Caller, Client } from "../identity/caller";
import { limitPerMinute, rateLimited, type Grant } from "../identity/limits";
import { SECOND_MS } from "../lib/time";

export type Limit = Admission["limit"];
type Who = { credentialKey: string; caller: Caller; client: Client };
type Lease = { tokens: number; size: number; takenAt: number; blockedForMs: number };

const MAX_LEASES = 20_000;
/** Unused tokens are given up after this, and activity is stamped at least this often. */
const LEASE_LIFETIME_MS = 30 * SECOND_MS;

const leases = new Map<string, Lease>();
const renewals = new Map<string, Promise<void>>();

/** Counts one request of `caller` against `limit`; throws `RATE_LIMITED`, or `UNAUTHENTICATED` for a lapsed session. */
export async function admitRequest(ctx: ActionCtx, who: Who, limit: Limit): Promise<void> {
  const key = keyOf(who, limit);
  for (;;) {
    if (usesLease(key)) return;
    let renewal = renewals.get(key);
    if (!renewal) {
      renewal = renew(ctx, key, who, limit).finally(() => renewals.delete(key));
      renewals.set(key, renewal);
    }
    await renewal;
  }
}

const keyOf = (who: Who, limit: Limit) => `${limit} ${who.credentialKey}`;

/** How long ago the lease was taken; for ever, when the clock was put back to before that. */
function ageOf({ takenAt }: Lease, now = Date.now()): number {
  return now < takenAt ? Infinity : now - takenAt;
}

/** Whether a lease covers one request more, which it then has. Throws `RATE_LIMITED` while the limit is known to be used up. */
function usesLease(key: string): boolean {
  const lease = leases.get(key);
  if (!lease) return false;
  const blockedMs = lease.blockedForMs - ageOf(lease);
  if (blockedMs > 0) throw rateLimited(Math.ceil(blockedMs / SECOND_MS));
  if (lease.tokens === 0 || ageOf(lease) >= LEASE_LIFETIME_MS) return false;
  lease.tokens--;
  return true;
}

/**
 * For a request whose own transaction can count it: what that is to take, or null when a lease covers the request. The
 * transaction's grant goes to `settle`.
 */
export const dueFor = (who: Who, limit: Limit): Admission | null =>
  usesLease(keyOf(who, limit)) ? null : { limit, want: wanted(who, limit) };

/** Keeps what a transaction took beyond its own request; throws as `admitRequest` does. */
export function settle(who: Who, limit: Limit, grant: Grant): void {
  if (isLapsed(grant)) throw lapsedError();
  const lease = keep(keyOf(who, limit), grant, Date.now());
  if (grant.granted === 0) throw rateLimited(grant.retryAfterSeconds);
  lease.tokens--;
}

/** Twice what was used up since, but no more than the same pace uses before the lease expires. */
function worthTaking({ size, tokens }: Lease, elapsedMs: number): number {
  const used = size - tokens;
  return Math.max(1, Math.min(used * 2, Math.floor((used * LEASE_LIFETIME_MS) / Math.max(1, elapsedMs))));
}

function wanted(who: Who, limit: Limit): number {
  const last = leases.get(keyOf(who, limit));
  const limitName = limit === "identity" && who.caller.service ? "service" : limit;
  const limitTokens = limitPerMinute(limitName);
  const cap = Math.max(1, Math.floor(limitTokens / 8));
  const first = Math.max(1, Math.floor(limitTokens / 128));
  return Math.min(cap, last ? worthTaking(last, ageOf(last)) : first);
}

async function renew(ctx: ActionCtx, key: string, who: Who, limit: Limit): Promise<void> {
  const now = Date.now();
  const grant = await ctx.runMutation(internal.identity.admission.admit, {
    caller: who.caller,
    client: who.client,
    admission: { limit, want: wanted(who, limit) },
  });
  if (isLapsed(grant)) throw lapsedError();
  keep(key, grant, now);
}

function keep(key: string, { granted, retryAfterSeconds }: Grant, now: number): Lease {
  if (leases.size >= MAX_LEASES) leases.clear();
  // Of what another request took at the same time.
  const last = leases.get(key);
  const left = last && ageOf(last, now) < LEASE_LIFETIME_MS ? last.tokens : 0;
  const lease = {
    tokens: granted + left,
    size: Math.max(1, granted + left),
    takenAt: now,
    blockedForMs: granted === 0 ? retryAfterSeconds * SECOND_MS : 0,
  };
  leases.set(key, lease);
  return lease;
}
