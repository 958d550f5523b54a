/** Countries to choose from, and the currencies of their figures. */
import { COUNTRY_CODES, CURRENCY_CODES, findCurrency, readCountryCode } from "@convex/valuations/figures";
import { wordsLocale } from "@/lib/locale/locale";

/** The currency of a figure whose country is not known. */
const DEFAULT_CURRENCY = "USD";

/** The ISO 3166-1 code that a stored value stands for, or null for anything else, such as a name. */
export const countryCodeOf = (value: unknown): string | null =>
  typeof value === "string" ? readCountryCode(value) : null;

/** The currency that figures of the country are in until another is chosen. */
export const currencyOf = (country: unknown): string =>
  (typeof country === "string" ? findCurrency(country) : null) ?? DEFAULT_CURRENCY;

type Option = { value: string; label: string };

const byLabel = (options: Option[], locale: string): Option[] => {
  const { compare } = new Intl.Collator(locale);
  return options.sort((a, b) => compare(a.label, b.label));
};

/** The name of a country in the user's kind of the page's language; the text itself when it is no country. */
export function countryName(text: string, locale = wordsLocale()): string {
  const code = countryCodeOf(text);
  return (code && new Intl.DisplayNames(locale, { type: "region" }).of(code)) ?? text;
}

export const countryOptions = (locale = wordsLocale()): Option[] => {
  const names = new Intl.DisplayNames(locale, { type: "region" });
  return byLabel(
    COUNTRY_CODES.map((value) => ({ value, label: names.of(value) ?? value })),
    locale,
  );
};

export const currencyOptions = (locale = wordsLocale()): Option[] => {
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  return CURRENCY_CODES.map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
};
