import { expect, test } from "vitest";
import { singleFlight } from "./singleFlight";

function controlled() {
  const calls: { arg: number; settle: (error?: Error) => void }[] = [];
  const fly = singleFlight(
    (arg: number) =>
      new Promise<void>((resolve, reject) =>
        calls.push({ arg, settle: (error) => (error ? reject(error) : resolve()) }),
      ),
  );
  return { calls, fly };
}
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("calls made during a flight become one call with the newest argument", async () => {
  const { calls, fly } = controlled();
  for (const arg of [1, 2, 3]) fly(arg);
  expect(calls.map(({ arg }) => arg)).toEqual([1]);
  calls[0]!.settle();
  await settled();
  expect(calls.map(({ arg }) => arg)).toEqual([1, 3]);
  calls[1]!.settle();
  await settled();
  expect(calls).toHaveLength(2);
});

test("a failed call does not stop the next", async () => {
  const { calls, fly } = controlled();
  fly(1);
  calls[0]!.settle(new Error("offline"));
  await settled();
  fly(2);
  expect(calls.map(({ arg }) => arg)).toEqual([1, 2]);
});
