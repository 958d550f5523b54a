/** Which sessions a list shows, newest first, as their cards; viewing.ts makes of a card what a viewer sees. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { UserPrincipal } from "../../identity/principal";
import { mergeSorted } from "../../lib/merge";
import { seekRank, takeBlocks } from "../../lib/rank";
import { cleanText } from "../../lib/text";
import { LEVELS, STATUSES, type Level, type Status } from "../shapes";

type ReadCtx = { db: QueryCtx["db"] };
type Card = Doc<"tutoringCards">;

/** As clients send them; values that match nothing give an empty list. */
export type Filters = { status?: string; subject?: string; level?: string };

/** The filters as they apply: a blank one is none. */
export const filtersOf = (sent: Filters): Filters =>
  Object.fromEntries(
    Object.entries(sent).flatMap(([name, value]) => (cleanText(value) === "" ? [] : [[name, cleanText(value)]])),
  );

/** Subjects and kinds in use at one tenant; lists by subject look at no more. */
const KINDS_READ_MAX = 5_000;
/**
 * More streams than this are not merged: so many kinds match that going through the sessions in order finds them soon.
 */
const STREAMS_MAX = 64;

type Kind = { subjectKey: string | null; status: Status; level: Level; count: number };

/** Counts the sessions of each kind that matches: by subject with a subject filter, else over all subjects. */
async function kindsOf(ctx: ReadCtx, tenantId: Id<"tenants">, filters: Filters): Promise<Kind[]> {
  const part = filters.subject?.toLowerCase() ?? "";
  const rows = await ctx.db
    .query("tutoringCounts")
    .withIndex("by_tenantId_and_subjectKey_and_status_and_level", (q) =>
      part === ""
        ? q.eq("tenantId", tenantId).eq("subjectKey", null)
        : q.eq("tenantId", tenantId).gt("subjectKey", null),
    )
    .take(KINDS_READ_MAX);
  return rows.filter(
    (row) =>
      (filters.status === undefined || row.status === filters.status) &&
      (filters.level === undefined || row.level === filters.level) &&
      (part === "" || (row.subjectKey ?? "").includes(part)),
  );
}

/** Counts the sessions that match, without reading them. */
export async function countOf(ctx: ReadCtx, tenantId: Id<"tenants">, filters: Filters): Promise<number> {
  return (await kindsOf(ctx, tenantId, filters)).reduce((sum, { count }) => sum + count, 0);
}

const isLevel = (text: string): text is Level => (LEVELS as readonly string[]).includes(text);
const isStatus = (text: string): text is Status => (STATUSES as readonly string[]).includes(text);

/** Matching cards, newest first, made before `before` (`_creationTime` of a card). Reads a row ahead in each stream. */
async function* newest(ctx: ReadCtx, tenantId: Id<"tenants">, filters: Filters, before: number): AsyncGenerator<Card> {
  const { status, subject = "", level } = filters;
  if ((status !== undefined && !isStatus(status)) || (level !== undefined && !isLevel(level))) return;
  const inOrder = () =>
    ctx.db
      .query("tutoringCards")
      .withIndex("by_tenantId", (q) => q.eq("tenantId", tenantId).lt("_creationTime", before))
      .order("desc");
  if (subject === "" && status === undefined && level === undefined) {
    yield* inOrder();
    return;
  }
  const kinds = await kindsOf(ctx, tenantId, filters);
  if (kinds.length > STREAMS_MAX) {
    for await (const card of inOrder()) if (kinds.some((kind) => isKind(card, kind))) yield card;
    return;
  }
  yield* mergeSorted(
    kinds.map((kind) =>
      (kind.subjectKey === null
        ? ctx.db
            .query("tutoringCards")
            .withIndex("by_tenantId_and_status_and_level", (q) =>
              q.eq("tenantId", tenantId).eq("status", kind.status).eq("level", kind.level).lt("_creationTime", before),
            )
        : ctx.db.query("tutoringCards").withIndex("by_tenantId_and_subjectKey_and_status_and_level", (q) =>
            q
              .eq("tenantId", tenantId)
              .eq("subjectKey", kind.subjectKey ?? "")
              .eq("status", kind.status)
              .eq("level", kind.level)
              .lt("_creationTime", before),
          )
      ).order("desc"),
    ),
    newestFirst,
  );
}

const newestFirst = (a: Card, b: Card): number => b._creationTime - a._creationTime;

const isKind = (card: Card, kind: Kind): boolean =>
  card.subjectKey === kind.subjectKey && card.status === kind.status && card.level === kind.level;

export type CardPage = {
  cards: Card[];
  /** Give it as `before` for the next page; null at the end. */ next: number | null;
};

/** Characters of one answer; a page ends early rather than exceed what one transaction may return. */
const PAGE_CHARACTERS_MAX = 5_000_000;

/**
 * Where a page begins and ends: up to `limit` cards made before `before`; with `until`, all down to the one made then.
 */
export type Span = { limit: number; before?: number | undefined; until?: number | undefined };

