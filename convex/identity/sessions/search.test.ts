import fc from "fast-check";
import { expect, test } from "vitest";
import { toIndexQuery, toIndexText, matches } from "./search";

const session = {
  deviceName: "Firefox on Linux",
  ipAddress: "192.0.2.1",
  location: "New York, US",
  loginMethod: "password",
};

/** As the index does: the word begins one of its terms. */
const foundByIndex = (of: typeof session, search: string) =>
  toIndexText(of)
    .split(" ")
    .some((term) => term.startsWith(toIndexQuery(search)));

test.each(["firefox", "FIRE", "fox", "linux fire", "192.0.2", "york", "new york, us", "passw", "", "  "])(
  "%j finds it",
  (search) => {
    expect(matches(session, search)).toBe(true);
    expect(foundByIndex(session, search)).toBe(true);
  },
);

test.each(["chrome", "firefox windows", "192.0.3", "google"])("%j does not", (search) => {
  expect(matches(session, search)).toBe(false);
});

test.each([
  ["2001:0db8::7", true],
  ["[2001:db8::7]", true],
  ["[2001:DB8::7]:443", true],
  ["2001:0db8:0000:0000:0000:0000:0000:0007", true],
  ["[2001:0db8:", true],
  ["2001:0db8", true],
  ["2001:db8", true],
  ["db8::7", true],
  ["2001:0db9", false],
  ["2001:db8::8", false],
])("a session of 2001:db8::7 is found by %j: %j", (search, isHit) => {
  const some = { ...session, ipAddress: "2001:db8::7" };
  expect(matches(some, search)).toBe(isHit);
  if (isHit) expect(foundByIndex(some, search)).toBe(true);
});

test("whatever is a hit is found by the index", () => {
  const text = fc.string({ unit: fc.constantFrom(..."aAbß1.:-, é̈漢😀İ"), maxLength: 40 });
  fc.assert(
    fc.property(
      fc.record({ deviceName: text, ipAddress: text, location: text, loginMethod: text }),
      text,
      (some, search) => {
        fc.pre(matches(some, search));
        expect(foundByIndex(some, search)).toBe(true);
      },
    ),
  );
  fc.assert(
    fc.property(text, fc.nat(40), fc.nat(40), (deviceName, from, length) => {
      const part = deviceName.toLowerCase().slice(from, from + length);
      const some = { ...session, deviceName };
      if (matches(some, part)) expect(foundByIndex(some, part)).toBe(true);
    }),
  );
});

test("the index text of the longest names is small, and no term of it too long for the index", () => {
  const longest = {
    deviceName: "𝒳".repeat(132),
    ipAddress: "f".repeat(45),
    location: "漢".repeat(130),
    loginMethod: "migration",
  };
  expect(Buffer.byteLength(toIndexText({ ...longest, deviceName: "abcdefghij".repeat(13) }))).toBeLessThan(4_000);
  expect(
    Math.max(
      ...toIndexText(longest)
        .split(" ")
        .map((term) => Buffer.byteLength(term)),
    ),
  ).toBeLessThan(32);
});
