/**
 * Logarithmic histograms of durations. Bounds of buckets grow by √2 from 1 ms to 65 s, so that a quantile is off by a
 * fifth at most, whatever the durations are, and a histogram is a few dozen numbers.
 */

/** Requests in each bucket, without the empty ones at the end. */
type Counts = readonly number[];

const STEPS_OF_DOUBLING = 2;
/** The last bucket holds whatever is longer than the bound before it. */
const LAST = 16 * STEPS_OF_DOUBLING + 1;

/** The upper bound of a bucket, ms. */
const toBoundMs = (bucket: number): number => 2 ** (bucket / STEPS_OF_DOUBLING);

export function findBucket(ms: number): number {
  if (ms <= 1) return 0;
  const bucket = Math.min(LAST, Math.floor(Math.log2(ms) * STEPS_OF_DOUBLING));
  // Logarithms are rounded: the bound itself decides.
  return bucket < LAST && ms > toBoundMs(bucket) ? bucket + 1 : bucket;
}

/** Adds to a histogram, in place. */
export function countInto(counts: number[], bucket: number, by = 1): void {
  while (counts.length <= bucket) counts.push(0);
  counts[bucket]! += by;
}

export function addCounts(a: Counts, b: Counts): number[] {
  const sum = [...a];
  b.forEach((count, bucket) => countInto(sum, bucket, count));
  return sum;
}

const sumUp = (counts: Counts): number => counts.reduce((sum, count) => sum + count, 0);

/** The duration that a part of all does not exceed, ms: the middle of its bucket. Null without any. */
export function estimateQuantile(counts: Counts, part: number): number | null {
  const rank = Math.max(1, Math.ceil(part * sumUp(counts)));
  let seen = 0;
  const bucket = counts.findIndex((count) => (seen += count) >= rank);
  if (bucket === -1) return null;
  if (bucket === 0 || bucket === LAST) return toBoundMs(Math.min(bucket, LAST - 1));
  return Math.sqrt(toBoundMs(bucket - 1) * toBoundMs(bucket));
}

/** Bounds at which Prometheus is told how many were no longer: every doubling from 2 ms to 16 s. */
const TOLD = Array.from({ length: 14 }, (_, index) => (index + 1) * STEPS_OF_DOUBLING);

/** How many durations each told bound was not exceeded by. */
export const listCumulative = (counts: Counts): { boundMs: number; count: number }[] =>
  TOLD.map((bucket) => ({ boundMs: toBoundMs(bucket), count: sumUp(counts.slice(0, bucket + 1)) }));
