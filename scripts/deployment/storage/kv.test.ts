import { expect, test } from "vitest";
import { temporaryFolder } from "../transactions/testing";
import { openKv } from "./kv";

const key = (text: string) => Buffer.from(text);

test("values of any size are read as they were written, whatever was read before", async () => {
  const folder = temporaryFolder();
  const written = [0, 1, 31, 4_096, 32_767, 32_768, 70_000, 17 * 1024 ** 2].map((size, at) => ({
    key: key(`v${at}`),
    text: String(at).repeat(size).slice(0, size),
  }));
  let kv = openKv(folder);
  kv.transaction(() => {
    for (const { key, text } of written) kv.put(key, Buffer.from(text));
  });
  const read = () => {
    // Largest first: a shorter value must not be followed by what is left of a longer one.
    for (const { key, text } of [...written].reverse()) {
      expect(kv.getText(key)?.length).toBe(text.length);
      expect(kv.getText(key) === text).toBe(true);
      const bytes = kv.get(key)!;
      expect([bytes.length, bytes.byteLength]).toEqual([text.length, text.length]);
      expect(bytes.toString() === text && bytes.subarray(0).toString("latin1") === text).toBe(true);
    }
  };
  read();
  kv.transaction(read);
  await kv.close();
  kv = openKv(folder);
  read();
  expect(kv.getText(key("absent"))).toBeUndefined();
  expect(kv.get(key("absent"))).toBeUndefined();
  await kv.close();
});

test("keys are listed without the bytes of others", async () => {
  const kv = openKv(temporaryFolder());
  const keys = ["k", "k1", "k1".repeat(300), "k2", "kk"];
  kv.transaction(() => keys.forEach((text) => kv.put(key(text), key(text))));
  for (const reverse of [false, true]) {
    const listed = kv
      .keys(key("k"), key("l"), reverse, 10)
      .map((found) => [found.byteLength, found.toString("latin1")]);
    const expected = [...keys].sort().map((text) => [text.length, text]);
    expect(listed).toEqual(reverse ? expected.reverse() : expected);
  }
  await kv.close();
});