/** A page of the matching cards, or of the hits of `search` when there is one. */
export async function page(
  ctx: ReadCtx,
  tenantId: Id<"tenants">,
  filters: Filters,
  search: string | undefined,
  span: Span,
): Promise<CardPage> {
  const { before = Number.MAX_SAFE_INTEGER } = span;
  if (search === undefined) return await pageOf(newest(ctx, tenantId, filters, before), span);
  return await pageOf(
    (await found(ctx, tenantId, filters, search)).filter((card) => card._creationTime < before),
    span,
  );
}

async function pageOf(newestFirst: AsyncIterable<Card> | Iterable<Card>, { limit, until }: Span): Promise<CardPage> {
  const cards: Card[] = [];
  let characters = 0;
  for await (const card of newestFirst) {
    const full = until === undefined ? cards.length === limit : card._creationTime < until;
    if (cards.length > 0 && (full || characters > PAGE_CHARACTERS_MAX))
      return { cards, next: cards.at(-1)!._creationTime };
    if (full) return { cards, next: until ?? null };
    cards.push(card);
    characters += card.text?.length ?? PAGE_CHARACTERS_MAX / 20;
  }
  return { cards, next: null };
}

/** The `limit` matching cards after the first `offset`. Without filters whole blocks are skipped, not their cards. */
export async function slice(
  ctx: ReadCtx,
  tenantId: Id<"tenants">,
  filters: Filters,
  offset: number,
  limit: number,
): Promise<Card[]> {
  const isWhole = Object.values(filters).every((value) => value === undefined || value === "");
  const blocks = isWhole ? await takeBlocks(tenantId, blocksOf(ctx, tenantId), offset) : [];
  const start = seekRank(blocks, offset);
  const before = start.before.get(tenantId) ?? Number.MAX_SAFE_INTEGER;
  let { skip } = start;
  const cards: Card[] = [];
  for await (const card of newest(ctx, tenantId, filters, before)) {
    if (skip-- > 0) continue;
    cards.push(card);
    if (cards.length === limit) break;
  }
  return cards;
}

async function* blocksOf(ctx: ReadCtx, tenantId: Id<"tenants">) {
  const rows = ctx.db
    .query("tutoringShelves")
    .withIndex("by_tenantId", (q) => q.eq("tenantId", tenantId))
    .order("desc");
  for await (const { firstCardAt, count } of rows) yield { from: firstCardAt, count };
}

/** Hits of a search; more than this are not looked at. */
const HITS_MAX = 500;

/** Sessions in which every word of `search` occurs, newest first. Reads up to `HITS_MAX` sessions and their cards. */
export async function found(ctx: ReadCtx, tenantId: Id<"tenants">, filters: Filters, search: string): Promise<Card[]> {
  const words =
    search
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu)
      ?.slice(0, 16) ?? [];
  const { status, level, subject = "" } = filters;
  if (words.length === 0 || (status !== undefined && !isStatus(status)) || (level !== undefined && !isLevel(level)))
    return [];
  const hits = await ctx.db
    .query("tutoringSessions")
    .withSearchIndex("search", (q) => {
      const within = q.search("searchText", words.join(" ")).eq("tenantId", tenantId);
      const ofStatus = status === undefined ? within : within.eq("status", status);
      return level === undefined ? ofStatus : ofStatus.eq("level", level);
    })
    .take(HITS_MAX);
  const part = subject.toLowerCase();
  const sessions = hits.filter(
    (session) =>
      words.every((word) => session.searchText.includes(word)) && session.subject.toLowerCase().includes(part),
  );
  const cards = await Promise.all(sessions.map(({ _id }) => cardBySession(ctx, _id)));
  return cards.filter((card) => card !== null).sort(newestFirst);
}

const cardBySession = (ctx: ReadCtx, sessionId: Id<"tutoringSessions">) =>
  ctx.db
    .query("tutoringCards")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/** At most this many of each kind. */
const MINE_MAX = 500;

/** The sessions that a user gives, newest first. */
export const newestCreated = (ctx: ReadCtx, userId: Id<"users">, limit: number): Promise<Doc<"tutoringSessions">[]> =>
  ctx.db
    .query("tutoringSessions")
    .withIndex("by_creatorId", (q) => q.eq("creatorId", userId))
    .order("desc")
    .take(limit);

/** The newest sessions that the user gives, and those they have a seat in. */
export async function mine(ctx: ReadCtx, { user }: UserPrincipal): Promise<{ created: Card[]; joined: Card[] }> {
  const sessions = await newestCreated(ctx, user._id, MINE_MAX);
  const parts = await ctx.db
    .query("tutoringMembers")
    .withIndex("by_userId_and_sessionCreatedAt", (q) => q.eq("userId", user._id))
    .order("desc")
    .take(MINE_MAX);
  const cardsOf = async (ids: Id<"tutoringSessions">[]) =>
    (await Promise.all(ids.map((id) => cardBySession(ctx, id)))).filter((card) => card !== null);
  return {
    created: await cardsOf(sessions.map(({ _id }) => _id)),
    joined: await cardsOf(parts.filter(({ seat }) => seat !== null).map(({ sessionId }) => sessionId)),
  };
}
