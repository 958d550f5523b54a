/** Spellings of numbers: what other keyboards and scripts have for a digit, a sign or a separator. */

/** The same character where one is written in several ways; white space of any kind is one space. */
const SPELLINGS: [RegExp, string | ((found: string) => string)][] = [
  [/\p{Cf}/gu, ""],
  [/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)],
  [/\s+/g, " "],
  [/[’‘ʼ′´`]/g, "'"],
  [/[−‐‑‒–—﹣⁻➖]/g, "-"],
  [/[、،﹐]/g, ","],
  [/[。﹒｡]/g, "."],
];

/** A typed number in ASCII, as far as its characters have a spelling there. */
export const spellPlainly = (text: string): string =>
  SPELLINGS.reduce((plain, [found, spelling]) => plain.replace(found, spelling as string), text)
    .replace(/[^\0-\x7f]/gu, (character) => findDigits().get(character) ?? character)
    .normalize("NFC")
    .trim();

let digits: Map<string, string> | undefined;

/** The digits of every script. */
const findDigits = (): Map<string, string> =>
  (digits ??= new Map(
    Intl.supportedValuesOf("numberingSystem").flatMap((system) => {
      const ten = [...new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(9_876_543_210)];
      return ten.length === 10 ? ten.map((digit, index): [string, string] => [digit, String(9 - index)]) : [];
    }),
  ));

/** The locale's own separators, empty where it has none. */
export type Separators = { group: string; point: string };

/** The separators with which a locale writes digits of the text's own script. */
export function findSeparators(locale: string, text: string): Separators {
  const numberingSystem = /[0-9]/.test(text) ? { numberingSystem: "latn" } : {};
  const parts = new Intl.NumberFormat(locale, numberingSystem).formatToParts(1_234_567.5);
  const find = (wanted: Intl.NumberFormatPartTypes) => {
    const value = parts.find(({ type }) => type === wanted)?.value ?? "";
    return /^\s+$/.test(value) ? " " : spellPlainly(value);
  };
  return { group: find("group"), point: find("decimal") };
}
