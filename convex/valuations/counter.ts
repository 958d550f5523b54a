/** How many drafts an owner has that are not deleted, by status. A change of anything but owner and status costs nothing. */
import { DirectAggregate } from "@convex-dev/aggregate";
import { components } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import type { Status } from "./rules";

const counter = new DirectAggregate<{ Namespace: string; Key: Status; Id: Id<"valuationDrafts"> }>(components.drafts);

type Place = Pick<Doc<"valuationDrafts">, "owner" | "status" | "_id">;
const item = ({ owner, status, _id }: Place) => ({ namespace: owner, key: status, id: _id });

/** Keeps the counter in step with a row that is about to change from `before` to `after`; null where there is no row. */
export async function recount(ctx: MutationCtx, before: Place | null, after: Place | null): Promise<void> {
  const from = before && before.status !== "DELETED" ? before : null;
  const to = after && after.status !== "DELETED" ? after : null;
  if (from && to) {
    if (from.owner !== to.owner || from.status !== to.status) await counter.replace(ctx, item(from), item(to));
  } else if (to) await counter.insert(ctx, item(to));
  else if (from) await counter.delete(ctx, item(from));
}

/** Drafts of all `owners` together, of one status or all. */
export async function countDrafts(ctx: QueryCtx, owners: readonly string[], status: Status | null): Promise<number> {
  const bounds = status === null ? {} : { bounds: { eq: status } };
  const counts = await counter.countBatch(ctx, owners.map((namespace) => ({ namespace, ...bounds })));
  return counts.reduce((sum, count) => sum + count, 0);
}
