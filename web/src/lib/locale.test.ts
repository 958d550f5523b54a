import { expect, test } from "vitest";
import { wordsLocale } from "./locale";

test.each([
  [["en-US", "de"], "en-US"],
  [["nl-NL", "en"], "en"],
  [["de-DE", "eng"], "en-GB"],
  [[], "en-GB"],
])("words for %j are %s", (languages, locale) => expect(wordsLocale(languages)).toBe(locale));
