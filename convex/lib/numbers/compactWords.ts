/**
 * Words for zeros as `Intl` writes them in a locale: "1,5 Mr" in Turkish, "1,5 mil." in Czech. Asking it is the only
 * list that is complete, and one word stands for other zeros elsewhere: "M" is a milliard in Indonesian.
 */
import { spellPlainly } from "./spelling";

/** A locale's words: the zeros of each, and the sources of patterns for them, the longest first. */
export type CompactWords = {
  /** By `keyOf` of the words before and behind a number. More than one where the locale itself writes several. */
  zeros: ReadonlyMap<string, readonly number[]>;
  before: string;
  behind: string;
  /** Words that are a number by themselves, as "mille" is in French. */
  alone: ReadonlyMap<string, number>;
};

const LEAST_ZEROS = 3;
const MOST_ZEROS = 14;
/** One of every plural form that languages have. */
const MANTISSAS = [1, 1.5, 2, 3, 5, 11, 100];
const STYLES: Intl.NumberFormatOptions[] = [
  { compactDisplay: "short" },
  { compactDisplay: "long" },
  // Spanish has a word for prices alone.
  { compactDisplay: "short", style: "currency", currency: "EUR" },
];

export const keyOf = (before: string, behind: string): string =>
  [before, behind].map((word) => word.replace(/\.$/, "")).join("\0");

/** The words of a locale. Takes a millisecond. */
export function listCompactWords(locale: string): CompactWords {
  const zeros = new Map<string, number[]>();
  const alone = new Map<string, number>();
  const words = { before: new Set<string>(), behind: new Set<string>() };
  for (const written of listWritten(locale)) {
    const { before, behind, value, shown } = written;
    if (before + behind === "") continue;
    if (shown === null) {
      alone.set(before, value);
      continue;
    }
    const count = Math.round(Math.log10(value / shown));
    const key = keyOf(before, behind);
    zeros.set(key, [...new Set([...(zeros.get(key) ?? []), count])]);
    words.before.add(before);
    words.behind.add(behind.replace(/\.$/, ""));
  }
  return { zeros, alone, before: toPattern(words.before), behind: toPattern(words.behind) };
}

/** The words and the digits that the locale shows for every number of its own. */
function listWritten(locale: string): { before: string; behind: string; value: number; shown: number | null }[] {
  return STYLES.flatMap((style) => {
    const options = { notation: "compact", maximumSignificantDigits: 15, numberingSystem: "latn" } as const;
    const format = new Intl.NumberFormat(locale, { ...options, ...style });
    return MANTISSAS.flatMap((mantissa) =>
      Array.from({ length: MOST_ZEROS - LEAST_ZEROS + 1 }, (_, index) => {
        const value = mantissa * 10 ** (LEAST_ZEROS + index);
        return { value, ...split(format.formatToParts(value)) };
      }),
    );
  });
}

const DIGITS: readonly string[] = ["integer", "group", "decimal", "fraction"];

function split(parts: Intl.NumberFormatPart[]): { before: string; behind: string; shown: number | null } {
  const first = parts.findIndex(({ type }) => DIGITS.includes(type));
  const last = parts.findLastIndex(({ type }) => DIGITS.includes(type));
  const join = (some: Intl.NumberFormatPart[]) =>
    spellPlainly(some.map(({ type, value }) => (type === "currency" ? "" : value)).join(""));
  if (first === -1) return { before: join(parts), behind: "", shown: null };
  const digits = parts.flatMap(({ type, value }) => {
    if (!DIGITS.includes(type) || type === "group") return [];
    return type === "decimal" ? "." : value;
  });
  return {
    before: join(parts.slice(0, first)),
    behind: join(parts.slice(last + 1)),
    shown: Number(digits.join("")),
  };
}

const toPattern = (words: ReadonlySet<string>): string =>
  [...words]
    .filter((word) => word !== "")
    .sort((a, b) => b.length - a.length)
    .map((word) => word.replace(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`))
    .join("|");
