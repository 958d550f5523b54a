/** The sessions that a list shows, newest first, as cards; viewerCards.ts makes of a card what a viewer sees. */
import type { Doc, Id } from "../../_generated/dataModel";
import type { QueryCtx } from "../../_generated/server";
import type { Viewer } from "../../identity/act";
import { invalid } from "../../lib/errors";
import { mergeSorted } from "../../lib/paging/merge";
import { seekRank, takeBlocks } from "../../lib/paging/rank";
import { hasWords, preferSigns, toIndexQuery } from "../../lib/folding/search";
import { cleanText } from "../../lib/text";
import { toSubjectKey } from "../rules";
import { isRanged, isWithin, keepFree, listByStart, type Range } from "./range";
import { LEVELS, STATUSES, type Level, type Status } from "../shapes";

type ReadCtx = { db: QueryCtx["db"] };
type Card = Doc<"tutoringCards">;

/** As clients send them; values that match nothing give an empty list. */
export type Filters = { status?: string; subject?: string; level?: string } & Range;

/** The sessions that a list is to show. */
export type Wanted = {
  filters: Filters;
  /** Words to search for. */
  search: string | undefined;
};

/** Reads what was sent: a blank filter or search is none. */
export function toWanted(search: string | undefined, { from, to, freeSeats, ...sent }: Filters): Wanted {
  if (from !== undefined && to !== undefined && from > to) throw invalid({ from: ["Must not lie after `to`."] });
  const texts = Object.entries(sent).flatMap(([name, value]) =>
    cleanText(value) === "" ? [] : [[name, cleanText(value)]],
  );
  return {
    filters: {
      ...(Object.fromEntries(texts) as Pick<Filters, "status" | "subject" | "level">),
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      ...(freeSeats && { freeSeats }),
    },
    search: search?.trim() ? search : undefined,
  };
}

/** Whether the list has to be put together before its pages are cut: it is searched, or found by its starts. */
export const isGathered = ({ filters, search }: Wanted): boolean => search !== undefined || isRanged(filters);

/** All sessions of such a list, newest first. */
export async function gatherSessions(viewer: Viewer, { filters, search }: Wanted): Promise<Card[]> {
  if (search !== undefined) return await searchSessions(viewer, filters, search);
  const part = toSubjectKey(filters.subject ?? "");
  const found = (await listByStart(viewer, filters)).filter(
    ({ level, subject }) =>
      (filters.level === undefined || level === filters.level) && toSubjectKey(subject).includes(part),
  );
  return await listCards(viewer, await keepFree(viewer, found, filters));
}

async function listCards(ctx: ReadCtx, sessions: Pick<Doc<"tutoringSessions">, "_id">[]): Promise<Card[]> {
  const cards = await Promise.all(sessions.map(({ _id }) => findCard(ctx, _id)));
  return cards.filter((card) => card !== null).sort(compareNewestFirst);
}

/** Subjects and kinds in use at one tenant; lists by subject look at no more. */
const KINDS_READ_MAX = 5_000;
/**
 * More streams than this are not merged: so many kinds match that going through the sessions in order finds them soon.
 */
const STREAMS_MAX = 64;

type Kind = { subjectKey: string | null; status: Status; level: Level; count: number };

