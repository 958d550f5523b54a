import fc from "fast-check";
import { expect, test } from "vitest";
import { addCounts, countInto, estimateQuantile, findBucket, listCumulative } from "./histogram";

const duration = fc.integer({ min: 0, max: 60_000 });

function toCounts(durations: readonly number[]): number[] {
  const counts: number[] = [];
  for (const ms of durations) countInto(counts, findBucket(ms));
  return counts;
}

test("a quantile is off by a fifth at most", () => {
  fc.assert(
    fc.property(
      fc.array(duration, { minLength: 1, maxLength: 200 }),
      fc.constantFrom(0.5, 0.95, 0.99),
      (durations, part) => {
        const sorted = [...durations].sort((a, b) => a - b);
        const exact = Math.max(1, sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)]!);
        const ratio = estimateQuantile(toCounts(durations), part)! / exact;
        expect(ratio).toBeGreaterThan(0.84);
        expect(ratio).toBeLessThan(1.2);
      },
    ),
  );
});

test("histograms that are added are the histogram of all", () => {
  fc.assert(
    fc.property(fc.array(duration), fc.array(duration), (a, b) => {
      expect(addCounts(toCounts(a), toCounts(b))).toEqual(toCounts([...a, ...b]));
    }),
  );
});

test("what Prometheus is told counts those that are no longer than the bound", () => {
  fc.assert(
    fc.property(fc.array(duration), (durations) => {
      for (const { boundMs, count } of listCumulative(toCounts(durations)))
        expect(count).toBe(durations.filter((ms) => ms <= boundMs).length);
    }),
  );
  expect(listCumulative([]).map(({ boundMs }) => boundMs)).toEqual([
    2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096, 8_192, 16_384,
  ]);
});

test("bounds belong to the bucket below; nothing is too long, and of nothing there is no quantile", () => {
  expect([0, 1, 1.1, 1.5, 2, 4, 65_536, 65_537, 1e12].map(findBucket)).toEqual([0, 0, 1, 2, 2, 4, 32, 33, 33]);
  expect(estimateQuantile(toCounts([1e12]), 0.5)).toBe(65_536);
  expect(estimateQuantile([], 0.5)).toBeNull();
});
