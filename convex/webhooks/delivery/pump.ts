"use node";
/** One run of the pump: sends what is due, many at once, until nothing is due or another run has taken over. */
import { v } from "convex/values";
import { internal } from "../../_generated/api";
import { internalAction, type ActionCtx } from "../../_generated/server";
import { SECOND_MS } from "../../lib/time";
import type { Sending } from "../deliveryRows";
import { allowsPrivate } from "../rules";
import type { Attempt } from "../tables";
import { resolveHost } from "./addresses";
import { post } from "./post";

/** Requests under way in a run. They wait more than they work. */
const AT_ONCE = 256;
/** While requests are under way a run looks so often for what has come due meanwhile. */
const LOOK_AGAIN_MS = 250;
/** After so long a run makes way for a fresh one, well within the time an action may take. */
const RUN_MS = 120 * SECOND_MS;

export const run = internalAction({
  args: { token: v.string() },
  returns: v.null(),
  handler: async (ctx, { token }): Promise<null> => {
    const endsAt = performance.now() + RUN_MS;
    const underway = new Set<Promise<void>>();
    let goOn = true;
    while (goOn && performance.now() < endsAt) {
      const claimed: { sendings: Sending[]; goOn: boolean } = await ctx.runMutation(internal.webhooks.queue.claim, {
        token,
        limit: AT_ONCE - underway.size,
        underway: underway.size,
      });
      ({ goOn } = claimed);
      for (const sending of claimed.sendings) {
        const attempt: Promise<void> = send(ctx, sending).finally(() => underway.delete(attempt));
        underway.add(attempt);
      }
      if (goOn && underway.size > 0) await Promise.race([...underway, pause()]);
    }
    if (goOn) await ctx.runMutation(internal.webhooks.queue.handOver, { token });
    await Promise.all(underway);
    return null;
  },
});

const pause = () => new Promise<void>((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));

/** Never throws: what cannot be settled is found by the cron as cut short. */
async function send(ctx: ActionCtx, { deliveryId, claim, ...message }: Sending): Promise<void> {
  try {
    const attempt: Attempt = await post(message, allowsPrivate());
    await ctx.runMutation(internal.webhooks.queue.settle, { deliveryId, claim, attempt });
  } catch (error) {
    console.error(`webhook delivery ${deliveryId} was not settled`, error);
  }
}

/** Whether the host leads to an address that nothing may be sent to; a name that does not resolve may yet. */
export const isPrivate = internalAction({
  args: { host: v.string() },
  returns: v.boolean(),
  handler: async (_ctx, { host }): Promise<boolean> => {
    try {
      return (await resolveHost(host)).some(({ isPrivate: found }) => found);
    } catch {
      return false;
    }
  },
});
