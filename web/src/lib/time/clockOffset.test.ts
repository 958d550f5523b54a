import fc from "fast-check";
import { expect, test } from "vitest";
import { offsetOf } from "./clockOffset";

test("without samples there is no offset", () => expect(offsetOf([])).toBeNull());

test("the sample with the shortest way counts", () => {
  expect(
    offsetOf([
      { sentAt: 0, receivedAt: 1_000, serverAt: 9_000 },
      { sentAt: 2_000, receivedAt: 2_020, serverAt: 7_010 },
    ]),
  ).toBe(5_000);
});

test("a device clock that jumped back during a call spoils only that sample", () => {
  expect(
    offsetOf([
      { sentAt: 5_000, receivedAt: 1_000, serverAt: 0 },
      { sentAt: 2_000, receivedAt: 2_200, serverAt: 2_100 },
    ]),
  ).toBe(0);
});

test("is wrong by at most half the way, however the way is split", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e9, max: 1e9 }), fc.nat(5_000), fc.nat(5_000), (offset, thereMs, backMs) => {
      const sample = { sentAt: 1e12, serverAt: 1e12 + thereMs + offset, receivedAt: 1e12 + thereMs + backMs };
      expect(Math.abs(offsetOf([sample])! - offset)).toBeLessThanOrEqual((thereMs + backMs) / 2);
    }),
  );
});
