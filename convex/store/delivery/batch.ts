/**
 * The batch that the drain has claimed: one row lists its entries, so claiming writes none of them. Only the run
 * that holds the drain's token claims, hence a batch found here at the next claim was left behind by a run that died.
 */
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";

type ReadCtx = { db: QueryCtx["db"] };
type Batches = Omit<Doc<"storeBatches">, "_id" | "_creationTime">;

const findBatches = (ctx: ReadCtx): Promise<Doc<"storeBatches"> | null> => ctx.db.query("storeBatches").unique();

const NOTHING_YET: Batches = { claim: null, confirmedThrough: 0, lastDelivery: null };

export const getBatches = async (ctx: ReadCtx): Promise<Batches> => (await findBatches(ctx)) ?? NOTHING_YET;

async function saveBatches(ctx: MutationCtx, change: Partial<Batches>): Promise<void> {
  const row = await findBatches(ctx);
  if (row === null) await ctx.db.insert("storeBatches", { ...NOTHING_YET, ...change });
  else await ctx.db.patch("storeBatches", row._id, change);
}

/** Saves which rows the drain has claimed; returns the claim's id. */
export async function saveClaim(ctx: MutationCtx, rows: Id<"storeOutbox">[]): Promise<string> {
  const id = crypto.randomUUID();
  await saveBatches(ctx, { claim: { id, rows } });
  return id;
}

/** Saves that the drain has claimed nothing. */
export const dropClaim = (ctx: MutationCtx): Promise<void> => saveBatches(ctx, { claim: null });

/**
 * Saves the outcome of a batch. Returns the highest sequence that is confirmed now.
 *
 * @param standing whether it is the one in hand still, which it is no longer then
 * @param confirmed how many entries the store confirmed, and the highest sequence among them
 */
export async function saveOutcome(
  ctx: MutationCtx,
  { standing, confirmed }: { standing: boolean; confirmed: { at: number; count: number; through: number } },
): Promise<number> {
  const { at, count, through } = confirmed;
  const before = await getBatches(ctx);
  const confirmedThrough = Math.max(before.confirmedThrough, through);
  await saveBatches(ctx, {
    ...(standing && { claim: null }),
    ...(count > 0 && {
      confirmedThrough,
      lastDelivery: { at, count },
      deliveredCount: (before.deliveredCount ?? 0) + count,
    }),
  });
  return confirmedThrough;
}
