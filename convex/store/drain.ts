import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalAction, internalMutation, type ActionCtx } from "../_generated/server";
import { getBatches } from "./batchModel";
import * as Drain from "./drainModel";
import * as Outbox from "./model";
import { vDelivery, vOutcome, type Delivery, type Outcome } from "./payload";
import { nextDueAt } from "./readyRows";
import { deliverOverRest } from "./restStore";
import { SECOND_MS } from "../lib/time";
import { redact, storeKind, storeSecrets } from "./rules";

/** After so many batches a run makes way for a fresh one, well within the time an action may take. */
const MAX_BATCHES = 100;
/**
 * Between batches a run rests twice as long as the last one's two transactions took: a backlog is worked off beside live
 * sessions, not instead of them, and where these are busy transactions take longer. Waiting for the store holds nobody up.
 * What comes in alone is delivered at once.
 */
const REST_FACTOR = 2;
const REST_MAX_MS = 3 * SECOND_MS;

/** Delivers what is due, batch after batch. At most one run works at a time; a run whose token is stale does nothing. */
export const run = internalAction({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }): Promise<null> => {
    for (let batch = 0; batch < MAX_BATCHES; batch++) {
      const startedAt = Date.now();
      const work: { claim: string; deliveries: Delivery[] } | null = await ctx.runMutation(
        internal.store.drain.claim,
        { token },
      );
      if (work === null) return null;
      const claimedAt = Date.now();
      const outcomes = await deliver(ctx, work.deliveries);
      const results = work.deliveries.map(({ id }, i) => ({
        id,
        outcome: outcomes[i] ?? ({ kind: "skipped" } as const),
      }));
      const deliveredAt = Date.now();
      const goOn: boolean = await ctx.runMutation(internal.store.drain.settle, {
        token,
        claim: work.claim,
        results,
      });
      if (!goOn) return null;
      await rest(claimedAt - startedAt + (Date.now() - deliveredAt));
    }
    await ctx.runMutation(internal.store.drain.handOver, { token });
    return null;
  },
});

const rest = (tookMs: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.min(REST_MAX_MS, tookMs * REST_FACTOR)));

/** One outcome per delivery, in their order. Never throws: what goes wrong as a whole counts for each of them. */
async function deliver(ctx: ActionCtx, deliveries: Delivery[]): Promise<Outcome[]> {
  try {
    switch (storeKind(process.env.PERMANENT_STORE_URL)) {
      case "postgres":
        return await ctx.runAction(internal.store.postgres.actions.deliver, { deliveries });
      case "rest":
        return await deliverOverRest(deliveries, process.env);
      case null:
        throw new Error("PERMANENT_STORE_URL is not set.");
    }
  } catch (error) {
    const failure = {
      kind: "failed",
      error: redact(error, storeSecrets(process.env)),
      cause: "unreachable",
    } as const;
    return deliveries.map(() => failure);
  }
}

export const claim = internalMutation({
  args: { token: v.string() },
  returns: v.union(v.null(), v.object({ claim: v.string(), deliveries: v.array(vDelivery) })),
  handler: (ctx, { token }) => Outbox.claim(ctx, token),
});

export const settle = internalMutation({
  args: {
    token: v.string(),
    claim: v.string(),
    results: v.array(v.object({ id: v.id("storeOutbox"), outcome: vOutcome })),
  },
  returns: v.boolean(),
  handler: (ctx, args) => Outbox.settle(ctx, args),
});

export const handOver = internalMutation({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }) => {
    const { confirmedThrough } = await getBatches(ctx);
    await Drain.finish(ctx, token, { nextDueAt: await nextDueAt(ctx), confirmedThrough });
    return null;
  },
});

/** For the cron: starts a drain when rows are due and none is on its way, such as after a crash. */
export const tick = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    const dueAt = await nextDueAt(ctx);
    if (dueAt !== null) await Drain.wake(ctx, dueAt);
    return null;
  },
});

export const revive = internalMutation({
  args: {},
  returns: v.null(),
  handler: async (ctx) => {
    await Outbox.reviveFailedByOutage(ctx);
    return null;
  },
});
