import fc from "fast-check";
import { expect, test } from "vitest";
import { axisLines } from "./scale";

test.each([
  [29, [0, 10, 20, 30]],
  [3, [0, 1, 2, 3]],
  [100, [0, 25, 50, 75, 100]],
  [9_700, [0, 2_500, 5_000, 7_500, 10_000]],
  [1, [0, 1]],
])("up to %d", (most, lines) => expect(axisLines(most)).toEqual(lines));

test("few even lines, none needlessly high", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e12 }), (most) => {
      const lines = axisLines(most);
      const [, step = 0] = lines;
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.length).toBeLessThanOrEqual(5);
      expect(lines.at(-1)).toBeGreaterThanOrEqual(most);
      expect(lines.at(-2)).toBeLessThan(most);
      lines.forEach((line, index) => expect(line).toBeCloseTo(index * step, 5));
    }),
  );
});
