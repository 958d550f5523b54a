/**
 * Times of requests by operation. They are kept in memory as histograms, and added to rows of hours and days at most
 * every ten seconds, with a request that comes then; what a process holds when it dies is lost.
 */
import { internal } from "../_generated/api";
import type { ActionCtx } from "../_generated/server";
import { countInto, findBucket } from "../lib/numbers/histogram";
import { HOUR_MS, SECOND_MS } from "../lib/time";
import type { AnyEndpoint } from "./domain";

const WRITE_AFTER_MS = 10 * SECOND_MS;

/** Stands for whatever no endpoint answers: unknown paths and methods, the pages of the document, preflights. */
export const OTHER_OPERATION = "other";

/** The requests of an operation in an hour. */
type Held = {
  hourAt: number;
  operation: string;
  requests: number;
  /** Answers of 5xx. */
  failed: number;
  totalMs: number;
  counts: number[];
};

const held = new Map<string, Held>();
let heldSince: number | null = null;

/** An operation as figures name it, which is as the OpenAPI document does. */
export const nameEndpoint = ({ contract: { method, path } }: AnyEndpoint): string => `${method.toUpperCase()} ${path}`;

/** Counts an answer with its time. */
export async function noteDuration(
  ctx: ActionCtx,
  operation: string,
  { status, startedAt }: { status: number; startedAt: number },
): Promise<void> {
  const now = Date.now();
  const sums = holdOf(operation, Math.floor(now / HOUR_MS) * HOUR_MS);
  // The clock may have been put back.
  const ms = Math.max(0, now - startedAt);
  sums.requests += 1;
  if (status >= 500) sums.failed += 1;
  sums.totalMs += ms;
  countInto(sums.counts, findBucket(ms));
  heldSince ??= now;
  if (now - heldSince >= WRITE_AFTER_MS || now < heldSince) await writeDurations(ctx);
}

function holdOf(operation: string, hourAt: number): Held {
  const key = `${hourAt} ${operation}`;
  let sums = held.get(key);
  if (!sums) held.set(key, (sums = { hourAt, operation, requests: 0, failed: 0, totalMs: 0, counts: [] }));
  return sums;
}

/** Writes what is held, so that the figures are up to date. */
export async function writeDurations(ctx: ActionCtx): Promise<void> {
  const measured = [...held.values()];
  held.clear();
  heldSince = null;
  if (measured.length === 0) return;
  // An answer does not fail because its time could not be written.
  await ctx
    .runMutation(internal.operations.history.durations.add, { measured })
    .catch((error: unknown) => console.error(error));
}
