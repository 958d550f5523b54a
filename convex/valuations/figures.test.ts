import { expect, test } from "vitest";
import { COUNTRY_CODES, CURRENCY_CODES, findCurrency, findFigureProblem, readCountryCode } from "./figures";

const NOW = new Date("2026-06-15T12:00:00Z");

test.each([
  ["revenue", -5],
  ["revenue", -0.01],
  ["revenue", "many"],
  ["employee_count", -1],
  ["employee_count", 1.5],
  ["founding_year", 3050],
  ["founding_year", 2027],
  ["founding_year", 999],
  ["founding_year", -5],
  ["founding_year", 1998.5],
  ["country_code", "Belgium"],
  ["country_code", "ZZ"],
  ["country_code", "constructor"],
  ["country_code", ""],
])("%s %j is refused with the way out", (name, value) =>
  expect(findFigureProblem(name, value, NOW)).toMatch(/^must be /),
);

test.each([
  ["revenue", 0],
  ["revenue", 1.5],
  ["revenue", null],
  ["employee_count", 0],
  ["founding_year", 1000],
  ["founding_year", 2026],
  ["country_code", "BE"],
  ["country_code", " be "],
  ["city", "anything"],
])("%s %j is taken", (name, value) => expect(findFigureProblem(name, value, NOW)).toBeNull());

test.each(["AN", "an ", "SU", "YU", "CS", "DD", "ZR", "TP", "BU"])(
  "%j, which ISO 3166 has withdrawn, is told so",
  (code) => {
    expect(findFigureProblem("country_code", code, NOW)).toBe(
      `must be the two letters of a country as it is today: ISO 3166 has withdrawn ${code.trim().toUpperCase()}`,
    );
    expect([readCountryCode(code), COUNTRY_CODES.includes(code), findCurrency(code)]).toEqual([null, false, null]);
  },
);

test("a year is known as soon as it has begun anywhere", () => {
  expect(findFigureProblem("founding_year", 2027, new Date("2026-12-31T09:59:59Z"))).toMatch(/to 2026$/);
  expect(findFigureProblem("founding_year", 2027, new Date("2026-12-31T10:00:00Z"))).toBeNull();
});

test("every country has a currency", () => {
  expect(COUNTRY_CODES.length).toBeGreaterThan(245);
  for (const code of COUNTRY_CODES)
    expect([code, findCurrency(code)]).toEqual([code, expect.stringMatching(/^[A-Z]{3}$/)]);
  expect([findCurrency("be"), findCurrency("US"), findCurrency("GB"), findCurrency("Belgium")]).toEqual([
    "EUR",
    "USD",
    "GBP",
    null,
  ]);
  expect(readCountryCode("be")).toBe("BE");
  expect(CURRENCY_CODES).toContain("EUR");
});
