/**
 * Guest ids: issued by the server only, stored as hashes, renewed while they are used. The one module that writes
 * `guestSessions`.
 */
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import type { Act } from "../../identity/act";
import { DAY_MS } from "../../lib/time";
import { GUEST_LIFETIME_MS } from "../rules";

/** A guest who comes back is renewed no more often than this. */
const RENEWAL_INTERVAL_MS = DAY_MS;

/** Finds the row of an issued guest id, by its hash: expired and claimed ids have none. */
export const findGuestInForce = (ctx: { db: QueryCtx["db"] }, hash: string) =>
  ctx.db
    .query("guestSessions")
    .withIndex("by_hash", (q) => q.eq("hash", hash))
    .unique();

export async function issueGuest(ctx: MutationCtx, hash: string): Promise<Doc<"guestSessions">> {
  const guest = { hash, expiresAt: Date.now() + GUEST_LIFETIME_MS };
  return { ...guest, _id: await ctx.db.insert("guestSessions", guest), _creationTime: Date.now() };
}

/** Starts the 90 days of a guest who acts again; returns whether that was due. */
export async function renewGuest({ db, principal, now }: Act): Promise<boolean> {
  if (principal?.kind !== "guest") return false;
  const { guest } = principal;
  const expiresAt = now + GUEST_LIFETIME_MS;
  if (expiresAt - guest.expiresAt < RENEWAL_INTERVAL_MS) return false;
  await db.patch("guestSessions", guest._id, { expiresAt });
  return true;
}

/** Takes an id out of force: its drafts were claimed, or its time is over. */
export const retireGuest = (ctx: MutationCtx, guest: Doc<"guestSessions">): Promise<void> =>
  ctx.db.delete("guestSessions", guest._id);

/** The id that expired first, or null when none has. */
export const getExpiredGuest = (ctx: { db: QueryCtx["db"] }, now: number): Promise<Doc<"guestSessions"> | null> =>
  ctx.db
    .query("guestSessions")
    .withIndex("by_expiresAt", (q) => q.lte("expiresAt", now))
    .first();
