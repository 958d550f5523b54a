/**
 * Business cards of the permanent store, for five minutes: in the action cache for every process, and in this process's
 * memory for the cards it is asked for most. Misses are kept nowhere.
 */
import { ActionCache } from "@convex-dev/action-cache";
import { components, internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import { AppError, getErrorData, notFound } from "../../lib/errors";
import { lengthOf } from "../../lib/text";
import { MINUTE_MS } from "../../lib/time";
import { isStoreSilent } from "../../store/delivery/breaker";
import { CARD_LIFETIME_MS, TOKEN_MAX, type CardFields } from "../rules";

const cache = new ActionCache(components.actionCache, {
  action: internal.valuations.businessCards.source.fetchCard,
  name: "business-cards",
  ttl: CARD_LIFETIME_MS,
});

type Held = { card: CardFields; json: string; until: number };
const MAX_HELD = 10_000;
/** A draft is created without its card after this; the card follows (cards:prefill). */
const DRAFT_WAIT_MS = 1_500;
/** After this one draft may wait again, to find out. */
const SILENT_FOR_MS = MINUTE_MS;
const held = new Map<string, Held>();

export const unknownCard = () => notFound("Business card not found");

/** The card in this process's memory, or undefined. */
export function getHeldCard(token: string, now = Date.now()): Held | undefined {
  const entry = held.get(token);
  if (entry === undefined || (entry.until > now && entry.until <= now + CARD_LIFETIME_MS)) return entry;
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
  const known = fresh ? undefined : getHeldCard(token);
  if (known) return known;
  if (lengthOf(token) > TOKEN_MAX) throw unknownCard();
  let found: { card: CardFields; readAt: number };
  try {
    found = await cache.fetch(ctx, { token }, { force: fresh });
  } catch (error) {
    const code = getErrorData(error)?.code;
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

/** Null when there is no such card, `pending` when it cannot be read now. */
export type SoughtCard = CardFields | null | "pending";

/** The card of a draft, which no missing card may keep from being created. */
export async function seekCard(ctx: ActionCtx, token: string): Promise<SoughtCard> {
  try {
    return (await getCard(ctx, token)).card;
  } catch (error) {
    const code = getErrorData(error)?.code;
    if (code === undefined) throw error;
    return code === "UNAVAILABLE" ? "pending" : null;
  }
}

/**
 * `seekCard` for a request that creates a draft: it hardly waits, and not at all while the store is known to be silent.
 */
export async function seekCardAtOnce(ctx: ActionCtx, token: string): Promise<SoughtCard> {
  if (getHeldCard(token) === undefined && isStoreSilent(SILENT_FOR_MS)) return "pending";
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<"pending">((resolve) => {
    timer = setTimeout(() => resolve("pending"), DRAFT_WAIT_MS);
  });
  try {
    return await Promise.race([seekCard(ctx, token), late]);
  } finally {
    clearTimeout(timer);
  }
}
