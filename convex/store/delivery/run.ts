/**
 * One run of the drain: batch after batch, until nothing is due or another run has taken over. It lives beside drain.ts
 * so that an adapter which needs Node can have the whole run there, rather than be handed each batch.
 */
import { internal } from "../../_generated/api";
import type { ActionCtx } from "../../_generated/server";
import { SECOND_MS } from "../../lib/time";
import type { Delivery, Outcome } from "../payload";
import { redact, listSecrets } from "../rules";

/** After so many batches a run makes way for a fresh one, well within the time an action may take. */
const MAX_BATCHES = 25;
/**
 * Between batches a run rests twice as long as the last one's two transactions took: a backlog is worked off beside
 * live sessions, not instead of them, and where these are busy transactions take longer. Waiting for the store holds
 * nobody up. What comes in alone is delivered at once.
 */
const REST_FACTOR = 2;
const REST_MAX_MS = 3 * SECOND_MS;

/** Hands entries to a store; one outcome per delivery, in their order. Throws when the store fails as a whole. */
export type Deliver = (deliveries: Delivery[]) => Promise<Outcome[]>;

export async function drainWith(ctx: ActionCtx, token: string, deliver: Deliver): Promise<void> {
  for (let batch = 0; batch < MAX_BATCHES; batch++) {
    const startedAt = Date.now();
    const work: { claim: string; deliveries: Delivery[] } | null = await ctx.runMutation(internal.store.drain.claim, {
      token,
    });
    if (work === null) return;
    const claimedAt = Date.now();
    const outcomes = await deliverAll(deliver, work.deliveries);
    const deliveredAt = Date.now();
    const goOn = await ctx.runMutation(internal.store.drain.settle, {
      token,
      claim: work.claim,
      ...resultsOf(work.deliveries, outcomes),
    });
    if (!goOn) return;
    await pause(claimedAt - startedAt + (Date.now() - deliveredAt));
  }
  await ctx.runMutation(internal.store.drain.handOver, { token });
}

/** Never throws: what goes wrong as a whole counts for each of them. */
async function deliverAll(deliver: Deliver, deliveries: Delivery[]): Promise<Outcome[]> {
  try {
    return await deliver(deliveries);
  } catch (error) {
    const text = redact(error, listSecrets(process.env));
    return deliveries.map(() => ({ kind: "failed", error: text, cause: "unreachable" }));
  }
}

/** Turns outcomes into the arguments of `settle`. */
export function resultsOf(deliveries: Delivery[], outcomes: Outcome[]) {
  const results = deliveries.map(({ id }, i) => ({ id, outcome: outcomes[i] ?? ({ kind: "skipped" } as const) }));
  return {
    delivered: results.flatMap(({ id, outcome }) => (outcome.kind === "delivered" ? [id] : [])),
    others: results.flatMap(({ id, outcome }) => (outcome.kind === "delivered" ? [] : [{ id, outcome }])),
  };
}

const pause = (tookMs: number) =>
  new Promise((resolve) => setTimeout(resolve, Math.min(REST_MAX_MS, tookMs * REST_FACTOR)));
