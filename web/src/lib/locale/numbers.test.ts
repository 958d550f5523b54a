import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatNumber, readBack, readNumber, readWhole, type NumberReading } from "./numbers";

const LOCALES = [
  "en-US",
  "en-IN",
  "nl-BE",
  "de-CH",
  "de-DE",
  "fr-FR",
  "fr-CA",
  "pt-BR",
  "sv-SE",
  "ar-EG",
  "fa-IR",
  "hi-IN",
  "ja-JP",
];
const ELSEWHERE = [
  "es-ES",
  "pl-PL",
  "bg-BG",
  "de-AT",
  "en-ZA",
  "he-IL",
  "ur-IN",
  "mr-IN",
  "bn-BD",
  "my-MM",
  "ne-NP",
  "th-TH-u-nu-thai",
  "zh-Hans-CN-u-nu-hanidec",
  "sd",
];

/** A reading's values: one, two with the locale's own first, or none. */
const valuesOf = (reading: NumberReading): number[] =>
  reading.kind === "one" ? [reading.value] : reading.kind === "two" ? reading.values : [];
const read = (text: string, locale = "en-US") => valuesOf(readNumber(text, locale));

describe("a separator with one digit group of three behind it", () => {
  const [comma, point] = ["1,200", "1.200"];
  test.each([
    ["en-US", [1200], [1.2, 1200]],
    ["en-IN", [1200], [1.2, 1200]],
    ["nl-BE", [1.2, 1200], [1200]],
    ["de-CH", [1200, 1.2], [1.2, 1200]],
    ["de-DE", [1.2, 1200], [1200]],
    ["fr-FR", [1.2, 1200], [1200, 1.2]],
    ["fr-CA", [1.2, 1200], [1200, 1.2]],
    ["pt-BR", [1.2, 1200], [1200]],
    ["sv-SE", [1.2, 1200], [1200, 1.2]],
    ["ar-EG", [1200], [1.2, 1200]],
    ["fa-IR", [1200], [1.2, 1200]],
    ["hi-IN", [1200], [1.2, 1200]],
    ["ja-JP", [1200], [1.2, 1200]],
  ])("groups in %s, or is asked for", (locale, withComma, withPoint) => {
    expect(read(comma, locale)).toEqual(withComma);
    expect(read(point, locale)).toEqual(withPoint);
  });
});

const ANYWHERE: [string, number][] = [
  ["0", 0],
  ["007", 7],
  ["250000", 250_000],
  ["1,200,000", 1_200_000],
  ["1.200.000", 1_200_000],
  ["1.234,56", 1_234.56],
  ["1,234.56", 1_234.56],
  ["1.250,000", 1_250],
  ["12,50,000", 1_250_000],
  ["12,50,000.5", 1_250_000.5],
  ["1 250 000", 1_250_000],
  ["1\u00a0250\u202f000", 1_250_000],
  ["1\u2009250\u2009000,5", 1_250_000.5],
  ["1'250'000", 1_250_000],
  ["1’250’000.50", 1_250_000.5],
  ["1_250_000", 1_250_000],
  ["12,5", 12.5],
  ["12.5", 12.5],
  ["0,500", 0.5],
  [".500", 0.5],
  ["１２３", 123],
  ["１，２００，０００", 1_200_000],
  ["١٢٣", 123],
  ["١٬٢٠٠", 1_200],
  ["١٬٢٠٠٫٥", 1_200.5],
  ["१२,५०,०००", 1_250_000],
  ["€ 1.250.000", 1_250_000],
  ["$1,200.00", 1_200],
  ["US$1,200.00", 1_200],
  ["1 200 €", 1_200],
  ["EUR 1 200", 1_200],
  ["1 200 kr", 1_200],
  ["Fr. 1'200.–", 1_200],
  ["1.200,-", 1_200],
  ["1,200.--", 1_200],
  ["Rs. 12,00,000", 1_200_000],
  ["₹12,00,000", 1_200_000],
  ["-5", -5],
  ["−5", -5],
  ["– 5", -5],
  ["- € 5", -5],
  ["€ -5", -5],
  ["(1 200)", -1_200],
  ["\u061c-٥", -5],
  ["+5", 5],
  ["-0", 0],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
];
const NOWHERE = [
  "",
  "many",
  "about 12",
  "12 employees",
  "1.",
  "1,",
  "1..2",
  "1,2,3",
  "1.200.00",
  "1 2",
  "12 50",
  "1 2000",
  "1.2 3",
  "--5",
  "-(5)",
  "1-2",
  "5-",
  "1e6",
  "0x10",
  "12²",
  "½",
  "∞",
  "50%",
  "1,2 Mio",
  "5 k€",
  "k€ 5",
  "1,5 M€",
  "12 TEUR",
  "5 $MM",
  "1.5m",
  "250k",
  "1 €/year",
  "9007199254740992",
  "9".repeat(400),
];

