import { expect, test } from "vitest";
import { CURRENCY_CODES, findCurrency } from "../../valuations/figures";
import { findNamedCurrency, type NamedCurrency } from "./currencySigns";
import { parseTypedNumber, type TypedNumber } from "./typedNumber";

const find = (text: string, current: string | null = null, locale = "en-150"): NamedCurrency =>
  findNamedCurrency(text, { locale, current, known: CURRENCY_CODES, findCurrency });

test.each([
  ["€ 250.000", "USD", "EUR"],
  ["250k€", "USD", "EUR"],
  ["£1,200", "EUR", "GBP"],
  ["£1,200", "EGP", "EGP"],
  ["1 200 chf", "EUR", "CHF"],
  ["CHF1'200", "EUR", "CHF"],
  ["1 200 zł", "EUR", "PLN"],
  ["1 200 Kč", "EUR", "CZK"],
  ["1 200 Ft", "EUR", "HUF"],
  ["R$ 1.200", "EUR", "BRL"],
  ["A$1,200", "EUR", "AUD"],
  ["CA$1,200", "EUR", "CAD"],
  ["1 200 $ CA", "EUR", "CAD"],
  ["$ 1,200", "EUR", "USD"],
  ["$ 1,200", "AUD", "AUD"],
  ["¥1,200", "EUR", "JPY"],
  ["¥1,200", "CNY", "CNY"],
  ["￥1,200", "CNY", "CNY"],
  ["３億円", "EUR", "JPY"],
  ["100万元", "TWD", "TWD"],
  ["1 200 kr", "SEK", "SEK"],
  ["R 1 200,50", "EUR", "ZAR"],
  ["1.250.000 euro", "USD", "EUR"],
  ["500 тыс. руб.", "EUR", "RUB"],
  ["1억원", "USD", "KRW"],
  ["5000美元", "CNY", "USD"],
  ["5亿欧元", "CNY", "EUR"],
  ["500日元", "CNY", "JPY"],
  ["5 Mio CHF", "EUR", "CHF"],
  ["5 Mrd SEK", "EUR", "SEK"],
  ["Rp 1.200.000", "USD", "IDR"],
  ["CN¥1,200,000", "USD", "CNY"],
  ["SG$1,200", "USD", "SGD"],
  ["CL$ 1.200.000", "USD", "CLP"],
  ["AR$ 1.200.000", "USD", "ARS"],
  ["1 200 $AR", "USD", "ARS"],
  ["1 200 $CL", "USD", "CLP"],
  ["1 200 $SG", "USD", "SGD"],
  ["1 200 $CO", "USD", "COP"],
  ["EC$1,200", "USD", "XCD"],
  ["E£1,200", "GBP", "EGP"],
  ["EG£1,200", "GBP", "EGP"],
  ["GH₵1,200", "USD", "GHS"],
  ["C$1,200", "CAD", "CAD"],
  ["KSh 1,200", "EUR", "KES"],
  ["$1,200 CAD", "USD", "CAD"],
  ["1 200 dollars", "AUD", "AUD"],
  ["1 200 dollars", "EUR", "USD"],
  ["1 200 lei", "RON", "RON"],
  ["1 200 FCFA", "XOF", "XOF"],
])("%j where %s is at hand names %s", (text, current, code) => expect(find(text, current)).toEqual({ code }));

test.each([
  ["$1,200", "en-AU", "AUD"],
  ["¥1,234,567", "zh-CN", "CNY"],
  ["¥1,234,567", "ja-JP", "JPY"],
  ["1 200 kr", "sv-SE", "SEK"],
  ["1 234 567\u00a0$\u00a0AU", "fr-CA", "AUD"],
  ["1 234 567\u202f$\u00a0HK", "fr-CA", "HKD"],
  ["1 200 FCFA", "fr-SN", "XOF"],
  ["1 200 DH", "fr-MA", "MAD"],
  ["1.200 pesos", "es-CO", "COP"],
  ["1.200 pesos mexicanos", "es-ES", "MXN"],
  ["1 200 lei", "ro-RO", "RON"],
])("%j where nobody chose a currency names %s's", (text, locale, code) =>
  expect(find(text, null, locale)).toEqual({ code }),
);

test.each([
  ["1 200 000 FCFA", "fr-FR", "EUR", ["XOF", "XAF"]],
  ["1 200 DH", "fr-FR", "EUR", ["MAD", "AED"]],
  ["1 200 kr", "nl-BE", "EUR", ["SEK", "NOK", "DKK", "ISK"]],
  ["1 200 lei", "fr-FR", "EUR", ["RON", "MDL"]],
  ["1 200 лв", "bg-BG", "EUR", []],
  ["1 200 BGN", "bg-BG", "EUR", []],
  ["€1,200 USD", "en-US", "EUR", []],
  ["1200 تومان", "fa-IR", "IRR", []],
])("%j in %s where %s is at hand is asked about", (text, locale, current, among) => {
  const found = find(text, current, locale);
  expect(found).toMatchObject({ among: expect.arrayContaining(among) as string[] });
});

test.each(["1 200", "1200 abc", "1.5 mio", "2 mln", "1,200 Dr"])("%j names none", (text) =>
  expect(find(text, "EUR")).toBeNull(),
);

const listValues = (reading: TypedNumber): readonly number[] =>
  "value" in reading ? [reading.value] : "ambiguous" in reading ? reading.ambiguous : [];

const LOCALES =
  "en-US en-GB en-AU en-IN de-CH fr-FR fr-CA fr-SN es-ES es-MX pt-BR pt-PT nl-BE pl-PL cs-CZ ro-RO sv-SE tr-TR ru-RU " +
  "bg-BG ar-EG fa-IR he-IL hi-IN bn-BD my-MM km-KH th-TH vi-VN id-ID zh-CN zh-TW ja-JP";
/** People of both parts of Africa write the francs of either so, whichever Intl keeps the word for. */
const isFrancOfAfrica = (text: string) => /F ?CFA/.test(text);

test("a price as a locale writes it names its own currency or is asked about, and has its value", () => {
  const wrong: unknown[] = [];
  LOCALES.split(" ").forEach((locale, place) => {
    for (const currency of CURRENCY_CODES.filter((_, index) => index % 4 === place % 4))
      for (const currencyDisplay of ["symbol", "narrowSymbol", "code", "name"] as const) {
        const options = { style: "currency", currency, currencyDisplay, maximumFractionDigits: 0 } as const;
        const format = new Intl.NumberFormat(locale, options);
        const sign = format.formatToParts(1).find(({ type }) => type === "currency")?.value ?? "";
        // A letter by itself is a sign only where it is the locale's own.
        if (currencyDisplay === "narrowSymbol" && /^\p{L}$/u.test(sign)) continue;
        const text = format.format(1_234_567);
        if (isFrancOfAfrica(text)) continue;
        const values = listValues(parseTypedNumber(text, locale));
        if (values.length === 0 && currencyDisplay !== "symbol" && currencyDisplay !== "code") continue;
        // A narrow sign has lost the currency: where it is at hand, it is found again.
        const named = find(text, currencyDisplay === "narrowSymbol" ? currency : null, locale);
        const isAsked = values.length > 1 || (named !== null && "unclear" in named);
        const isRight = isAsked || (named !== null && "code" in named && named.code === currency);
        if (!isRight || !values.includes(1_234_567)) wrong.push([locale, text, currency, named, values]);
      }
  });
  expect(wrong).toEqual([]);
}, 60_000);
