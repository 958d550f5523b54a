import { expect, test } from "vitest";
import { ALL_LOCALES } from "./locales.testing";
import { parseTypedNumber, type TypedNumber } from "./typedNumber";

const VALUES = [1e3, 1.5e3, 1.5e6, 1.5e9, 1.5e12];
const STYLES: Intl.NumberFormatOptions[] = [{}, { style: "currency", currency: "EUR" }];
/** The words of Nheengatu have a minus sign; Kabyle, and Sindhi before ICU 78, has one word for two numbers. */
const MAY_BE_REFUSED = new Set(["yrl", "kab", "sd"]);
/** Venetian writes 1,000 as "1", and Nepali a million with the word for ten. */
const WRITTEN_WRONG = new Set(["vec", "ne"]);

const listValues = (reading: TypedNumber): readonly number[] =>
  "value" in reading ? [reading.value] : "ambiguous" in reading ? reading.ambiguous : [];

test("a short number as a locale writes it is read, or asked about with that reading first", () => {
  const wrong: unknown[] = [];
  for (const locale of ALL_LOCALES) {
    const language = locale.split("-")[0] ?? "";
    if (WRITTEN_WRONG.has(language)) continue;
    for (const compactDisplay of ["short", "long"] as const)
      for (const style of STYLES) {
        const options = { notation: "compact", maximumFractionDigits: 1, minimumFractionDigits: 0 } as const;
        const format = new Intl.NumberFormat(locale, { ...options, ...style, compactDisplay });
        for (const value of VALUES) {
          const text = format.format(value);
          const values = listValues(parseTypedNumber(text, locale));
          const isRight = MAY_BE_REFUSED.has(language)
            ? values.length === 0 || values.includes(value)
            : values[0] === value;
          if (!isRight) wrong.push([locale, text, value, values]);
        }
      }
  }
  expect(wrong).toEqual([]);
}, 60_000);

test.each([
  ["Rp1,5 M", "id-ID", [1.5e9]],
  ["Rp1,5 m", "id-ID", [1.5e9, 1.5e6]],
  ["Rp1.5 M", "id-ID", [1.5e9, 1.5e6]],
  ["Rp 1.5M", "en-US", [1.5e6, 1.5e9]],
  ["1,5 M IDR", "nl-BE", [1.5e6, 1.5e9]],
  ["$1.5M", "en-US", [1.5e6]],
  ["1,5 mM €", "pt-PT", [1.5e9]],
  ["1,5 mM €", "nl-BE", [1.5e9, 1.5e6]],
  ["1,5 Mr", "tr-TR", [1.5e9]],
  ["1,5 B", "tr-TR", [1.5e3]],
  ["₺1,5 B", "de-DE", [1.5e9, 1.5e12, 1.5e3]],
  ["1,5 mil.", "cs-CZ", [1.5e6]],
  ["1,5 mil.", "sk-SK", [1.5e6]],
  ["1,5 mil.", "ro-RO", [1.5e6]],
  ["1,5 mil.", "hr-HR", [1.5e6]],
  ["1,5 mill.", "nb-NO", [1.5e6]],
  ["1,5 mil", "pt-BR", [1.5e3]],
  ["1.5 mil", "es-MX", [1.5e3]],
  ["5 mil", "en-US", [5e3, 5e6]],
  ["1,5 mil millones", "es-ES", [1.5e9]],
  ["1.5B", "en-US", [1.5e9]],
  ["1.5b", "en-US", [1.5e9]],
  ["5B", "nl-BE", [5e9, 5e12]],
  ["1.5 billion", "en-US", [1.5e9]],
  ["1,5 billion", "fr-FR", [1.5e12]],
  ["1.5 billion", "fr-FR", [1.5e12, 1.5e9]],
  ["5 billion", "nl-BE", [5e9, 5e12]],
  ["5 billion", "de-DE", [5e12, 5e9]],
  ["1.5L", "en-IN", [1.5e5]],
  ["1.5 MEUR", "en-US", [1.5e6]],
  ["12 kEUR", "de-DE", [12e3]],
  ["5 milj", "nl-BE", [5e6]],
  ["5 bill", "nb-NO", [5e12]],
  ["2 LCr", "en-IN", [2e12]],
  ["$1.5bn", "en-US", [1.5e9]],
  ["$1.5bn", "nl-BE", [1.5e9]],
  ["$1.5bn", "sv-SE", [1.5e12, 1.5e9]],
  ["5 bn", "fr-FR", [5e12, 5e9]],
  ["1.5兆円", "ja-JP", [1.5e12]],
  ["5兆", "zh-CN", [5e12, 5e6]],
  ["mille", "fr-FR", [1e3]],
  ["1.200 mil", "en-US", [1_200, 1_200_000, 1_200_000_000]],
])("%j in %s can be %j", (text, locale, values) => {
  expect(new Set(listValues(parseTypedNumber(text, locale)))).toEqual(new Set(values));
  expect(listValues(parseTypedNumber(text, locale))[0]).toBe(values[0]);
});

test("a word that is asked about is named, with separators that can be read in one way", () => {
  expect(parseTypedNumber("5 mil", "en-US")).toEqual({ ambiguous: [5e3, 5e6], word: "mil" });
  expect(parseTypedNumber("1.200 k", "en-US")).toEqual({ ambiguous: [1_200, 1_200_000] });
});
