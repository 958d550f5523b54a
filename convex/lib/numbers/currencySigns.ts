/** Finds the currency that a sign, an abbreviation or a name beside a figure means. Shared with the browser. */
import { findOwnMeanings } from "./currencyTexts";
import { findMeanings, toCurrencyKey, type Meanings } from "./currencyWords";
import { spellPlainly } from "./spelling";
import { findMoney } from "./typedNumber";

/** One currency; a text that can mean several, or none that is known; or null where the figure names none. */
export type NamedCurrency = { code: string } | { unclear: string; among: readonly string[] } | null;

/** Where a figure is typed. */
type Setting = {
  locale: string;
  /** The currency at hand, which a sign of several means if it is one of them; null where nobody chose one. */
  current: string | null;
  /** The codes that there are. */
  known: readonly string[];
  /** The currency of a country. */
  findCurrency: (country: string) => string | null;
};

/** The currency that a typed figure names beside its digits. */
export function findNamedCurrency(text: string, setting: Setting): NamedCurrency {
  const named = findMoney(text, setting.locale);
  if (named.length === 0) return null;
  const [first = NO_MEANINGS, ...more] = named.map((money) => findMeaningsIn(money, setting));
  const meanings = more.reduce(intersect, first);
  const code = chooseFrom(meanings, setting);
  return code === null ? { unclear: named.join(" "), among: meanings.codes } : { code };
}

const NO_MEANINGS: Meanings = { codes: [], preferred: null };

/** "$1,200 CAD" is in Canadian dollars. */
function intersect(one: Meanings, other: Meanings): Meanings {
  const codes = one.codes.filter((code) => other.codes.includes(code));
  const preferred = [one.preferred, other.preferred].find((code) => code !== null && codes.includes(code));
  return { codes, preferred: preferred ?? (codes.length === 1 ? (codes[0] ?? null) : null) };
}

function findMeaningsIn(money: string, { locale, known }: Setting): Meanings {
  const text = spellPlainly(money);
  const code = toCurrencyKey(text).toUpperCase();
  if (known.includes(code)) return { codes: [code], preferred: code };
  const anywhere = findMeanings(text);
  const own = findOwnMeanings(text, locale) ?? (anywhere === null ? findOwnMeanings(text, "en") : null);
  const codes = [...new Set([...(own?.codes ?? []), ...(anywhere?.codes ?? [])])].filter((each) =>
    known.includes(each),
  );
  // West and Central Africa both write "FCFA", of which Intl knows one: a word that has to be asked about stays one.
  const isAsked = anywhere !== null && anywhere.preferred === null;
  const preferred = isAsked ? null : (own?.preferred ?? anywhere?.preferred ?? null);
  return { codes, preferred: preferred ?? (codes.length === 1 ? (codes[0] ?? null) : null) };
}

/** The one that is meant: that at hand, that of the locale's country, or the preferred one. */
function chooseFrom({ codes, preferred }: Meanings, { current, locale, findCurrency }: Setting): string | null {
  const { region } = new Intl.Locale(locale).maximize();
  const own = region === undefined ? null : findCurrency(region);
  const found = [current, own, preferred].find((code) => code !== null && codes.includes(code));
  return found ?? null;
}
