/**
 * Counts drafts that have no ledger. This stays: whoever imports the table of drafts alone (`convex import`) brings
 * drafts without counts.
 */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation, type MutationCtx } from "../_generated/server";
import { countUncounted, getLedger } from "./counts/ledger";

export { experimental_reuseContext } from "../lib/contexts";

const LEDGERS = "draft ledgers";
const OWNERS_AT_ONCE = 25;

/**
 * Has the drafts of owners without a ledger counted: a step through the owners of drafts, in order, then itself again
 * until there are no more. Whoever comes meanwhile has a ledger from their first draft on.
 */
export const countAll = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const state = await ctx.db
      .query("migrations")
      .withIndex("by_name", (q) => q.eq("name", LEDGERS))
      .unique();
    if (state?.after === null) return null;
    let after: string | null = state?.after ?? "";
    for (let n = 0; n < OWNERS_AT_ONCE && after !== null; n++) after = await countNext(ctx, after);
    if (state) await ctx.db.patch("migrations", state._id, { after });
    else await ctx.db.insert("migrations", { name: LEDGERS, after });
    if (after !== null) await ctx.scheduler.runAfter(0, internal.valuations.migrations.countAll, {});
    return null;
  },
});

/**
 * The first owner of drafts after `after`, whose drafts are going to be counted if they are not; null when there is
 * none.
 */
async function countNext(ctx: MutationCtx, after: string): Promise<string | null> {
  const draft = await ctx.db
    .query("valuationDrafts")
    .withIndex("by_owner_and_deleted_and_updatedAt", (q) => q.gt("owner", after))
    .first();
  if (!draft) return null;
  const { owner } = draft;
  // Each in transactions of its own, so that none holds up the others.
  const ledger = await getLedger(ctx, owner);
  if (!ledger || ledger.countedFrom !== undefined)
    await ctx.scheduler.runAfter(0, internal.valuations.migrations.countOwner, { owner });
  return owner;
}

/** Counts an owner's drafts that are not counted; itself again until all are. */
export const countOwner = internalMutation({
  args: { owner: v.string() },
  returns: v.null(),
  handler: async (ctx, { owner }) => {
    if (!(await countUncounted(ctx, owner)))
      await ctx.scheduler.runAfter(0, internal.valuations.migrations.countOwner, { owner });
    return null;
  },
});
