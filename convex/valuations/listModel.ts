/** Pages of drafts, newest change first (contracts §4.1). */
import type { QueryCtx } from "../_generated/server";
import { countDrafts } from "./counter";
import type { Draft, Owners } from "./draftModel";
import type { Status } from "./rules";

/** Reading so far cannot tell how many follow; from here on the counter is asked before anything is skipped. */
const DEEP_OFFSET = 200;

export const ownDrafts = (ctx: QueryCtx, owner: string, status: Status | null) =>
  status === null
    ? ctx.db.query("valuationDrafts").withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.eq("owner", owner).eq("deleted", false)).order("desc")
    : ctx.db.query("valuationDrafts").withIndex("by_owner_and_status_and_updatedAt", (q) => q.eq("owner", owner).eq("status", status)).order("desc");

/**
 * One page of the drafts of all `owners`, and how many there are in all. The counter is asked only when the rows read do not
 * end the list.
 *
 * @param status null for every status but deleted
 */
export async function listDrafts(
  ctx: QueryCtx,
  owners: Owners,
  { status, offset, limit }: { status: Status | null; offset: number; limit: number },
): Promise<{ drafts: Draft[]; total: number }> {
  if (owners.keys.length === 0 || status === "DELETED") return { drafts: [], total: 0 };
  let total = offset > DEEP_OFFSET ? await countDrafts(ctx, owners.keys, status) : null;
  if (total !== null && offset >= total) return { drafts: [], total };
  const wanted = offset + limit + 1;
  const lists = await Promise.all(owners.keys.map((owner) => ownDrafts(ctx, owner, status).take(wanted)));
  const [first = [], ...others] = lists;
  const merged = others.length === 0 ? first : lists.flat().sort((a, b) => b.updatedAt - a.updatedAt);
  if (lists.every((list) => list.length < wanted)) total = merged.length;
  return { drafts: merged.slice(offset, offset + limit), total: total ?? (await countDrafts(ctx, owners.keys, status)) };
}
