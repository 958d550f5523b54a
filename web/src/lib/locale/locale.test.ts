import { expect, test } from "vitest";
import { numbersLocale, pageLanguage, wordsLocale } from "./locale";

test.each([
  [["en-US", "de"], "en-US"],
  [["nl-NL", "en"], "en"],
  [["de-DE", "eng"], "en-GB"],
  [[], "en-GB"],
  [["C", "en-US@posix"], "en-US"],
  [["en_AU.UTF-8"], "en-AU"],
  [["", "x", "POSIX", "nl-BE"], "en-GB"],
])("words for %j are %s", (languages, locale) => expect(wordsLocale(languages)).toBe(locale));

test.each([
  [["nl-BE", "en-US"], "nl-BE"],
  [["nl_BE.UTF-8@euro", "en-US"], "nl-BE"],
  [["C", "de-CH"], "de-CH"],
  [["ar-EG-u-nu-latn"], "ar-EG-u-nu-latn"],
  [["C", "POSIX", "", "en-"], "en-GB"],
])("numbers for %j are %s", (languages, locale) => expect(numbersLocale(languages)).toBe(locale));

test.each([[["en-GB"]], [["nl-BE", "en"]], [["C", ""]], [[]]])("the pages for %j are American English", (languages) =>
  expect(pageLanguage(languages)).toBe("en-US"),
);
