/**
 * The history of figures: what is read off the counters and queues from time to time, put together for a chart. Pure.
 */

/** Figures as they were at a moment. Those of `TOTALS` only grow; the others go up and down. */
export type Figures = Record<Gauge | Total, number>;
export type Sample = { at: number; figures: Figures };

const GAUGES = ["outboxDepth", "outboxOldestMs", "webhooksDepth", "webhooksOldestMs", "jobsLateMs"] as const;
export const TOTALS = [
  "outboxDelivered",
  "outboxFailed",
  "webhooksDelivered",
  "webhooksFailed",
  "signIns",
  "signInFailures",
  "refused",
  "failed",
] as const;
export type Gauge = (typeof GAUGES)[number];
export type Total = (typeof TOTALS)[number];
export const FIGURES = [...GAUGES, ...TOTALS] as const;

/** `figures` is null where nothing was recorded: the deployment was not running. */
export type Bucket = { at: number; figures: Figures | null };

/**
 * Buckets of `widthMs` up to the one that holds `now`: of gauges the highest value in each, of totals what was added.
 *
 * @param samples oldest first; one from before the first bucket tells what the totals began with
 */
export function toBuckets(
  samples: readonly Sample[],
  range: { now: number; widthMs: number; count: number },
): Bucket[] {
  const { now, widthMs, count } = range;
  const last = Math.floor(now / widthMs) * widthMs;
  const first = last - (count - 1) * widthMs;
  let before = samples.findLast(({ at }) => at < first) ?? samples[0];
  return Array.from({ length: count }, (_, index) => {
    const at = first + index * widthMs;
    const inside = samples.filter((sample) => sample.at >= at && sample.at < at + widthMs);
    const latest = inside.at(-1);
    if (!latest || !before) return { at, figures: null };
    const begun = before;
    before = latest;
    const entries: [Gauge | Total, number][] = [
      ...GAUGES.map((name): [Gauge, number] => [name, Math.max(...inside.map(({ figures }) => figures[name]))]),
      // Counters that were begun anew count from there.
      ...TOTALS.map((name): [Total, number] => [name, Math.max(0, latest.figures[name] - begun.figures[name])]),
    ];
    return { at, figures: Object.fromEntries(entries) as Figures };
  });
}
