/**
 * The outbox: what the permanent store has yet to confirm. A row is pending, claimed by a delivery, or failed;
 * this module writes that state machine and nobody else does.
 */
import { internal } from "../_generated/api";
import type { Doc, Id } from "../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../_generated/server";
import { conflict, notFound } from "../lib/errors";
import { SECOND_MS } from "../lib/time";
import * as Drain from "./drainModel";
import type { Delivery, Outcome, StorePayload } from "./payload";
import { BATCH_SIZE, CLAIM_MS, MAX_ATTEMPTS, backoffMs } from "./rules";
import { patchStatus } from "./statusModel";

type Row = Doc<"storeOutbox">;

/** Rows that failed while the store was away return by themselves when it is back, this many at a time. */
const REVIVE_BATCH = 100;

/**
 * Adds an entry in the caller's transaction and makes sure that it is delivered. Call it in the mutation that starts or
 * ends a session or corrects an ended one; the last entry of a session is the one that stands.
 */
export async function enqueue(ctx: MutationCtx, payload: StorePayload): Promise<void> {
  const now = Date.now();
  const queued = await rowsOf(ctx, payload.sessionId).order("desc").first();
  const drain = await Drain.getDrain(ctx);
  const confirmed = drain?.confirmedThrough ?? 0;
  await ctx.db.insert("storeOutbox", {
    // Above every earlier entry of the session, queued or confirmed, even where the clock stands still or steps back.
    sequence: Math.max(now, (queued?.sequence ?? 0) + 1, confirmed + 1),
    sessionId: payload.sessionId,
    payload,
    attempts: 0,
    lastError: null,
    state: { kind: "pending", dueAt: now },
  });
  await Drain.wake(ctx, now, drain);
}

/**
 * Takes rows that are due for the drain run that holds `token`, in the order in which they must be written. Null when
 * there is nothing to do for it: the run is over, and the next one is arranged.
 */
export async function claim(
  ctx: MutationCtx,
  token: string,
): Promise<{ claim: string; deliveries: Delivery[] } | null> {
  const drain = await Drain.proceed(ctx, token);
  if (drain === null) return null;
  const now = Date.now();
  const rows = await ready(ctx, now, drain.outage === null ? BATCH_SIZE : 1);
  if (rows.length === 0) {
    await Drain.finish(ctx, token, await nextDueAt(ctx));
    return null;
  }
  const claimed = crypto.randomUUID();
  for (const row of rows)
    await ctx.db.patch("storeOutbox", row._id, {
      attempts: row.attempts + 1,
      state: { kind: "claimed", claim: claimed, dueAt: now + CLAIM_MS },
    });
  return {
    claim: claimed,
    deliveries: rows.map(({ _id, sequence, payload }) => ({ id: _id, sequence, payload })),
  };
}

async function ready(ctx: MutationCtx, now: number, limit: number): Promise<Row[]> {
  const lapsed = await due(ctx, "claimed", now).first();
  // Whatever ended that delivery may be this row's doing, so it goes alone.
  if (lapsed !== null) {
    if (lapsed.attempts < MAX_ATTEMPTS) return (await unblocked(ctx, [lapsed], now)).slice(0, 1);
    await fail(ctx, lapsed, "The delivery did not finish.", "rejected");
  }
  const rows = await due(ctx, "pending", now).take(limit);
  return await unblocked(ctx, rows, now);
}

const due = (ctx: MutationCtx, kind: "pending" | "claimed", now: number) =>
  ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_dueAt", (q) => q.eq("state.kind", kind).lte("state.dueAt", now));

/**
 * The rows that no earlier entry of their session holds up, by sequence. The others wait: their entry is delivered
 * after the earlier one, or without it once that has failed for good.
 */
async function unblocked(ctx: MutationCtx, rows: Row[], now: number): Promise<Row[]> {
  const taken = new Set(rows.map((row) => row._id));
  const free: Row[] = [];
  for (const row of [...rows].sort((a, b) => a.sequence - b.sequence)) {
    const earlier = await rowsOf(ctx, row.sessionId, row.sequence).take(MAX_PER_SESSION);
    const blocker = earlier.find(({ _id, state }) => state.kind !== "failed" && !taken.has(_id));
    if (blocker === undefined) {
      free.push(row);
      continue;
    }
    taken.delete(row._id);
    const blockedUntil = blocker.state.kind === "failed" ? now : blocker.state.dueAt;
    await ctx.db.patch("storeOutbox", row._id, {
      state: { kind: "pending", dueAt: Math.max(blockedUntil, now) + SECOND_MS },
    });
  }
  return free;
}

/** A session has a start, an end and a few corrections; more entries than this are judged by the first ones. */
const MAX_PER_SESSION = 50;

const rowsOf = (ctx: { db: QueryCtx["db"] }, sessionId: string, before?: number) =>
  ctx.db.query("storeOutbox").withIndex("by_sessionId_and_sequence", (q) => {
    const session = q.eq("sessionId", sessionId);
    return before === undefined ? session : session.lt("sequence", before);
  });

/**
 * Records what came of a claimed batch. Confirmed rows go, whoever has claimed them by now: their payload is in the store.
 * Failures count only while the claim still stands. Returns whether the run should go on with another batch.
 */
