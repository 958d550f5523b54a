import fc from "fast-check";
import { expect, test } from "vitest";
import { addMarks, emptySketch, estimateCommon, estimatePeople, markPerson, uniteSketches } from "./sketch";

const MOST = 60_000;
const everybody = Promise.all(Array.from({ length: MOST }, (_, n) => markPerson("tenant", `user ${n}`)));
const people = async (from: number, to: number) => (await everybody).slice(from, to);

test("few people are counted exactly, repeated ones once", async () => {
  for (const count of [0, 1, 2, 10, 50]) {
    const marks = await people(0, count);
    expect(estimatePeople(addMarks(emptySketch(), [...marks, ...marks]))).toBe(count);
  }
});

test.each([100, 1_000, 5_000, 20_000, 40_000, MOST])("%i people are counted within 3 percent", async (count) => {
  const sketch = addMarks(emptySketch(), await people(0, count));
  expect(Math.abs(estimatePeople(sketch) / count - 1)).toBeLessThanOrEqual(0.03);
  expect(sketch.byteLength).toBeLessThanOrEqual(16_384);
});

test("the order of marks and how they are divided change nothing", async () => {
  const marks = await people(0, 9_000);
  const whole = new Uint8Array(addMarks(emptySketch(), marks));
  fc.assert(
    fc.property(fc.integer({ min: 0, max: marks.length }), (cut) => {
      const late = addMarks(addMarks(emptySketch(), marks.slice(cut).reverse()), marks.slice(0, cut));
      const united = uniteSketches([
        addMarks(emptySketch(), marks.slice(0, cut)),
        addMarks(emptySketch(), marks.slice(cut)),
      ]);
      expect(Buffer.compare(new Uint8Array(late), whole)).toBe(0);
      expect(Buffer.compare(new Uint8Array(united), whole)).toBe(0);
    }),
    { numRuns: 20 },
  );
});

test("common people are estimated, and are never more than either side has", async () => {
  const [a, b, none] = [
    addMarks(emptySketch(), await people(0, 3_000)),
    addMarks(emptySketch(), await people(2_000, 5_000)),
    emptySketch(),
  ];
  expect(Math.abs(estimateCommon(a, b) - 1_000)).toBeLessThanOrEqual(150);
  expect(estimateCommon(a, none)).toBe(0);
  expect(estimateCommon(a, a)).toBe(estimatePeople(a));
});

test("the same person in two tenants has different marks", async () => {
  expect(await markPerson("a", "x")).not.toEqual(await markPerson("b", "x"));
});
