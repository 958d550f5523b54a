import { convexToJson, getConvexSize, type Value } from "convex/values";
import { expect, test } from "vitest";
import { freshStore, mutate } from "../transactions/testing";
import { measureText } from "./text-size";

const values: Value[] = [
  {},
  { a: 1, b: -0.5e-9, c: 1e300, d: [1, 2, 3] },
  { text: "", quotes: '"{}[],:\\"', lines: "a\nb\t\u0001", accents: "äé", far: "漢字", pairs: "😀😀" },
  { yes: true, no: false, nothing: null, nested: { list: [[], [{}], [null, true, "x"]] } },
  { big: 5n, bytes: new ArrayBuffer(7), none: new ArrayBuffer(0), nan: NaN, minus: -0, far: Infinity },
  { list: [1n, new ArrayBuffer(2), { deep: [NaN] }] },
];

test.each(values.map((value) => [JSON.stringify(convexToJson(value)), value]))("the size of %s", (text, value) => {
  expect(measureText(text)).toBe(getConvexSize(value));
});

test("what a document counts for when it is read is its size, however long its text", () => {
  const store = freshStore();
  const numbers = Array.from({ length: 1_000 }, (_, i) => Math.sqrt(i + 2));
  const { value: id } = mutate(store, (tx) => tx.insert("", "vectors", { numbers }));
  const tx = store.begin("read");
  const document = JSON.parse(tx.get("", id)!) as Value;
  expect(tx.metrics.bytesRead).toBe(getConvexSize(document));
});
