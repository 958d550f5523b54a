/** Countries to choose from, and the currencies of their figures. */
import CURRENCIES from "country-to-currency";
import { wordsLocale } from "@/lib/locale/locale";

const currencyByCountry: Readonly<Record<string, string>> = CURRENCIES;

/** The currency of a figure whose country is not known. */
const DEFAULT_CURRENCY = "USD";

/** The ISO 3166-1 code that a stored text stands for, or null for anything else, such as a name. */
export function countryCodeOf(text: unknown): string | null {
  const code = typeof text === "string" ? text.trim().toUpperCase() : "";
  return Object.hasOwn(currencyByCountry, code) ? code : null;
}

/** The currency that figures of the country are in until another is chosen. */
export const currencyOf = (country: unknown): string =>
  currencyByCountry[countryCodeOf(country) ?? ""] ?? DEFAULT_CURRENCY;

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
    Object.keys(currencyByCountry).map((value) => ({ value, label: names.of(value) ?? value })),
    locale,
  );
};

export const currencyOptions = (locale = wordsLocale()): Option[] => {
  const names = new Intl.DisplayNames(locale, { type: "currency" });
  const codes = [...new Set(Object.values(currencyByCountry))].sort();
  return codes.map((value) => ({ value, label: `${value} · ${names.of(value) ?? value}` }));
};

/** Signs that one currency has to itself. "$" and "¥" are many countries'. */
const SIGNS: Readonly<Record<string, string>> = {
  "€": "EUR",
  "£": "GBP",
  "₹": "INR",
  "₺": "TRY",
  "₽": "RUB",
  "₴": "UAH",
  "₪": "ILS",
  "₩": "KRW",
  "₫": "VND",
  "₦": "NGN",
  "₱": "PHP",
  "฿": "THB",
};

/** The currency that a typed figure names beside its digits, by sign or code; null when it names none. */
export function currencyIn(text: string): string | null {
  const sign = Object.keys(SIGNS).find((each) => text.includes(each));
  if (sign) return SIGNS[sign] ?? null;
  const code = /(?<!\p{L})\p{L}{3}(?!\p{L})/u.exec(text)?.[0].toUpperCase() ?? "";
  return Object.values(currencyByCountry).includes(code) ? code : null;
}
