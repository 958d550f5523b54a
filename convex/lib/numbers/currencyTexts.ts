/** Currencies as `Intl` writes them in a locale: signs, abbreviations and names in every form. */
import CURRENCIES from "country-to-currency";
import { toCurrencyKey, type Meanings } from "./currencyWords";
import { spellPlainly } from "./spelling";

const CODES = [...new Set<string>(Object.values(CURRENCIES))];

/** One of every plural form that languages have. */
const COUNTS = [1, 1.5, 2, 3, 5, 11, 100];

/** By text without dots and spaces: the currencies, and the one that the text is the locale's own sign of. */
type CurrencyTexts = { meanings: ReadonlyMap<string, Meanings>; written: readonly string[] };

const byLocale = new Map<string, CurrencyTexts>();

/** The texts of a locale, which take some ten milliseconds to list, and as they are written, the longest first. */
function findCurrencyTexts(locale: string): CurrencyTexts {
  const held = byLocale.get(locale) ?? listCurrencyTexts(locale);
  byLocale.set(locale, held);
  return held;
}

function listCurrencyTexts(locale: string): CurrencyTexts {
  const meanings = new Map<string, { codes: string[]; preferred: string | null }>();
  const written = new Set<string>();
  for (const { text, code, isOwn } of CODES.flatMap((each) => listTextsOf(each, locale))) {
    // A letter by itself is a currency only where the locale has no other sign for it: "5 L" are not lempiras.
    if (!isOwn && /^\p{L}$/u.test(text)) continue;
    const found = meanings.get(toCurrencyKey(text)) ?? { codes: [], preferred: null };
    if (!found.codes.includes(code)) found.codes.push(code);
    if (isOwn) found.preferred ??= code;
    meanings.set(toCurrencyKey(text), found);
    written.add(text);
  }
  return { meanings, written: [...written].sort((a, b) => b.length - a.length) };
}

type CurrencyText = { text: string; code: string; isOwn: boolean };

function listTextsOf(currency: string, locale: string): CurrencyText[] {
  const writer = (currencyDisplay: "symbol" | "narrowSymbol" | "name") => {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay });
    return (count: number) =>
      spellPlainly(format.formatToParts(count).find(({ type }) => type === "currency")?.value ?? currency);
  };
  const narrow = writer("narrowSymbol")(1);
  const name = writer("name");
  return [
    { text: writer("symbol")(1), code: currency, isOwn: true },
    { text: narrow, code: currency, isOwn: false },
    ...COUNTS.map((count) => ({ text: name(count).toLowerCase(), code: currency, isOwn: true })),
  ];
}

/** The texts with which the locale writes currencies and of which this text has one, the longest first. */
export function listWrittenIn(text: string, locale: string): string[] {
  const lower = text.toLowerCase();
  return findCurrencyTexts(locale)
    .written.filter((written) => lower.includes(written.toLowerCase()))
    .flatMap((written) => toPattern(written).exec(text)?.[0] ?? []);
}

/** The signs with which a locale writes the currency of its country. */
export function listOwnSigns(locale: string): string[] {
  const { region } = new Intl.Locale(locale).maximize();
  const currency = region === undefined ? undefined : (CURRENCIES as Record<string, string>)[region];
  return currency === undefined ? [] : listTextsOf(currency, locale).map(({ text }) => text);
}

/** Abbreviations are found in their own case alone, and letters between others not at all. */
function toPattern(text: string): RegExp {
  const [before, behind] = [
    /^\p{L}/u.test(text) ? String.raw`(?<!\p{L})` : "",
    /\p{L}$/u.test(text) ? String.raw`(?!\p{L})` : "",
  ];
  const source = text.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);
  return new RegExp(`${before}${source}${behind}`, text.length > 3 ? "iu" : "u");
}

/** The meanings that a text has in a locale, or null where it has none. */
export function findOwnMeanings(text: string, locale: string): Meanings | null {
  const { meanings } = findCurrencyTexts(locale);
  const key = toCurrencyKey(text);
  return meanings.get(key) ?? (key.length > 3 ? meanings.get(key.toLowerCase()) : undefined) ?? null;
}