export async function settle(
  ctx: MutationCtx,
  args: { token: string; claim: string; results: { id: Id<"storeOutbox">; outcome: Outcome }[] },
): Promise<boolean> {
  const now = Date.now();
  let delivered = 0;
  let confirmedThrough = 0;
  let unreachable: string | null = null;
  let reached = false;
  for (const { id, outcome } of args.results) {
    if (outcome.kind === "failed" && outcome.cause === "unreachable") unreachable = outcome.error;
    else if (outcome.kind !== "skipped") reached = true;
    const row = await ctx.db.get("storeOutbox", id);
    if (row === null) continue;
    if (outcome.kind === "delivered") {
      delivered += 1;
      confirmedThrough = Math.max(confirmedThrough, row.sequence);
      await confirm(ctx, row, now);
    } else if (row.state.kind === "claimed" && row.state.claim === args.claim) {
      if (outcome.kind === "skipped") await giveBack(ctx, row, now);
      else if (row.attempts >= MAX_ATTEMPTS) await fail(ctx, row, outcome.error, outcome.cause);
      else await retry(ctx, row, outcome.error, now);
    }
  }
  if (delivered > 0) {
    await Drain.noteConfirmed(ctx, confirmedThrough);
    await patchStatus(ctx, { lastDelivery: { at: now, count: delivered } });
  }
  if (reached && (await Drain.noteReached(ctx))) await reviveFailedByOutage(ctx);
  if (reached || unreachable === null) return true;
  await Drain.noteOutage(ctx, unreachable);
  await Drain.finish(ctx, args.token, now);
  return false;
}

async function confirm(ctx: MutationCtx, row: Row, now: number): Promise<void> {
  await ctx.db.delete("storeOutbox", row._id);
  const next = await rowsOf(ctx, row.sessionId).first();
  // It may have waited for this one.
  if (next?.state.kind === "pending" && next.attempts === 0 && next.state.dueAt > now)
    await ctx.db.patch("storeOutbox", next._id, { state: { kind: "pending", dueAt: now } });
}

async function retry(ctx: MutationCtx, row: Row, error: string, now: number): Promise<void> {
  const dueAt = now + backoffMs(row.attempts, Math.random());
  await ctx.db.patch("storeOutbox", row._id, { lastError: error, state: { kind: "pending", dueAt } });
}

async function giveBack(ctx: MutationCtx, row: Row, now: number): Promise<void> {
  await ctx.db.patch("storeOutbox", row._id, {
    attempts: row.attempts - 1,
    state: { kind: "pending", dueAt: now + SECOND_MS },
  });
}

async function fail(
  ctx: MutationCtx,
  row: Row,
  error: string,
  cause: "unreachable" | "rejected",
): Promise<void> {
  await ctx.db.patch("storeOutbox", row._id, {
    lastError: error,
    state: { kind: "failed", failedAt: Date.now(), cause },
  });
}

/** Rows that failed only because the store was away become pending again; one batch, then it schedules itself. */
export async function reviveFailedByOutage(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  const rows = await ctx.db
    .query("storeOutbox")
    .withIndex("by_state_and_cause", (q) => q.eq("state.kind", "failed").eq("state.cause", "unreachable"))
    .take(REVIVE_BATCH);
  for (const row of rows)
    await ctx.db.patch("storeOutbox", row._id, { attempts: 0, state: { kind: "pending", dueAt: now } });
  if (rows.length === REVIVE_BATCH) await ctx.scheduler.runAfter(0, internal.store.drain.revive, {});
  if (rows.length > 0) await Drain.wake(ctx, now);
}

/** When the next row is due, in ms, or null when none waits. */
export async function nextDueAt(ctx: MutationCtx): Promise<number | null> {
  const next = async (kind: "pending" | "claimed"): Promise<number> => {
    const row = await ctx.db
      .query("storeOutbox")
      .withIndex("by_state_and_dueAt", (q) => q.eq("state.kind", kind))
      .first();
    return row === null || row.state.kind === "failed" ? Infinity : row.state.dueAt;
  };
  const at = Math.min(await next("pending"), await next("claimed"));
  return at === Infinity ? null : at;
}

/** A person sends a failed row again. `NOT_FOUND` when it is gone, `CONFLICT` when it has not failed. */
export async function replay(ctx: MutationCtx, id: string): Promise<void> {
  const rowId = ctx.db.normalizeId("storeOutbox", id);
  const row = rowId && (await ctx.db.get("storeOutbox", rowId));
  if (!row) throw notFound("This entry is not in the outbox: it may have been delivered.");
  if (row.state.kind !== "failed") throw conflict("Only a failed entry can be replayed.");
  const now = Date.now();
  await ctx.db.patch("storeOutbox", row._id, { attempts: 0, state: { kind: "pending", dueAt: now } });
  await Drain.wake(ctx, now);
}

/**
 * Whether the store has yet to confirm anything of the session. An ended session that is not queued is stored: the entry
 * came with its end, in one transaction, and goes only with the confirmation.
 */
export const isQueued = async (ctx: { db: QueryCtx["db"] }, sessionId: string): Promise<boolean> =>
  (await rowsOf(ctx, sessionId).first()) !== null;
