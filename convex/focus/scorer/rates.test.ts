import fc from "fast-check";
import { expect, test } from "vitest";
import { DIMENSIONS, findTopDimension, totalOf } from "../../xp/amounts";
import { normalizeShares } from "./entries";
import { MAX_TOTAL_RATE, MIN_TOTAL_RATE, toRates } from "./rates";

test("the documented example comes out of its own proportions", () => {
  const example = { physique: 5, energy: 1, logic: 0, creativity: 2.5, social: 0.25 };
  expect(toRates(normalizeShares(example), 0)).toEqual(example);
});

test("effort moves the total from one end of the band to the other", () => {
  const logic = normalizeShares({ logic: 1 });
  expect([0, 0.5, 1].map((effort) => toRates(logic, effort).logic)).toEqual([8.75, 11, 13]);
  expect(totalOf(toRates(logic, -3))).toBe(MIN_TOTAL_RATE);
  expect(totalOf(toRates(logic, 7))).toBe(MAX_TOTAL_RATE);
});

test("rates follow the shares within a quarter and keep their order", () => {
  const part = fc.integer({ min: 0, max: 1000 });
  const anyShares = fc.record({ physique: part, energy: part, logic: part, creativity: part, social: part });
  fc.assert(
    fc.property(
      anyShares.filter((shares) => totalOf(shares) > 0),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (written, effort) => {
        const shares = normalizeShares(written);
        const rates = toRates(shares, effort);
        const total = totalOf(rates);
        expect(rates[findTopDimension(shares)]).toBe(Math.max(...DIMENSIONS.map((dimension) => rates[dimension])));
        for (const dimension of DIMENSIONS) {
          // Four shares below the smallest one kept leave the others at most 8% more.
          expect(Math.abs(rates[dimension] - total * shares[dimension])).toBeLessThanOrEqual(0.25 + 0.08 * total);
        }
      },
    ),
    { numRuns: 500 },
  );
});
