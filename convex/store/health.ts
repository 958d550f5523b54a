/** The state of the permanent store for the health check: what waits for it, and whether it answers. */
import { internal } from "../_generated/api";
import type { ActionCtx, QueryCtx } from "../_generated/server";
import { SECOND_MS } from "../lib/time";
import { getBatches } from "./delivery/batch";
import { getDrain } from "./delivery/drainState";
import { getOldestEntry, measureOutbox } from "./queue/status";
import { readStoreKind } from "./rules";

export type StoreState = {
  depth: number;
  /** ms since the epoch; null when nothing waits. */
  oldestAt: number | null;
  /** Whether the last delivery found the store away. */
  isOut: boolean;
  /** Entries that the store has confirmed so far. */
  deliveredCount: number;
};

export async function measureStore(ctx: { db: QueryCtx["db"] }): Promise<StoreState> {
  return {
    depth: (await measureOutbox(ctx)).depth,
    oldestAt: (await getOldestEntry(ctx))?._creationTime ?? null,
    isOut: ((await getDrain(ctx))?.outage ?? null) !== null,
    deliveredCount: (await getBatches(ctx)).deliveredCount ?? 0,
  };
}

/** The health check answers within a second, so the store has to before. */
const PROBE_WAIT_MS = 700;
/** However many ask, the store is asked once in this time. */
const PROBE_KEPT_MS = 2 * SECOND_MS;

let last: { url: string | undefined; at: number; answers: Promise<boolean> } | null = null;

/** Whether the store answers now, as of at most two seconds ago. Without a store there is nothing to be away. */
export function probeStore(ctx: Pick<ActionCtx, "runAction">): Promise<boolean> {
  const url = process.env.PERMANENT_STORE_URL;
  const now = Date.now();
  if (last && last.url === url && now >= last.at && now < last.at + PROBE_KEPT_MS) return last.answers;
  const answers = Promise.race([
    ask(ctx, url).then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), PROBE_WAIT_MS)),
  ]);
  last = { url, at: now, answers };
  return answers;
}

async function ask(ctx: Pick<ActionCtx, "runAction">, url: string | undefined): Promise<void> {
  const kind = readStoreKind(url);
  if (kind === "postgres") await ctx.runAction(internal.store.adapters.postgres.actions.ping, {});
  // Whatever it says, it is there.
  if (kind === "rest" && url) await fetch(url, { redirect: "manual", signal: AbortSignal.timeout(PROBE_WAIT_MS) });
}
