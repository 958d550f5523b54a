/**
 * The pump: the one run that sends what is due. One, because a deployment runs few actions beside each other, and each
 * attempt may take its whole time limit; a run sends many at once. This module writes its state, and nobody else does.
 */
import { internal } from "../../_generated/api";
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx } from "../../_generated/server";
import { createUuid } from "../../lib/ids";
import { SECOND_MS } from "../../lib/time";

/** A run that has not said for so long that it lives has died. */
const LEASE_MS = 30 * SECOND_MS;

const getPump = (ctx: MutationCtx): Promise<Doc<"webhookPumps"> | null> => ctx.db.query("webhookPumps").unique();

/** More than a lease is left only where the clock was put back since. */
const isAlive = ({ token, until }: Doc<"webhookPumps">, now: number): boolean =>
  token !== null && until > now && until <= now + LEASE_MS;

/** Makes sure that a run sees what is due now, however often it is called: writes nothing while one is under way. */
export async function wakePump(ctx: MutationCtx): Promise<void> {
  const pump = await getPump(ctx);
  if (pump && isAlive(pump, Date.now())) return;
  await startRun(ctx, pump);
}

async function startRun(ctx: MutationCtx, pump: Doc<"webhookPumps"> | null): Promise<void> {
  const state = { token: createUuid(), until: Date.now() + LEASE_MS };
  if (pump) await ctx.db.patch("webhookPumps", pump._id, state);
  else await ctx.db.insert("webhookPumps", state);
  await ctx.scheduler.runAfter(0, internal.webhooks.delivery.pump.run, { token: state.token });
}

/** The run that holds `token` goes on; false when another has taken over. */
export async function extendRun(ctx: MutationCtx, token: string): Promise<boolean> {
  const pump = await getPump(ctx);
  if (pump?.token !== token) return false;
  const now = Date.now();
  // Mutations that enqueue read the row, so it is not written each time.
  if (!isAlive(pump, now) || pump.until - now < LEASE_MS / 2)
    await ctx.db.patch("webhookPumps", pump._id, { until: now + LEASE_MS });
  return true;
}

/** The run is over, in the transaction that found nothing to do. */
export async function finishRun(ctx: MutationCtx, token: string): Promise<void> {
  const pump = await getPump(ctx);
  if (pump?.token === token) await ctx.db.patch("webhookPumps", pump._id, { token: null, until: 0 });
}

/** A fresh run takes over from the one that holds `token`. */
export async function handOverRun(ctx: MutationCtx, token: string): Promise<void> {
  const pump = await getPump(ctx);
  if (pump?.token === token) await startRun(ctx, pump);
}
