import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseTypedNumber, writeNumber, type Refusal, type TypedNumber } from "./typedNumber";

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
const listValues = (reading: TypedNumber): readonly number[] =>
  "value" in reading ? [reading.value] : "ambiguous" in reading ? reading.ambiguous : [];
const read = (text: string, locale = "en-US") => listValues(parseTypedNumber(text, locale));

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
  ["5-", -5],
  ["1 200 -", -1_200],
  ["➖5", -5],
  ["－５", -5],
  ["-0", 0],
  ["250k", 250_000],
  ["250 K", 250_000],
  ["1.2m", 1_200_000],
  ["1,2 Mio", 1_200_000],
  ["1.1 mio.", 1_100_000],
  ["€1.2M", 1_200_000],
  ["1,5 M€", 1_500_000],
  ["5 k€", 5_000],
  ["3 Mrd €", 3_000_000_000],
  ["-2.5k", -2_500],
  ["₹1.5 crore", 15_000_000],
  ["₹1.25 Cr", 12_500_000],
  ['1200 ש"ח', 1200],
  ["ج.م. 1200", 1200],
  ["1200 جنيه", 1200],
  ["12 mi", 12_000_000],
  ["R$ 2 bi", 2_000_000_000],
  ["2 lakh", 200_000],
  ["１２０万", 1_200_000],
  ["３億円", 300_000_000],
  ["1억원", 100_000_000],
  ["500만", 5_000_000],
  ["5천만원", 50_000_000],
  ["1.5조원", 1_500_000_000_000],
  ["3千億円", 300_000_000_000],
  ["5百萬元", 5_000_000],
  ["1.2万亿元", 1_200_000_000_000],
  ["5万美元", 50_000],
  ["5亿欧元", 500_000_000],
  ["5 ล้านบาท", 5_000_000],
  ["1,5 млн", 1_500_000],
  ["500 тыс. руб.", 500_000],
  ["2.5 करोड़", 25_000_000],
  ["5 thousand", 5_000],
  ["10 Tausend", 10_000],
  ["3 Milliarden Euro", 3_000_000_000],
  ["1.250.000 euro", 1_250_000],
  ["1,200,000 dollars", 1_200_000],
  ["R 1 200,50", 1_200.5],
  ["Rp 1.200.000", 1_200_000],
  ["250.000,00 TL", 250_000],
  ["12,5 triệu ₫", 12_500_000],
  ["12,5 trie\u0323\u0302u", 12_500_000],
  ["Rs. 5,00,000/-", 500_000],
  ["1,200.50/-", 1_200.5],
  ["KSh 45,000/=", 45_000],
  ["$(1,200.00)", -1_200],
  ["(1 200) €", -1_200],
  ["1,2 Md€", 1_200_000_000],
  ["1,2 мільйона", 1_200_000],
  ["2,5 miljoonaa", 2_500_000],
  ["3,5 εκατ. €", 3_500_000],
  ["3억5000만원", 350_000_000],
  ["3억 5천만원", 350_000_000],
  ["1億2,500万円", 125_000_000],
  ["1億2千万円", 120_000_000],
  ["１万２５００円", 12_500],
  ["1万亿2000亿元", 1_200_000_000_000],
  ["￦1조 2000억", 1_200_000_000_000],
  ["9007199254740991", Number.MAX_SAFE_INTEGER],
];
const NOWHERE: [string, Refusal][] = [
  ["", "empty"],
  [" \u00a0\u200b", "empty"],
  ...[
    ...["many", "about 12", "12 employees", "1.", "1,", "1..2", "1,2,3", "1.200.00", "1 2", "12 50", "1 2000"],
    ...["1.2 3", "--5", "1-2", "-5-", "0x10", "12²", "½", "∞", "k€ 5", "12 TEUR", "5 $MM", "1 €/year"],
    ...["5 km", "3万5", "-(5)", "(5", "5/", "5/-/-", "1m2", "k", "NaN", "Infinity", "1/2", "12:30", "2024-01-02"],
  ].map((text): [string, Refusal] => [text, "notANumber"]),
  ...["50%", "50 ٪", "％５", "5‰", "12,5 %"].map((text): [string, Refusal] => [text, "percent"]),
  ...["1e6", "1.5E-3", "2 e +4"].map((text): [string, Refusal] => [text, "exponent"]),
  ["9007199254740992", "tooLarge"],
  ["9".repeat(400), "tooLarge"],
  ["9007199254741k", "tooLarge"],
];

