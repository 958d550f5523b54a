import fc from "fast-check";
import { expect, test } from "vitest";
import { indexQuery, indexText, matches } from "./searching";

const session = {
  deviceName: "Firefox on Linux",
  ipAddress: "192.0.2.1",
  location: "New York, US",
  loginMethod: "password",
};

test.each(["firefox", "FIRE", "fox", "linux fire", "192.0.2", "york", "new york, us", "passw", "", "  "])(
  "%j finds it",
  (search) => {
    expect(matches(session, search)).toBe(true);
  },
);

test.each(["chrome", "firefox windows", "192.0.3", "google"])("%j does not", (search) => {
  expect(matches(session, search)).toBe(false);
});

// What the index does: any term whole, or the last one as a beginning.
const found = (text: string, query: string): boolean => {
  const words = text.split(" ");
  const terms = query.split(" ");
  return terms.some((term, i) =>
    words.some((word) => (i === terms.length - 1 ? word.startsWith(term) : word === term)),
  );
};

test("whatever matches is found by the index", () => {
  const whole = Object.values(session).join("\n").toLowerCase();
  const cut = fc
    .tuple(fc.nat(whole.length - 1), fc.integer({ min: 1, max: 12 }))
    .map(([start, length]) => whole.slice(start, start + length));
  fc.assert(
    fc.property(fc.array(cut, { minLength: 1, maxLength: 3 }), (parts) => {
      const search = parts.join(" ");
      const query = indexQuery(search);
      expect(matches(session, search)).toBe(true);
      if (query !== "") expect(found(indexText(session), query)).toBe(true);
    }),
  );
});
