/**
 * Tokens are taken from the database in leases that grow while one caller keeps coming (1, 2, 4 …, as many as the caller
 * will use at that pace, at most an eighth of a minute's limit), so a stream of reads costs a few writes a minute instead
 * of one per request. A lease is deducted before it is used: the limit is never exceeded, however many processes hold
 * leases.
 */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import { isLapsed, lapsedError } from "../admission";
import type { Caller, Client } from "../caller";
import { limitPerMinute, rateLimited } from "../limits";
import { SECOND_MS } from "../time";

type Limit = "identity" | "businessCards" | "guestWrites";
type Lease = { tokens: number; size: number; takenAt: number; blockedUntil: number };

const MAX_LEASES = 20_000;
/** Unused tokens are given up after this, and activity is stamped at least this often. */
const LEASE_LIFETIME_MS = 30 * SECOND_MS;
const MAX_LEASE_TOKENS = 256;

const leases = new Map<string, Lease>();
const renewals = new Map<string, Promise<void>>();

/** Counts one request of `caller` against `limit`; throws `RATE_LIMITED`, or `UNAUTHENTICATED` for a lapsed session. */
export async function admitRequest(
  ctx: ActionCtx,
  who: { credentialKey: string; caller: Caller; client: Client },
  limit: Limit,
): Promise<void> {
  const key = `${limit} ${who.credentialKey}`;
  for (;;) {
    const lease = leases.get(key);
    const now = Date.now();
    if (lease && lease.blockedUntil > now) throw rateLimited(Math.ceil((lease.blockedUntil - now) / SECOND_MS));
    if (lease && lease.tokens > 0 && now - lease.takenAt < LEASE_LIFETIME_MS) {
      lease.tokens--;
      return;
    }
    let renewal = renewals.get(key);
    if (!renewal) {
      renewal = renew(ctx, key, who, limit).finally(() => renewals.delete(key));
      renewals.set(key, renewal);
    }
    await renewal;
  }
}

/** Twice what was used up since, but no more than the same pace uses before the lease expires. */
function worthTaking({ size, tokens }: Lease, elapsedMs: number): number {
  const used = size - tokens;
  return Math.max(1, Math.min(used * 2, Math.floor((used * LEASE_LIFETIME_MS) / Math.max(1, elapsedMs))));
}

async function renew(
  ctx: ActionCtx,
  key: string,
  who: { caller: Caller; client: Client },
  limit: Limit,
): Promise<void> {
  const now = Date.now();
  const last = leases.get(key);
  const limitName = limit === "identity" && who.caller.service ? "service" : limit;
  const cap = Math.min(MAX_LEASE_TOKENS, Math.max(1, Math.floor(limitPerMinute(limitName) / 8)));
  const want = Math.min(cap, last ? worthTaking(last, now - last.takenAt) : 1);
  const grant = await ctx.runMutation(internal.lib.admission.admit, {
    caller: who.caller,
    client: who.client,
    limit,
    want,
  });
  if (isLapsed(grant)) throw lapsedError();
  if (leases.size >= MAX_LEASES) leases.clear();
  leases.set(key, {
    tokens: grant.granted,
    size: Math.max(1, grant.granted),
    takenAt: now,
    blockedUntil: grant.granted === 0 ? now + grant.retryAfterSeconds * SECOND_MS : 0,
  });
}
