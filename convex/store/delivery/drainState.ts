/**
 * The drain: the one delivery run that empties the outbox. This module writes its state machine,
 * idle → scheduled → running → idle, and nobody else does.
 */
import { internal } from "../../_generated/api";
import type { Doc } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { SECOND_MS } from "../../lib/time";
import { CLAIM_MS, LEASE_MS, OUTAGE_PAUSE_MAX_MS, computeBackoff } from "../rules";

export type Drain = Doc<"storeDrains">;

/** A scheduled run this long overdue is taken for lost: actions run at most once, and a crash may swallow one. */
const LOST_AFTER_MS = 30 * SECOND_MS;

export const getDrain = (ctx: { db: QueryCtx["db"] }): Promise<Drain | null> => ctx.db.query("storeDrains").unique();

async function requireDrain(ctx: MutationCtx): Promise<Drain> {
  const drain = await getDrain(ctx);
  if (drain !== null) return drain;
  const id = await ctx.db.insert("storeDrains", {
    state: { kind: "idle" },
    confirmedThrough: 0,
    outage: null,
  });
  return (await ctx.db.get("storeDrains", id))!;
}

/**
 * Makes sure a drain runs at `at` (ms) or before, however often it is called: writes nothing when one is on its way.
 * Without a store to deliver to, rows wait. During an outage nothing is tried before its pause is over. `known` spares
 * reading the drain again.
 */
export async function scheduleDrain(ctx: MutationCtx, at: number, known?: Drain | null): Promise<void> {
  if (!process.env.PERMANENT_STORE_URL) return;
  const now = Date.now();
  const drain = known ?? (await requireDrain(ctx));
  const pausedUntil = Math.min(drain.outage?.pausedUntil ?? 0, now + OUTAGE_PAUSE_MAX_MS);
  const dueAt = Math.max(at, pausedUntil, now);
  const { state } = drain;
  // A running drain looks for more before it ends, in the transaction in which it ends.
  if (state.kind === "running" && isRunning(state, now)) return;
  if (state.kind === "scheduled") {
    if (state.dueAt <= dueAt && state.dueAt > now - LOST_AFTER_MS) return;
    await ctx.scheduler.cancel(state.jobId);
  }
  const token = crypto.randomUUID();
  const jobId = await ctx.scheduler.runAt(dueAt, internal.store.drain.run, { token });
  await ctx.db.patch("storeDrains", drain._id, { state: { kind: "scheduled", token, jobId, dueAt } });
}

/**
 * Whether a run is under way. More than a lease is left only where the clock was put back since, perhaps after it died.
 */
export const isRunning = ({ until }: { until: number }, now: number): boolean => until > now && until <= now + LEASE_MS;

/**
 * The run that holds `token` goes on, with enough time left for a batch; asking for more is written, and mutations that
 * enqueue read it, so that is not done with every batch. Returns the drain, or null when another run has taken over:
 * then this one must stop.
 *
 * @param confirmedThrough see `storeBatches`
 */
export async function extendRun(ctx: MutationCtx, token: string, confirmedThrough: number): Promise<Drain | null> {
  const drain = await requireDrain(ctx);
  if (!holdsToken(drain, token)) return null;
  const now = Date.now();
  const left = drain.state.kind === "running" ? drain.state.until - now : 0;
  // More than a lease is left only where the clock has stepped back.
  if (left < CLAIM_MS || left > LEASE_MS)
    await ctx.db.patch("storeDrains", drain._id, {
      state: { kind: "running", token, until: now + LEASE_MS },
      confirmedThrough,
    });
  return drain;
}

export const holdsToken = (drain: Drain, token: string): boolean =>
  drain.state.kind !== "idle" && drain.state.token === token;

/** The run that holds `token` is over; `nextDueAt` is when there is something to do again, or null. */
export async function finishRun(
  ctx: MutationCtx,
  token: string,
  { nextDueAt, confirmedThrough }: { nextDueAt: number | null; confirmedThrough: number },
): Promise<void> {
  const drain = await requireDrain(ctx);
  if (!holdsToken(drain, token)) return;
  await ctx.db.patch("storeDrains", drain._id, { state: { kind: "idle" }, confirmedThrough });
  if (nextDueAt !== null) await scheduleDrain(ctx, nextDueAt);
}

/** The store could not be reached: nothing more is sent before a pause that grows with every further failure. */
export async function noteOutage(ctx: MutationCtx, error: string): Promise<void> {
  const drain = await requireDrain(ctx);
  const failures = (drain.outage?.failures ?? 0) + 1;
  const now = Date.now();
  const pausedUntil = now + computeBackoff(failures, Math.random(), OUTAGE_PAUSE_MAX_MS);
  await ctx.db.patch("storeDrains", drain._id, {
    outage: { since: drain.outage?.since ?? now, failures, pausedUntil, error },
  });
}

/** The store answered. Returns whether an outage ended with that. */
export async function noteReached(ctx: MutationCtx): Promise<boolean> {
  const drain = await requireDrain(ctx);
  if (drain.outage === null) return false;
  await ctx.db.patch("storeDrains", drain._id, { outage: null });
  return true;
}
