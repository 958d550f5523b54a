import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction, internalMutation, type MutationCtx } from "../_generated/server";
import { getBatches } from "./delivery/batch";
import * as DrainState from "./delivery/drainState";
import { drainWith, type Deliver } from "./delivery/run";
import * as Outbox from "./queue/entries";
import { vDelivery, vUndelivered } from "./payload";
import { getNextDueAt } from "./queue/readyRows";
import { deliverOverRest } from "./adapters/rest";
import { redact, readStoreKind, listSecrets } from "./rules";

export { experimental_reuseContext } from "../lib/contexts";

/**
 * Delivers what is due, batch after batch. At most one run works at a time; a run whose token is stale does nothing.
 */
export const run = internalAction({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }): Promise<null> => {
    if (!isPostgres()) await drainWith(ctx, token, deliver);
    else
      try {
        await ctx.runAction(internal.store.adapters.postgres.actions.drain, { token });
      } catch (error) {
        // Not the store's failure, which is settled there, but that of running the action at all.
        const text = redact(error, listSecrets(process.env));
        await ctx.runMutation(internal.store.drain.broken, { token, error: text });
      }
    return null;
  },
});

const isPostgres = (): boolean => {
  try {
    return readStoreKind(process.env.PERMANENT_STORE_URL) === "postgres";
  } catch {
    // `deliver` says what is wrong with the address, where it shows.
    return false;
  }
};

const deliver: Deliver = async (deliveries) => {
  if (readStoreKind(process.env.PERMANENT_STORE_URL) === null) throw new Error("PERMANENT_STORE_URL is not set.");
  return await deliverOverRest(deliveries, process.env);
};

export const claim = internalMutation({
  args: { token: v.string() },
  returns: v.union(v.null(), v.object({ claim: v.string(), deliveries: v.array(vDelivery) })),
  handler: (ctx, { token }) => Outbox.claimBatch(ctx, token),
});

export const settle = internalMutation({
  args: {
    token: v.string(),
    claim: v.string(),
    delivered: v.array(v.id("storeOutbox")),
    others: v.array(v.object({ id: v.id("storeOutbox"), outcome: vUndelivered })),
  },
  returns: v.boolean(),
  handler: (ctx, args) => Outbox.settleBatch(ctx, args),
});

export const broken = internalMutation({
  args: { token: v.string(), error: v.string() },
  returns: v.null(),
  handler: async (ctx, { token, error }) => {
    await Outbox.recordBrokenRun(ctx, token, error);
    return null;
  },
});

export const handOver = internalMutation({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }) => {
    const { confirmedThrough } = await getBatches(ctx);
    await DrainState.finishRun(ctx, token, { nextDueAt: await getNextDueAt(ctx), confirmedThrough });
    return null;
  },
});

/**
 * For the cron: starts a drain when rows are due and none is on its way, such as after a crash. Where one seems to run,
 * it looks again when that one's time is up, in case it has died.
 */
export const tick = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Outbox.releaseRowsAhead(ctx);
    const runsUntil = await wakeIfDue(ctx);
    if (runsUntil !== null) await ctx.scheduler.runAt(runsUntil, internal.store.drain.takeOver, {});
    return null;
  },
});

export const takeOver = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await wakeIfDue(ctx);
    return null;
  },
});

/** Returns until when a run may take that is under way while rows are due, in ms, else null. */
async function wakeIfDue(ctx: MutationCtx): Promise<number | null> {
  const dueAt = await getNextDueAt(ctx);
  if (dueAt === null) return null;
  const drain = await DrainState.getDrain(ctx);
  if (drain?.state.kind === "running" && DrainState.isRunning(drain.state, Date.now())) return drain.state.until;
  await DrainState.scheduleDrain(ctx, dueAt, drain);
  return null;
}

export const revive = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Outbox.reviveFailedByOutage(ctx);
    return null;
  },
});
