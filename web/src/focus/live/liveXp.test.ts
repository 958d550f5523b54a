import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DIMENSIONS, type PerDimension } from "../dimensions";
import { earnedXp } from "@convex/focus/rules";
import { focusedMsAt, movingXp } from "./liveXp";

describe("focusedMsAt", () => {
  const running = {
    startedAt: 1_000,
    pausedMs: 0,
    pausedAt: null,
    focusedMs: 5_000,
    runningSince: 10_000,
    plannedSeconds: null,
  };
  test.each([
    ["paused", { ...running, pausedAt: 9_000, runningSince: null }, 99_000, 5_000],
    ["running", running, 12_500, 7_500],
    ["a clock that is behind", running, 9_000, 5_000],
    ["the planned end", { ...running, plannedSeconds: 20 }, 60_000, 16_000],
    ["the planned end after a pause", { ...running, plannedSeconds: 20, pausedMs: 3_000 }, 60_000, 19_000],
    ["no planned end", running, 60_000, 55_000],
  ])("%s", (_name, clock, now, expected) => expect(focusedMsAt(clock, now)).toBe(expected));
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
          earnedXp(some, Math.floor(atMs / 1_000)),
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
        expect(movingXp(some, atMs, false)).toEqual(earnedXp(some, Math.floor(atMs / 1_000)));
      }),
    );
  });
});