/** Counts the sessions of each kind that matches: by subject with a subject filter, else over all subjects. */
async function listKinds({ db, principal: { tenantId } }: Viewer, filters: Filters): Promise<Kind[]> {
  const part = toSubjectKey(filters.subject ?? "");
  const rows = await db
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
export async function countSessions(viewer: Viewer, filters: Filters): Promise<number> {
  return (await listKinds(viewer, filters)).reduce((sum, { count }) => sum + count, 0);
}

const isLevel = (text: string): text is Level => (LEVELS as readonly string[]).includes(text);
const isStatus = (text: string): text is Status => (STATUSES as readonly string[]).includes(text);

/** Matching cards, newest first, made before `before` (`_creationTime` of a card). Reads a row ahead in each stream. */
async function* listNewest(viewer: Viewer, filters: Filters, before: number): AsyncGenerator<Card> {
  const { db } = viewer;
  const { tenantId } = viewer.principal;
  const { status, subject = "", level } = filters;
  if ((status !== undefined && !isStatus(status)) || (level !== undefined && !isLevel(level))) return;
  const inOrder = () =>
    db
      .query("tutoringCards")
      .withIndex("by_tenantId", (q) => q.eq("tenantId", tenantId).lt("_creationTime", before))
      .order("desc");
  if (subject === "" && status === undefined && level === undefined) {
    yield* inOrder();
    return;
  }
  const kinds = await listKinds(viewer, filters);
  if (kinds.length > STREAMS_MAX) {
    for await (const card of inOrder()) if (kinds.some((kind) => isKind(card, kind))) yield card;
    return;
  }
  yield* mergeSorted(
    kinds.map((kind) =>
      (kind.subjectKey === null
        ? db
            .query("tutoringCards")
            .withIndex("by_tenantId_and_status_and_level", (q) =>
              q.eq("tenantId", tenantId).eq("status", kind.status).eq("level", kind.level).lt("_creationTime", before),
            )
        : db.query("tutoringCards").withIndex("by_tenantId_and_subjectKey_and_status_and_level", (q) =>
            q
              .eq("tenantId", tenantId)
              .eq("subjectKey", kind.subjectKey ?? "")
              .eq("status", kind.status)
              .eq("level", kind.level)
              .lt("_creationTime", before),
          )
      ).order("desc"),
    ),
    compareNewestFirst,
  );
}

const compareNewestFirst = (a: Card, b: Card): number => b._creationTime - a._creationTime;

const isKind = (card: Card, kind: Kind): boolean =>
  card.subjectKey === kind.subjectKey && card.status === kind.status && card.level === kind.level;

export type CardPage = {
  cards: Card[];
  /** Give it as `before` for the next page; null at the end. */
  next: number | null;
};

/** Characters of one answer; a page ends early rather than exceed what one transaction may return. */
const PAGE_CHARACTERS_MAX = 5_000_000;

/**
 * Where a page begins and ends: up to `limit` cards made before `before`; with `until`, all down to the one made then.
 */
export type Span = { limit: number; before?: number | undefined; until?: number | undefined };

/** A page of the matching cards. */
export async function listPage(viewer: Viewer, wanted: Wanted, span: Span): Promise<CardPage> {
  const { before = Number.MAX_SAFE_INTEGER } = span;
  if (!isGathered(wanted)) return await takePage(listNewest(viewer, wanted.filters, before), span);
  return await takePage(
    (await gatherSessions(viewer, wanted)).filter((card) => card._creationTime < before),
    span,
  );
}

async function takePage(newestFirst: AsyncIterable<Card> | Iterable<Card>, { limit, until }: Span): Promise<CardPage> {
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
export async function listSlice(
  viewer: Viewer,
  filters: Filters,
  { offset, limit }: { offset: number; limit: number },
): Promise<Card[]> {
  const { tenantId } = viewer.principal;
  const { status, subject, level } = filters;
  const isWhole = [status, subject, level].every((value) => value === undefined || value === "");
  const blocks = isWhole ? await takeBlocks(tenantId, listBlocks(viewer, tenantId), offset) : [];
  const start = seekRank(blocks, offset);
  const before = start.before.get(tenantId) ?? Number.MAX_SAFE_INTEGER;
  let { skip } = start;
  const cards: Card[] = [];
  for await (const card of listNewest(viewer, filters, before)) {
    if (skip-- > 0) continue;
    cards.push(card);
    if (cards.length === limit) break;
  }
  return cards;
}

async function* listBlocks(ctx: ReadCtx, tenantId: Id<"tenants">) {
  const rows = ctx.db
    .query("tutoringShelves")
    .withIndex("by_tenantId", (q) => q.eq("tenantId", tenantId))
    .order("desc");
  for await (const { firstCardAt, count } of rows) yield { from: firstCardAt, count };
}

/** Hits of a search; more than this are not looked at. */
const HITS_MAX = 500;

/** Sessions in which every word of `search` occurs, newest first. Reads up to `HITS_MAX` sessions and their cards. */
async function searchSessions(viewer: Viewer, filters: Filters, search: string): Promise<Card[]> {
  const { tenantId } = viewer.principal;
  const query = toIndexQuery(search);
  const { status, level, subject = "" } = filters;
  if (query === "" || (status !== undefined && !isStatus(status)) || (level !== undefined && !isLevel(level)))
    return [];
  const hits = await viewer.db
    .query("tutoringSessions")
    .withSearchIndex("search", (q) => {
      const within = q.search("searchText", query).eq("tenantId", tenantId);
      const ofStatus = status === undefined ? within : within.eq("status", status);
      return level === undefined ? ofStatus : ofStatus.eq("level", level);
    })
    .take(HITS_MAX);
  const part = toSubjectKey(subject);
  const sessions = preferSigns(
    hits.filter(
      (hit) => hasWords(hit.searchText, search) && toSubjectKey(hit.subject).includes(part) && isWithin(hit, filters),
    ),
    search,
    (hit) => hit.searchText,
  );
  return await listCards(viewer, await keepFree(viewer, sessions, filters));
}

const findCard = (ctx: ReadCtx, sessionId: Id<"tutoringSessions">) =>
  ctx.db
    .query("tutoringCards")
    .withIndex("by_sessionId", (q) => q.eq("sessionId", sessionId))
    .unique();

/** At most this many of each kind. */
const MINE_MAX = 500;

/** The sessions that a user gives, newest first. */
export const listNewestCreated = (
  ctx: ReadCtx,
  userId: Id<"users">,
  limit: number,
): Promise<Doc<"tutoringSessions">[]> =>
  ctx.db
    .query("tutoringSessions")
    .withIndex("by_creatorId", (q) => q.eq("creatorId", userId))
    .order("desc")
    .take(limit);

/** The newest sessions that the user gives, and those they have a seat in. */
export async function listOwn(viewer: Viewer): Promise<{ created: Card[]; joined: Card[] }> {
  const { user } = viewer.principal;
  const sessions = await listNewestCreated(viewer, user._id, MINE_MAX);
  const parts = await viewer.db
    .query("tutoringMembers")
    .withIndex("by_userId_and_sessionCreatedAt", (q) => q.eq("userId", user._id))
    .order("desc")
    .take(MINE_MAX);
  const cardsOf = async (ids: Id<"tutoringSessions">[]) =>
    (await Promise.all(ids.map((id) => findCard(viewer, id)))).filter((card) => card !== null);
  return {
    created: await cardsOf(sessions.map(({ _id }) => _id)),
    joined: await cardsOf(parts.filter(({ seat }) => seat !== null).map(({ sessionId }) => sessionId)),
  };
}
