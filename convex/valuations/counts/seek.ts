import type { QueryCtx } from "../../_generated/server";
import { seekRank, takeBlocks, type Start } from "../../lib/paging/rank";
import type { Status } from "../rules";
import type { Counts } from "../tables";
import { getLedger, countTotal } from "./ledger";

type ReadCtx = { db: QueryCtx["db"] };

/** Where to begin for the draft of rank `rank` (from 0, newest change first, all `owners` together). */
export async function seek(
  ctx: ReadCtx,
  owners: readonly string[],
  status: Status | null,
  rank: number,
): Promise<Start<string>> {
  const blocks = await Promise.all(owners.map((owner) => takeBlocks(owner, listBlocks(ctx, owner, status), rank)));
  return seekRank(blocks.flat(), rank);
}

/** The owner's blocks, newest first. */
async function* listBlocks(ctx: ReadCtx, owner: string, status: Status | null) {
  const ledger = await getLedger(ctx, owner);
  if (ledger === null) return;
  const countOf = (counts: Counts) =>
    status === null ? countTotal(counts) : status === "DELETED" ? 0 : counts[status];
  yield { from: ledger.headFrom, count: countOf(ledger.head) };
  const rows = ctx.db
    .query("draftRacks")
    .withIndex("by_owner_and_from", (q) => q.eq("owner", owner))
    .order("desc");
  for await (const { shelves } of rows)
    for (const { from, counts } of shelves.reverse()) yield { from, count: countOf(counts) };
}
