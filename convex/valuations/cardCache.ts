/**
 * Business cards of the permanent store, for five minutes: in the action cache for every process, and in this process's
 * memory for the cards it is asked for most. Misses are kept nowhere.
 */
import { ActionCache } from "@convex-dev/action-cache";
import { components, internal } from "../_generated/api";
import type { ActionCtx } from "../_generated/server";
import { AppError, errorData, notFound } from "../lib/errors";
import { lengthOf } from "../lib/text";
import { CARD_LIFETIME_MS, TOKEN_MAX, type CardFields } from "./rules";

const cache = new ActionCache(components.actionCache, {
  action: internal.valuations.cardSource.fetchCard,
  name: "business-cards",
  ttl: CARD_LIFETIME_MS,
});

type Held = { card: CardFields; json: string; until: number };
const MAX_HELD = 10_000;
const held = new Map<string, Held>();

export const unknownCard = () => notFound("Business card not found");

/** The card in this process's memory, or undefined. */
export function heldCard(token: string, now = Date.now()): Held | undefined {
  const entry = held.get(token);
  if (entry === undefined || entry.until > now) return entry;
  held.delete(token);
  return undefined;
}

/** Forgets what this process holds. */
export const forgetHeldCards = (): void => held.clear();

/**
 * The card of `token`. `NOT_FOUND` when the store has none, `UNAVAILABLE` when it cannot be asked.
 *
 * @param fresh asks the store even when the card is cached
 */
export async function getCard(ctx: ActionCtx, token: string, { fresh = false } = {}): Promise<Held> {
  const known = fresh ? undefined : heldCard(token);
  if (known) return known;
  if (lengthOf(token) > TOKEN_MAX) throw unknownCard();
  let found: { card: CardFields; readAt: number };
  try {
    found = await cache.fetch(ctx, { token }, { force: fresh });
  } catch (error) {
    const code = errorData(error)?.code;
    if (code === "NOT_FOUND") throw unknownCard();
    if (code !== undefined && code !== "UNAVAILABLE") throw error;
    console.error("business cards cannot be read", error);
    throw new AppError("UNAVAILABLE", "Failed to fetch business card");
  }
  const entry = { card: found.card, json: JSON.stringify(found.card), until: found.readAt + CARD_LIFETIME_MS };
  // The oldest entry leaves; what is asked for often is back at once.
  if (held.size >= MAX_HELD) held.delete(held.keys().next().value ?? "");
  held.set(token, entry);
  return entry;
}

/** The card, or null when there is none or it cannot be read: neither keeps a draft from being created. */
export async function cardOrNull(ctx: ActionCtx, token: string): Promise<CardFields | null> {
  try {
    return (await getCard(ctx, token)).card;
  } catch (error) {
    if (errorData(error) === null) throw error;
    return null;
  }
}
