import { expect, test } from "vitest";
import { DIMENSIONS } from "../../../xp/amounts";
import { isHeldOut, LABELLED } from "./labels.testing";

test("at least 160 activities are labelled, each once, and every dimension has its part", () => {
  expect(LABELLED.length).toBeGreaterThanOrEqual(160);
  expect(new Set(LABELLED.map(({ name }) => name.toLowerCase())).size).toBe(LABELLED.length);
  for (const dimension of DIMENSIONS) {
    expect(LABELLED.filter((label) => label.dimension === dimension).length).toBeGreaterThanOrEqual(30);
  }
});

test("both halves hold a good part of every dimension", () => {
  for (const dimension of DIMENSIONS) {
    const labels = LABELLED.filter((label) => label.dimension === dimension);
    const heldOut = labels.filter(isHeldOut).length;
    expect(heldOut / labels.length).toBeGreaterThan(0.3);
    expect(heldOut / labels.length).toBeLessThan(0.7);
  }
});
