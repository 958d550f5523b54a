import { expect, test } from "vitest";
import { readForwarded } from "./forwarded";

test.each([
  ["203.0.113.7", 1, "203.0.113.7"],
  ["10.9.9.9, ", 1, null],
  ["10.9.9.9,, 203.0.113.7", 1, "203.0.113.7"],
  ["10.9.9.9, ,203.0.113.7, , 198.51.100.2", 2, "203.0.113.7"],
  ["10.9.9.9, 203.0.113.7", 3, null],
  ["203.0.113.7, unknown", 1, null],
  [" , ", 1, null],
])("X-Forwarded-For: %s behind %d is %s", (header, hops, address) => {
  expect(readForwarded(header, undefined, hops)).toBe(address);
});

test.each([
  ['for="[2001:db8::7]:51234"', 1, "2001:db8::7"],
  ["for=203.0.113.7", 1, "203.0.113.7"],
  ["For=203.0.113.7;proto=https;by=10.0.0.1", 1, "203.0.113.7"],
  ["proto=https; for=203.0.113.7:80", 1, "203.0.113.7"],
  ["for=[2001:db8::7]:80", 1, "2001:db8::7"],
  ['host="a,b";for="203.0.113.7"', 1, "203.0.113.7"],
  ["for=10.9.9.9, for=203.0.113.7", 1, "203.0.113.7"],
  ["for=10.9.9.9,for=203.0.113.7,,for=198.51.100.2", 2, "203.0.113.7"],
  ["for=10.9.9.9,", 1, null],
  ['for="\\203.0.113.7"', 1, "203.0.113.7"],
  ["for=_hidden", 1, null],
  ["for=unknown", 1, null],
  ["by=10.0.0.1", 1, null],
  ["for=10.9.9.9, by=10.0.0.1", 1, null],
  ["for=203.0.113.7", 2, null],
  ["203.0.113.7", 1, null],
  ["", 1, null],
])("Forwarded: %s behind %d is %s", (header, hops, address) => {
  expect(readForwarded(undefined, header, hops)).toBe(address);
});

test("an open quote of the client swallows nothing that a proxy adds", () => {
  for (const own of ['for="10.9.9.9', 'for=10.9.9.9;x="', '"', "for=10.9.9.9;x=\\", '",'])
    for (const added of ['for="[2001:db8::7]:80"', "for=[2001:db8::7]", 'proto=https;for="[2001:db8::7]"'])
      expect([own, added, readForwarded(undefined, `${own}, ${added}`, 1)]).toEqual([own, added, "2001:db8::7"]);
});

test("Forwarded does not count beside X-Forwarded-For", () => {
  expect(readForwarded("203.0.113.7", "for=10.9.9.9", 1)).toBe("203.0.113.7");
  expect(readForwarded("unknown", "for=10.9.9.9", 1)).toBeNull();
});
