/**
 * Counts of refused and failed requests, for metrics. They are kept in memory and written a few times a minute, with
 * the next one that is counted, so that a stream of refusals costs no stream of writes; what a process holds when it
 * dies is lost.
 */
import { v } from "convex/values";
import { internal } from "../_generated/api";
import { internalMutation, type ActionCtx } from "../_generated/server";
import { countUp } from "../lib/counters";
import { SECOND_MS } from "../lib/time";

export { experimental_reuseContext } from "../lib/contexts";

const WRITE_AFTER_MS = 5 * SECOND_MS;

const held = new Map<string, number>();
let writtenAt = 0;

/** The counter of a domain's answers of a class, such as `4xx`. */
export const RESPONSES = "http_responses";
export const nameResponses = (domain: string, status: number): string =>
  `${RESPONSES} ${domain} ${Math.floor(status / 100)}xx`;

/** Counts an answer, if it is a refusal or a failure. */
export async function countAnswer(ctx: ActionCtx, domain: string, status: number): Promise<void> {
  if (status < 400) return;
  const name = nameResponses(domain, status);
  held.set(name, (held.get(name) ?? 0) + 1);
  if (Date.now() - writtenAt >= WRITE_AFTER_MS || Date.now() < writtenAt) await writeCounts(ctx);
}

/** Writes what is held, so that the counters are up to date. */
export async function writeCounts(ctx: ActionCtx): Promise<void> {
  writtenAt = Date.now();
  if (held.size === 0) return;
  const counts = Object.fromEntries(held);
  held.clear();
  // An answer does not fail because it could not be counted.
  await ctx.runMutation(internal.rest.tally.save, { counts }).catch((error: unknown) => console.error(error));
}

export const save = internalMutation({
  args: { counts: v.record(v.string(), v.number()) },
  returns: v.null(),
  handler: async (ctx, { counts }) => {
    for (const [name, by] of Object.entries(counts)) await countUp(ctx, name, by);
    return null;
  },
});
