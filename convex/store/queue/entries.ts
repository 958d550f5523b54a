/**
 * The outbox: what the permanent store has yet to confirm. A row is pending, suspect (its delivery ended without an
 * outcome) or failed. The one module that writes `storeOutbox`. A delivery without failures writes no row's state:
 * which rows it has claimed is in one row for all of them (delivery/batch).
 */
import { internal } from "../../_generated/api";
import type { Doc, Id } from "../../_generated/dataModel";
import type { MutationCtx, QueryCtx } from "../../_generated/server";
import { countUp } from "../../lib/counters";
import { conflict, notFound } from "../../lib/errors";
import { SECOND_MS } from "../../lib/time";
import * as Batch from "../delivery/batch";
import * as DrainState from "../delivery/drainState";
import type { Delivery, StorePayload, Undelivered } from "../payload";
import { listRowsAhead, getNextDueAt, listReadyRows, queryRows } from "./readyRows";
import { BATCH_SIZE, MAX_ATTEMPTS, computeBackoff, SUSPECT } from "../rules";

type Row = Doc<"storeOutbox">;

/** Rows that failed while the store was away return by themselves when it is back, this many at a time. */
const REVIVE_BATCH = 100;

/** Where the next entry of a session stands, and the drain that will deliver it. */
export type Place = { sequence: number; drain: DrainState.Drain | null };

/**
 * The place after every earlier entry of a session, queued or confirmed, even where the clock stands still or steps
 * back.
 *
 * @param last the sequence of its newest entry, 0 when it has had none
 */
export async function getNextPlace(ctx: MutationCtx, last: number): Promise<Place> {
  const drain = await DrainState.getDrain(ctx);
  // `confirmedThrough` keeps goals and activities, which sessions share, in order too.
  return { sequence: Math.max(Date.now(), last + 1, (drain?.confirmedThrough ?? 0) + 1), drain };
}

/**
 * Adds an entry in the caller's transaction and makes sure that it is delivered. Call it in the mutation that starts or
 * ends a session or corrects an ended one, and keep `place.sequence` with the session; the last entry of a
 * session is the one that stands. One insert, unless no delivery is on its way yet.
 */
export async function enqueue(ctx: MutationCtx, payload: StorePayload, place: Place): Promise<void> {
  await ctx.db.insert("storeOutbox", {
    sequence: place.sequence,
    sessionId: payload.sessionId,
    payload,
    attempts: 0,
    lastError: null,
    state: { kind: "pending", dueAt: 0 },
  });
  await DrainState.scheduleDrain(ctx, Date.now(), place.drain);
}

/**
 * Takes rows that are due for the drain run that holds `token`, in the order in which they must be written. Null when
 * there is nothing to do for it: the run is over, and the next one is arranged.
 */
export async function claimBatch(
  ctx: MutationCtx,
  token: string,
): Promise<{ claim: string; deliveries: Delivery[] } | null> {
  const { claim: left, confirmedThrough } = await Batch.getBatches(ctx);
  const drain = await DrainState.extendRun(ctx, token, confirmedThrough);
  if (drain === null) return null;
  const now = Date.now();
  if (left !== null) await markSuspect(ctx, left.rows, now);
  const { rows, heldUp } = await listReadyRows(ctx, now, drain.outage === null ? BATCH_SIZE : 1);
  for (const { row, until } of heldUp) await delayRow(ctx, row, Math.max(until, now) + SECOND_MS);
  if (rows.length === 0) {
    if (left !== null) await Batch.dropClaim(ctx);
    await DrainState.finishRun(ctx, token, { nextDueAt: await getNextDueAt(ctx), confirmedThrough });
    return null;
  }
  return {
    claim: await Batch.saveClaim(
      ctx,
      rows.map(({ _id }) => _id),
    ),
    deliveries: rows.map(({ _id, sequence, payload }) => ({ id: _id, sequence, payload })),
  };
}

const UNFINISHED = "The delivery did not finish.";

/** Marks rows whose delivery ended without an outcome. */
async function markSuspect(ctx: MutationCtx, rows: Id<"storeOutbox">[], now: number): Promise<void> {
  for (const rowId of rows) {
    const row = await ctx.db.get("storeOutbox", rowId);
    if (row === null || row.state.kind === "failed") continue;
    const attempts = row.attempts + 1;
    if (attempts >= MAX_ATTEMPTS) await failRow(ctx, row, UNFINISHED, "rejected");
    else
      await ctx.db.patch("storeOutbox", rowId, {
        attempts,
        lastError: UNFINISHED,
        state: { kind: SUSPECT, dueAt: now },
      });
  }
}

/** Makes rows due whose time lies too far ahead, because the clock was put back. */
export async function releaseRowsAhead(ctx: MutationCtx): Promise<void> {
  const now = Date.now();
  for (const row of await listRowsAhead(ctx, now)) await delayRow(ctx, row, now);
}

const delayRow = (ctx: MutationCtx, row: Row, dueAt: number) =>
  ctx.db.patch("storeOutbox", row._id, { state: { kind: "pending", dueAt } });

/**
 * Records what came of a claimed batch. Confirmed rows go, whoever has claimed them by now: their payload is in the
 * store. Failures count only while the claim still stands. Returns whether more is due; if not, the run is over and the
 * next one arranged.
 */
