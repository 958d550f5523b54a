import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIMENSIONS, type PerDimension } from "./dimensions";
import { earnedXp, focusedMsAt, movingXp, totalOf } from "./liveXp";

const rates: PerDimension = { physique: 5, energy: 1, logic: 0, creativity: 2.5, social: 0.25 };

test("the documented example", () => {
  const xp = earnedXp(rates, 3_200.9);
  expect(xp).toEqual({ physique: 16_000, energy: 3_200, logic: 0, creativity: 8_000, social: 800 });
  expect(totalOf(xp)).toBe(28_000);
});

describe("focusedMsAt", () => {
  test.each([
    ["paused", { focusedMs: 5_000, runningSince: null }, 99_000, 5_000],
    ["running", { focusedMs: 5_000, runningSince: 10_000 }, 12_500, 7_500],
    ["a clock that is behind", { focusedMs: 5_000, runningSince: 10_000 }, 9_000, 5_000],
    ["the planned length", { focusedMs: 5_000, runningSince: 10_000, plannedSeconds: 6 }, 60_000, 6_000],
    ["no planned length", { focusedMs: 5_000, runningSince: 10_000, plannedSeconds: null }, 60_000, 55_000],
  ])("%s", (_name, timing, now, expected) => expect(focusedMsAt(timing, now)).toBe(expected));
});

const vRates = fc
  .array(fc.double({ min: 0, max: 13, noNaN: true }), { minLength: 5, maxLength: 5 })
  .map((each) => Object.fromEntries(DIMENSIONS.map((dimension, index) => [dimension, each[index]!])) as PerDimension);

describe("movingXp", () => {
  test("never shows more than is earned, and never falls while time runs", () => {
    fc.assert(
      fc.property(vRates, fc.nat(5_000_000), fc.nat(5_000), (some, atMs, stepMs) => {
        const [shown, later, earned] = [
          movingXp(some, atMs, true),
          movingXp(some, atMs + stepMs, true),
          earnedXp(some, atMs / 1_000),
        ];
        for (const dimension of DIMENSIONS) {
          expect(shown[dimension]).toBeLessThanOrEqual(earned[dimension]);
          expect(later[dimension]).toBeGreaterThanOrEqual(shown[dimension]);
        }
      }),
    );
  });

  test("settles on what is earned when time stops", () => {
    fc.assert(
      fc.property(vRates, fc.nat(5_000_000), (some, atMs) => {
        expect(movingXp(some, atMs, false)).toEqual(earnedXp(some, atMs / 1_000));
      }),
    );
  });
});