test.each(LOCALES)("in %s what has one reading is that, and what has none is told how to go on", (locale) => {
  for (const [text, value] of ANYWHERE)
    expect([text, readNumber(text, locale)]).toEqual([text, { kind: "one", value }]);
  const wayOut = expect.stringMatching(/^Enter a .*\p{Nd}\.$/u) as string;
  for (const text of NOWHERE)
    expect([text, readNumber(text, locale)]).toEqual([text, { kind: "none", reason: wayOut }]);
});

test.each([
  ["1234,567", "en-US", [1_234_567, 1_234.567]],
  ["1234,567", "nl-BE", [1_234.567, 1_234_567]],
  ["1,2000", "en-US", [12_000, 1.2]],
  ["1,2345", "nl-BE", [1.2345]],
  ["1.2345", "en-US", [1.2345]],
  ["1.2345", "fr-FR", [12_345, 1.2345]],
  ["€ 1.200", "en-US", [1.2, 1_200]],
  ["-1.200", "en-US", [-1.2, -1_200]],
  ["١,٢٠٠", "ar-EG", [1_200, 1.2]],
])("%j in %s can be %j", (text, locale, values) => expect(read(text, locale)).toEqual(values));

test("a whole number has no fraction, so that one reading remains", () => {
  const whole = (text: string, locale = "en-US") => valuesOf(readNumber(text, locale, { whole: true }));
  expect([whole("1.200"), whole("1,200", "nl-BE"), whole("1.843"), whole("12.000"), whole("12.0")]).toEqual([
    [1_200],
    [1_200],
    [1_843],
    [12_000],
    [12],
  ]);
  expect(readNumber("12,5", "nl-BE", { whole: true })).toEqual({
    kind: "none",
    reason: "Enter a whole number, such as 1.250.",
  });
});

test("a whole number within limits, and what was understood where it is not in plain digits", () => {
  expect(
    ["1,440", "1.440", "٩٠", " 90 ", "0", "1441", "-5", "1.5", ""].map((text) => readWhole(text, 1, 1_440, "en-US")),
  ).toEqual([1_440, 1_440, 90, 90, null, null, null, null, null]);
  expect(["1440", "", "many", "1,440", "٩٠"].map((text) => readBack(text, "en-US"))).toEqual([
    undefined,
    undefined,
    undefined,
    "Read as 1,440",
    "Read as 90",
  ]);
});

test("a text in words is told how to go on", () => {
  expect(readNumber("1,2 Mio", "de-DE")).toEqual({
    kind: "none",
    reason: "Enter a number in digits, such as 1.250.000.",
  });
  expect(readNumber("1,,2", "en-US")).toEqual({ kind: "none", reason: "Enter a number, such as 1,250,000." });
  expect(readNumber("1e", "en-US", { whole: true })).toEqual({
    kind: "none",
    reason: "Enter a whole number in digits, such as 1,250.",
  });
});

test("what a locale writes is read as that number, or is asked about with it among the readings, its own first", () => {
  const number = fc.oneof(
    fc.integer({ min: -Number.MAX_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER }),
    fc
      .tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 1, max: 6 }))
      .map(([digits, places]) => digits / 10 ** places),
  );
  const options = fc.constantFrom<Intl.NumberFormatOptions>(
    {},
    { useGrouping: false },
    { minimumFractionDigits: 3 },
    { style: "currency", currency: "EUR" },
    { style: "currency", currency: "EUR", currencySign: "accounting" },
  );
  fc.assert(
    fc.property(fc.constantFrom(...LOCALES, ...ELSEWHERE), number, options, (locale, value, how) => {
      const text = new Intl.NumberFormat(locale, { maximumFractionDigits: 6, ...how }).format(value);
      expect(read(text, locale)[0] ?? text).toBe(value === 0 ? 0 : value);
      expect(read(formatNumber(value, locale), locale)[0]).toBe(value === 0 ? 0 : value);
    }),
    { numRuns: 1_000 },
  );
});
