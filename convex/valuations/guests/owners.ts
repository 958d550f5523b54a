/**
 * Owners of drafts. A draft names its owner by a key, and a user or guest has keys: so a claim of any size changes
 * hands in one step, by handing over a key, and the drafts themselves follow at leisure (valuations/guests/claim).
 */
import type { Doc } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { Caller } from "../../identity/caller";
import type { Principal } from "../../identity/principal";
import { findGuestInForce } from "./guestIds";

export const toGuestOwner = (hash: string): string => `guest/${hash}`;

/** A user's own key; it changes when an anonymous user's drafts have gone to an account. */
export const toUserOwner = ({ _id }: Pick<Doc<"users">, "_id">): string => `user/${_id}`;

/** The user's keys. New drafts get the first; what came by a claim under another key is still on its way there. */
export const listKeys = (user: Pick<Doc<"users">, "_id" | "draftOwners">): string[] =>
  user.draftOwners ?? [toUserOwner(user)];

/** The key that new drafts of the user get. */
export const getFirstKey = (user: Pick<Doc<"users">, "_id" | "draftOwners">): string =>
  listKeys(user)[0] ?? toUserOwner(user);

/** The owners whose drafts the caller may see: a user's own, and those of the guest id that came along. */
export type Owners = {
  /** The caller's own first; empty without any identity. */
  keys: string[];
  /** Null for a guest. */
  user: { uuid: string; keys: string[] } | null;
};

/** Somebody who looks for drafts; every act is one too. A guest id that comes along counts only when it was issued. */
export type Seeker = { db: QueryCtx["db"]; principal: Principal; caller?: Caller };

export async function listOwners({ db, principal, caller }: Seeker): Promise<Owners> {
  const guestHash = caller?.guestHash;
  if (principal?.kind === "guest") return { keys: [toGuestOwner(principal.guest.hash)], user: null };
  if (principal?.kind !== "user") return { keys: [], user: null };
  const beside =
    guestHash !== undefined && (await findGuestInForce({ db }, guestHash)) !== null ? [toGuestOwner(guestHash)] : [];
  const keys = listKeys(principal.user);
  return { keys: [...keys, ...beside], user: { uuid: principal.user.uuid, keys } };
}

/**
 * The uuid that answers show as `user_id`: only owners see a draft, so it is the caller's or, for a guest's row, none.
 */
export const getShownUserId = ({ owner }: Pick<Doc<"valuationDrafts">, "owner">, { user }: Owners): string | null =>
  user?.keys.includes(owner) ? user.uuid : null;
