import { expect, test } from "vitest";
import { hashInTurn } from "./hashing";

test("hashes come in turn, and not for those who have left by then, nor does one that fails hold up the next", async () => {
  const begun: number[] = [];
  let left = false;
  const ends: (() => void)[] = [];
  const line = Array.from({ length: 25 }, (_, i) =>
    hashInTurn(
      () =>
        new Promise<number>((resolve, reject) => {
          begun.push(i);
          ends.push(() => (i === 0 ? reject(new Error("no memory")) : resolve(i)));
        }),
      () => left,
    ).catch(() => null),
  );
  const wanted = hashInTurn(
    () => Promise.resolve(begun.push(99)),
    () => false,
  );
  await Promise.resolve();
  expect(begun).toEqual([0, 1]);
  left = true;
  for (const end of ends) end();
  expect(await wanted).toBe(3);
  expect(await Promise.all(line)).toEqual([null, 1, ...Array.from({ length: 23 }, () => null)]);
  expect(begun).toEqual([0, 1, 99]);
  expect(
    await hashInTurn(
      () => Promise.resolve("free again"),
      () => false,
    ),
  ).toBe("free again");
  expect(await hashInTurn(() => Promise.resolve("at once"))).toBe("at once");
});
