import fc from "fast-check";
import { expect, test } from "vitest";
import { mergeSorted } from "./merge";

async function* streamOf(items: number[]): AsyncGenerator<number> {
  yield* items;
}

async function collect(stream: AsyncIterable<number>): Promise<number[]> {
  const items: number[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

test("gives every item of every stream, in order", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(fc.integer())), async (lists) => {
      const streams = lists.map((list) => streamOf(list.sort((a, b) => b - a)));
      const all = lists.flat().sort((a, b) => b - a);
      expect(await collect(mergeSorted(streams, (a, b) => b - a))).toEqual(all);
    }),
  );
});

test("reads one item ahead in each stream, and no more", async () => {
  let read = 0;
  async function* counted(): AsyncGenerator<number> {
    for (let item = 100; item > 0; item--) {
      read++;
      yield item;
    }
  }
  for await (const item of mergeSorted([counted(), counted()], (a, b) => b - a)) if (item === 99) break;
  expect(read).toBe(4);
});