test.each(LOCALES)("in %s what has one reading is that, and what has none is refused with the reason", (locale) => {
  for (const [text, value] of ANYWHERE) expect([text, parseTypedNumber(text, locale)]).toEqual([text, { value }]);
  for (const [text, refused] of NOWHERE) expect([text, parseTypedNumber(text, locale)]).toEqual([text, { refused }]);
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

describe("Cr and Dr behind an amount, which a ledger writes for credit and debit", () => {
  test.each([
    ["1,200.00 Cr", "en-US", [12_000_000_000, 1_200], "credit"],
    ["1,200.00CR", "en-US", [12_000_000_000, 1_200], "credit"],
    ["1.200,00 cr.", "nl-BE", [12_000_000_000, 1_200], "credit"],
    ["12,00,000.00 Cr", "en-IN", [12_000_000_000_000, 1_200_000], "credit"],
    ["950.00 Cr", "en-IN", [9_500_000_000, 950], "credit"],
    ["1,200 CR", "en-US", [12_000_000_000, 1_200], "credit"],
    ["1 200 CR", "fr-FR", [12_000_000_000, 1_200], "credit"],
    ["-1,200.50 CR", "en-US", [-12_005_000_000, -1_200.5], "credit"],
    ["1,200.00 Dr", "en-US", [1_200, -1_200], "debit"],
    ["1,200 DR", "en-US", [1_200, -1_200], "debit"],
  ])("%j in %s is asked about", (text, locale, ambiguous, side) =>
    expect(parseTypedNumber(text, locale)).toEqual({ ambiguous, side }),
  );

  test.each([
    ["1.2 Cr", 12_000_000],
    ["₹5 Cr", 50_000_000],
    ["5 CR", 50_000_000],
    ["3 crore", 30_000_000],
    ["3.25 crore", 32_500_000],
    ["1,200 Cr", 12_000_000_000],
    ["1,200.00 crore", 12_000_000_000],
  ])("%j is crores", (text, value) => {
    expect(parseTypedNumber(text, "en-IN")).toEqual({ value });
  });

  const PRICE_LOCALES =
    "en-US en-GB en-IN en-ZA de-DE de-CH fr-FR fr-CH nl-BE it-IT es-ES es-MX pt-BR pt-PT pl-PL cs-CZ sv-SE da-DK nb-NO fi-FI " +
    "ru-RU uk-UA tr-TR el-GR hu-HU ro-RO hr-HR ja-JP ko-KR zh-CN zh-TW th-TH vi-VN id-ID hi-IN bn-BD ta-IN ar-EG ar-SA ar-MA " +
    "fa-IR he-IL ur-PK sw-KE et-EE lv-LV lt-LT sk-SK sl-SI sr-RS ka-GE kk-KZ my-MM km-KH ne-NP si-LK";
  const CURRENCIES = "EUR USD GBP JPY CHF EGP SAR AED INR BRL PLN CZK SEK HUF RON TRY MAD";

  test("a price as the browser writes it in any locale is read, or asked about", () => {
    for (const locale of PRICE_LOCALES.split(" "))
      for (const currency of CURRENCIES.split(" "))
        for (const value of [1234, 987_654, 1_200_000_000]) {
          const text = new Intl.NumberFormat(locale, { style: "currency", currency }).format(value);
          expect([locale, currency, text, read(text, locale)]).toEqual([
            locale,
            currency,
            text,
            expect.arrayContaining([value]),
          ]);
        }
  });

  test("a debit without cents or groups is no amount", () => {
    for (const text of ["5 Dr", "1.2 Dr", "1,200 Dr", "Dr 5.00"])
      expect([text, parseTypedNumber(text, "en-US")]).toEqual([text, { refused: "notANumber" }]);
  });
});

test("a whole number has no fraction, so that one reading remains", () => {
  const whole = (text: string, locale = "en-US") => parseTypedNumber(text, locale, { whole: true });
  for (const [text, locale, value] of [
    ["1.200", "en-US", 1_200],
    ["1,200", "nl-BE", 1_200],
    ["1.843", "en-US", 1_843],
    ["12.0", "en-US", 12],
    ["1.2k", "en-US", 1_200],
    ["1,5k", "nl-BE", 1_500],
  ] as const)
    expect([text, whole(text, locale)]).toEqual([text, { value }]);
  for (const text of ["12,5", "1,2345k", "0,5"])
    expect([text, whole(text, "nl-BE")]).toEqual([text, { refused: "notWhole" }]);
  expect(whole("1,234k")).toEqual({ value: 1_234_000 });
  expect(whole("1.234k")).toEqual({ ambiguous: [1_234, 1_234_000] });
});

test("no text makes it throw, and no value is other than a finite number", () => {
  const unit = fc.constantFrom(..."0123456789.,' -+()%e€$kmbn٫٬٣\u00a0\u202f１，Rs".split(""));
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit, maxLength: 12 }), fc.string()),
      fc.constantFrom(...LOCALES),
      (text, locale) => {
        for (const value of listValues(parseTypedNumber(text, locale))) expect(Number.isFinite(value)).toBe(true);
      },
    ),
    { numRuns: 2_000 },
  );
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
      expect(read(writeNumber(value, locale), locale)[0]).toBe(value === 0 ? 0 : value);
    }),
    { numRuns: 1_000 },
  );
});
