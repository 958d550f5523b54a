/** Pages of drafts, newest change first (valuations/README §4.1, §7). */
import type { QueryCtx } from "../../_generated/server";
import { AppError } from "../../lib/errors";
import type { Draft } from "./drafts";
import { countDrafts, BLOCK_MAX } from "../counts/ledger";
import { mergeSorted } from "../../lib/paging/merge";
import type { Start } from "../../lib/paging/rank";
import { seek } from "../counts/seek";
import type { Status } from "../rules";

/**
 * An owner's drafts that were last changed before `before`, where it is given; `status` null for all but the deleted
 * ones.
 */
export const queryDrafts = (ctx: QueryCtx, owner: string, status: Status | null, before = Infinity) =>
  status === null
    ? ctx.db
        .query("valuationDrafts")
        .withIndex("by_owner_and_deleted_and_updatedAt", (q) =>
          q.eq("owner", owner).eq("deleted", false).lt("updatedAt", before),
        )
        .order("desc")
    : ctx.db
        .query("valuationDrafts")
        .withIndex("by_owner_and_status_and_updatedAt", (q) =>
          q.eq("owner", owner).eq("status", status).lt("updatedAt", before),
        )
        .order("desc");

type At = Pick<Draft, "updatedAt" | "_creationTime">;
const compareNewestFirst = (a: At, b: At) => b.updatedAt - a.updatedAt || b._creationTime - a._creationTime;

/**
 * One page of the drafts of all `owners`, and how many there are in all. Reads the page, and of what comes before it at
 * most about a block of drafts an owner; the ledger, where the page does not end the list by itself.
 *
 * @param status null for every status but deleted
 */
export async function listDrafts(
  ctx: QueryCtx,
  owners: readonly string[],
  { status, offset, limit }: { status: Status | null; offset: number; limit: number },
): Promise<{ drafts: Draft[]; total: number }> {
  if (owners.length === 0 || status === "DELETED") return { drafts: [], total: 0 };
  let start: Start<string> = { before: new Map(), skip: offset };
  if (offset > BLOCK_MAX) {
    const total = await countDrafts(ctx, owners, status);
    if (offset >= total) return { drafts: [], total };
    start = await seek(ctx, owners, status, offset);
  }
  const wanted = start.skip + limit;
  const lists = await Promise.all(
    owners.map((owner) => queryDrafts(ctx, owner, status, start.before.get(owner)).take(wanted)),
  );
  const [first = [], ...others] = lists;
  const merged = others.length === 0 ? first : lists.flat().sort(compareNewestFirst);
  const isWhole = start.before.size === 0 && lists.every((list) => list.length < wanted);
  const total = isWhole ? merged.length : await countDrafts(ctx, owners, status);
  return { drafts: merged.slice(start.skip, wanted), total };
}

/** Between two cursors, where drafts may have come in since. */
const PAGE_MAX = 200;
export type Page = { page: Draft[]; isDone: boolean; continueCursor: string };

/**
 * A page for a live list whose owner has several keys, which is while a large claim is settling. Cursors are its own:
 * with one of another kind the client begins anew at the first page.
 */
export async function listMerged(
  ctx: QueryCtx,
  owners: readonly string[],
  status: Status | null,
  { cursor, endCursor = null, numItems }: { cursor: string | null; endCursor?: string | null; numItems: number },
): Promise<Page> {
  const after = cursor === null ? null : parsePosition(cursor);
  const until = endCursor === null ? null : parsePosition(endCursor);
  const most = until === null ? numItems : PAGE_MAX;
  const streams = owners.map((owner) =>
    queryDrafts(ctx, owner, status, after === null ? undefined : after.updatedAt + 1),
  );
  const page: Draft[] = [];
  let isFull = false;
  for await (const draft of mergeSorted(streams, compareNewestFirst)) {
    if (after !== null && compareNewestFirst(after, draft) >= 0) continue;
    if (until !== null && compareNewestFirst(until, draft) < 0) break;
    isFull = page.length === most;
    if (isFull) break;
    page.push(draft);
  }
  if (endCursor !== null && !isFull) return { page, isDone: false, continueCursor: endCursor };
  const last = page.at(-1);
  return {
    page,
    isDone: !isFull,
    continueCursor: last ? JSON.stringify([last.updatedAt, last._creationTime]) : "",
  };
}

function parsePosition(cursor: string): At {
  const [, updatedAt, _creationTime] = /^\[(-?\d+),(\d+(?:\.\d+)?)\]$/.exec(cursor) ?? [];
  // Convex clients look for this word.
  if (_creationTime === undefined)
    throw new AppError("VALIDATION", "InvalidCursor: the list has changed; begin at its first page.");
  return { updatedAt: Number(updatedAt), _creationTime: Number(_creationTime) };
}
