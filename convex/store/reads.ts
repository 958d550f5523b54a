/** Reads for other domains from the permanent store, whichever adapter it is. Only actions can reach it. */
import { v } from "convex/values";
import { z } from "zod";
import { internal } from "../_generated/api";
import { internalAction, type ActionCtx } from "../_generated/server";
import { AppError } from "../lib/errors";
import { SECOND_MS } from "../lib/time";
import { askStore } from "./delivery/breaker";
import { readStoreKind } from "./rules";
import {
  vBusinessCard,
  vBusinessCardRow,
  vHistoryCursor,
  vStoredSession,
  type BusinessCard,
  type HistoryCursor,
  type StoredSession,
} from "./shapes";

export { experimental_reuseContext } from "../lib/contexts";

/** focus/README.md §5.6. */
const MAX_PAGE = 100;
const REQUEST_TIMEOUT_MS = 5 * SECOND_MS;

/**
 * Ended sessions of a goal that started before `before` (exclusive), newest first, at most `limit` (≤100).
 * Sessions only leave the live database when the store can be read back, so with any other store there are none here.
 */
export async function listEndedSessions(
  ctx: Pick<ActionCtx, "runAction">,
  args: { goalId: string; before: HistoryCursor | null; limit: number },
): Promise<StoredSession[]> {
  if (readStoreKind(process.env.PERMANENT_STORE_URL) !== "postgres") return [];
  const limit = Math.min(Math.max(1, Math.floor(args.limit)), MAX_PAGE);
  return await askStore(() =>
    ctx.runAction(internal.store.adapters.postgres.actions.pageEndedSessions, { ...args, limit }),
  );
}

/** The ended session of that public id, or null when the store has none. */
export async function getEndedSession(
  ctx: Pick<ActionCtx, "runAction">,
  sessionId: string,
): Promise<StoredSession | null> {
  if (readStoreKind(process.env.PERMANENT_STORE_URL) !== "postgres") return null;
  return await askStore(() => ctx.runAction(internal.store.adapters.postgres.actions.getEndedSession, { sessionId }));
}

/**
 * The business card of `token` (valuations/README.md §4.6), or null when there is none. `UNAVAILABLE` without a store.
 */
export async function getBusinessCard(ctx: Pick<ActionCtx, "runAction">, token: string): Promise<BusinessCard | null> {
  switch (readStoreKind(process.env.PERMANENT_STORE_URL)) {
    case "postgres":
      return await askStore(() => ctx.runAction(internal.store.adapters.postgres.actions.getBusinessCard, { token }));
    case "rest":
      return await askStore(() => fetchBusinessCard(token));
    case null:
      throw new AppError("UNAVAILABLE", "No permanent store is configured.");
  }
}

const text = z.string().nullish().default(null);
const number = z.number().nullish().default(null);
const wireCard = z.object({
  company_name: z.string(),
  industry: text,
  business_type_id: text,
  country_code: text,
  description: text,
  city: text,
  business_highlights: text,
  reason_for_selling: text,
  revenue: number,
  employee_count: number,
  founding_year: number,
});

async function fetchBusinessCard(token: string): Promise<BusinessCard | null> {
  const base = (process.env.PERMANENT_STORE_URL ?? "").replace(/\/+$/, "");
  const response = await fetch(`${base}/api/business-cards?token=${encodeURIComponent(token)}`, {
    headers: { Accept: "application/json" },
    redirect: "manual",
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
  if (response.status === 404) return null;
  if (response.status !== 200) throw new AppError("UNAVAILABLE", `The permanent store answered ${response.status}.`);
  const card = wireCard.parse(await response.json());
  return {
    companyName: card.company_name,
    industry: card.industry,
    businessTypeId: card.business_type_id,
    countryCode: card.country_code,
    description: card.description,
    city: card.city,
    businessHighlights: card.business_highlights,
    reasonForSelling: card.reason_for_selling,
    revenue: card.revenue,
    employeeCount: card.employee_count,
    foundingYear: card.founding_year,
  };
}

/** For `npx convex run` and for actions that call by reference, such as a cache. */
export const businessCard = internalAction({
  args: { token: v.string() },
  returns: v.union(vBusinessCard, v.null()),
  handler: (ctx, { token }) => getBusinessCard(ctx, token),
});

export const endedSessions = internalAction({
  args: { goalId: v.string(), before: v.union(vHistoryCursor, v.null()), limit: v.number() },
  returns: v.array(vStoredSession),
  handler: (ctx, args) => listEndedSessions(ctx, args),
});

/** Loads one batch of cards, by token; a token that is there gets the new fields. */
export const importBusinessCards = internalAction({
  args: { cards: v.array(vBusinessCardRow) },
  returns: v.null(),
  handler: async (ctx, { cards }): Promise<null> => {
    if (readStoreKind(process.env.PERMANENT_STORE_URL) !== "postgres")
      throw new AppError("UNAVAILABLE", "Business cards can be imported into a PostgreSQL store only.");
    await ctx.runAction(internal.store.adapters.postgres.actions.importBusinessCards, { cards });
    return null;
  },
});