export async function settleBatch(
  ctx: MutationCtx,
  args: {
    token: string;
    claim: string;
    delivered: Id<"storeOutbox">[];
    others: { id: Id<"storeOutbox">; outcome: Undelivered }[];
  },
): Promise<boolean> {
  const now = Date.now();
  const standing = (await Batch.getBatches(ctx)).claim?.id === args.claim;
  const confirmed = await confirmRows(ctx, args.delivered, now);
  let unreachable: string | null = null;
  let reached = args.delivered.length > 0;
  for (const { id, outcome } of args.others) {
    if (outcome.kind === "failed" && outcome.cause === "unreachable") unreachable = outcome.error;
    else if (outcome.kind === "failed") reached = true;
    const row = standing ? await ctx.db.get("storeOutbox", id) : null;
    if (row === null) continue;
    if (outcome.kind === "skipped") await delayRow(ctx, row, now + SECOND_MS);
    else await retryRow(ctx, row, outcome, now);
  }
  const confirmedThrough = await Batch.saveOutcome(ctx, { standing, confirmed });
  if (reached && (await DrainState.noteReached(ctx))) await reviveFailedByOutage(ctx);
  const away = !reached && unreachable !== null;
  if (away) await DrainState.noteOutage(ctx, unreachable ?? "");
  // After a full batch there is most likely more, and looking for it is expensive where so much has just been deleted.
  if (!away && args.delivered.length + args.others.length === BATCH_SIZE) return true;
  const next = await getNextDueAt(ctx);
  if (!away && next !== null && next <= now) return true;
  await DrainState.finishRun(ctx, args.token, { nextDueAt: next, confirmedThrough });
  return false;
}

/** Records that a run failed before it settled its batch, which is left for the next run, after a pause. */
export async function recordBrokenRun(ctx: MutationCtx, token: string, error: string): Promise<void> {
  const drain = await DrainState.getDrain(ctx);
  if (drain === null || !DrainState.holdsToken(drain, token)) return;
  await DrainState.noteOutage(ctx, error);
  const { confirmedThrough } = await Batch.getBatches(ctx);
  await DrainState.finishRun(ctx, token, { nextDueAt: await getNextDueAt(ctx), confirmedThrough });
}

/** Removes delivered rows. Returns how many there were, and the highest sequence among them. */
async function confirmRows(ctx: MutationCtx, ids: Id<"storeOutbox">[], now: number) {
  const confirmed = { at: now, count: 0, through: 0 };
  for (const id of ids) {
    const row = await ctx.db.get("storeOutbox", id);
    if (row === null) continue;
    confirmed.count += 1;
    confirmed.through = Math.max(confirmed.through, row.sequence);
    await confirmRow(ctx, row, now);
  }
  return confirmed;
}

async function confirmRow(ctx: MutationCtx, row: Row, now: number): Promise<void> {
  await ctx.db.delete("storeOutbox", row._id);
  // Only an entry that was late itself can have kept another waiting.
  if (row.state.kind === "pending" && row.state.dueAt === 0) return;
  const next = await queryRows(ctx, row.sessionId).first();
  if (next?.state.kind === "pending" && next.attempts === 0 && next.state.dueAt > now) await delayRow(ctx, next, now);
}

async function retryRow(
  ctx: MutationCtx,
  row: Row,
  { error, cause }: Extract<Undelivered, { kind: "failed" }>,
  now: number,
): Promise<void> {
  const attempts = row.attempts + 1;
  if (attempts >= MAX_ATTEMPTS) return await failRow(ctx, row, error, cause);
  const dueAt = now + computeBackoff(attempts, Math.random());
  await ctx.db.patch("storeOutbox", row._id, { attempts, lastError: error, state: { kind: "pending", dueAt } });
}

async function failRow(ctx: MutationCtx, row: Row, error: string, cause: "unreachable" | "rejected"): Promise<void> {
  await countUp(ctx, "outbox_failed");
  await ctx.db.patch("storeOutbox", row._id, {
    attempts: MAX_ATTEMPTS,
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
  if (rows.length > 0) await DrainState.scheduleDrain(ctx, now);
}

async function requireRow(ctx: { db: QueryCtx["db"] }, id: string): Promise<Row> {
  const rowId = ctx.db.normalizeId("storeOutbox", id);
  const row = rowId && (await ctx.db.get("storeOutbox", rowId));
  if (!row) throw notFound("This entry is not in the outbox: it may have been delivered.");
  return row;
}

/** A person sends a failed row again. `NOT_FOUND` when it is gone, `CONFLICT` when it has not failed. */
export async function replayEntry(ctx: MutationCtx, id: string): Promise<void> {
  const row = await requireRow(ctx, id);
  if (row.state.kind !== "failed") throw conflict("Only a failed entry can be replayed.");
  const now = Date.now();
  await ctx.db.patch("storeOutbox", row._id, { attempts: 0, state: { kind: "pending", dueAt: now } });
  await DrainState.scheduleDrain(ctx, now);
}

/** The payload of an entry, as the store is sent it. `NOT_FOUND` when it is gone. */
export async function getPayload(ctx: { db: QueryCtx["db"] }, id: string): Promise<StorePayload> {
  return (await requireRow(ctx, id)).payload;
}

/**
 * A person gives a failed row up. The session stays in the live database, and what the store lacks of it is found by
 * the next comparison. `NOT_FOUND` when it is gone, `CONFLICT` when it has not failed.
 */
export async function discardEntry(ctx: MutationCtx, id: string): Promise<void> {
  const row = await requireRow(ctx, id);
  if (row.state.kind !== "failed") throw conflict("Only a failed entry can be discarded.");
  await ctx.db.delete("storeOutbox", row._id);
}

/**
 * Whether the store has yet to confirm anything of the session. An ended session that is not queued is stored: the
 * entry came with its end, in one transaction, and goes only with the confirmation.
 */
export const isQueued = async (ctx: { db: QueryCtx["db"] }, sessionId: string): Promise<boolean> =>
  (await queryRows(ctx, sessionId).first()) !== null;
