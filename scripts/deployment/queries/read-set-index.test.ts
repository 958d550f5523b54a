import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReadSet, WrittenKey } from "../transactions";
import type { KeyRange } from "../transactions/read-set";
import { makeSuccessor } from "../values";
import { ReadSetIndex } from "./read-set-index";

const key = fc.uint8Array({ minLength: 0, maxLength: 3, max: 3 });
const range: fc.Arbitrary<KeyRange> = fc.oneof(
  key.map((start) => ({ start, end: makeSuccessor(start) })),
  fc.record({ start: key, end: fc.option(key) }),
);
const reads: fc.Arbitrary<ReadSet> = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.array(range, { maxLength: 4 })), { maxLength: 3 })
  .map((entries) => new Map(entries));
const step = fc.oneof(
  fc.record({ add: fc.integer({ min: 0, max: 20 }), reads }),
  fc.record({ remove: fc.integer({ min: 0, max: 20 }) }),
  fc.record({
    touched: fc.array(fc.record({ indexId: fc.integer({ min: 1, max: 2 }), key: fc.option(key, { freq: 9 }) }), {
      maxLength: 2,
    }),
  }),
);

/** No key is any that there may be. */
const holds = ({ start, end }: KeyRange, at: Uint8Array | null) =>
  Buffer.compare(start, at ?? start) <= 0 && (end === null || Buffer.compare(at ?? start, end) < 0);

function naive(model: Map<number, ReadSet>, writes: WrittenKey[]): number[] {
  const touched = (reads: ReadSet) =>
    writes.some(({ indexId, key }) => (reads.get(indexId) ?? []).some((range) => holds(range, key)));
  return [...model].filter(([, reads]) => touched(reads)).map(([token]) => token);
}

const sorted = (tokens: Iterable<number>) => [...tokens].sort((a, b) => a - b);

describe("interval index", () => {
  test("finds exactly who read a written key, whatever was added, replaced and removed", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const index = new ReadSetIndex<number>();
        const model = new Map<number, ReadSet>();
        for (const step of steps) {
          if ("add" in step) {
            index.add(step.add, step.reads);
            model.set(step.add, step.reads);
          } else if ("remove" in step) {
            index.remove(step.remove);
            model.delete(step.remove);
          } else expect(sorted(index.findTouched(step.touched))).toEqual(sorted(naive(model, step.touched)));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("registers and finds a thousand among 100,000 intervals about as fast as among 2,000", () => {
    const at = (n: number) => Buffer.from(`prefix of an index/${String((n * 7919) % 1_000_003).padStart(9, "0")}`);
    const reads = (n: number): ReadSet =>
      new Map([[1, [{ start: at(n), end: Buffer.concat([at(n), Buffer.from("~~")]) }]]]);
    const fastestMs = (size: number): number => {
      const index = new ReadSetIndex<number>();
      for (let n = 0; n < size; n++) index.add(n, reads(n));
      const times: number[] = [];
      for (let turn = 0; turn < 20; turn++) {
        const changed = Array.from({ length: 1_000 }, (_, i) => (turn * 1_000 + i * 37) % size);
        const writes = changed.map((n) => ({ indexId: 1, key: Buffer.concat([at(n), Buffer.from("~")]) }));
        const sets = changed.map((n) => reads(n));
        const started = performance.now();
        const found = index.findTouched(writes);
        for (const [i, n] of changed.entries()) index.add(n, sets[i]!);
        times.push(performance.now() - started);
        expect(found.size).toBe(new Set(changed).size);
      }
      return Math.min(...times);
    };
    // A structure that sorts everything anew grows by fifty. The fastest of twenty, so that a busy machine decides
    // nothing.
    expect(fastestMs(100_000) / fastestMs(2_000)).toBeLessThan(20);
  });
});
