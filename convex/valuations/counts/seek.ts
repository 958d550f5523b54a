/** Where a page far down a list begins, told by the shelves of the ledger instead of the drafts before it. */
import type { QueryCtx } from "../../_generated/server";
import { ledgerOf, sizeOf } from "./ledger";
import type { Status } from "../rules";
import type { Counts } from "../tables";

type ReadCtx = { db: QueryCtx["db"] };
/** Drafts last changed from `from` until before `until`. */
type Piece = { owner: string; from: number; until: number; count: number };

export type Start = {
  /** For each owner, the time before which reading begins; owners without one are read from their newest draft. */
  before: Map<string, number>;
  /** How many drafts, of all owners together and newest first, still come before the page. */
  skip: number;
};

/**
 * Where to begin for the draft of rank `rank` (from 0, newest change first, all `owners` together). At most about a shelf of
 * drafts for each owner is left to skip.
 */
export async function seek(
  ctx: ReadCtx,
  owners: readonly string[],
  status: Status | null,
  rank: number,
): Promise<Start> {
  const pieces = (await Promise.all(owners.map((owner) => piecesOf(ctx, owner, status, rank)))).flat();
  const byEnd = [...pieces].sort((a, b) => b.until - a.until);
  const byBeginning = pieces.sort((a, b) => b.from - a.from);
  const before = new Map<string, number>();
  let skipped = 0;
  // How many drafts may be as new as the oldest of the piece at hand, counting whole pieces.
  let atMost = 0;
  let next = 0;
  for (const piece of byBeginning) {
    for (; next < byEnd.length && byEnd[next]!.until > piece.from; next++) atMost += byEnd[next]!.count;
    if (atMost > rank) break;
    before.set(piece.owner, piece.from);
    skipped += piece.count;
  }
  return { before, skip: rank - skipped };
}

/** The owner's shelves, newest first, as far as they may come before `rank`. */
async function piecesOf(ctx: ReadCtx, owner: string, status: Status | null, rank: number): Promise<Piece[]> {
  const ledger = await ledgerOf(ctx, owner);
  if (ledger === null) return [];
  const countOf = (counts: Counts) => (status === null ? sizeOf(counts) : status === "DELETED" ? 0 : counts[status]);
  const pieces: Piece[] = [{ owner, from: ledger.headFrom, until: Infinity, count: countOf(ledger.head) }];
  let sum = pieces[0]!.count;
  if (sum > rank) return pieces;
  const racks = ctx.db
    .query("draftRacks")
    .withIndex("by_owner_and_from", (q) => q.eq("owner", owner))
    .order("desc");
  for await (const { shelves } of racks)
    for (const { from, counts } of shelves.reverse()) {
      pieces.push({ owner, from, until: pieces.at(-1)!.from, count: countOf(counts) });
      sum += countOf(counts);
      if (sum > rank) return pieces;
    }
  return pieces;
}
