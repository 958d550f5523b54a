/** Words and signs beside a number: currencies, and how many zeros a letter stands for. */

/** Dollar signs with their countries. Other letters before a sign are refused: "k€ 5" is no amount. */
const DOLLARS = String.raw`(?:A|AU|C|CA|HK|MX|NT|NZ|R|S|US)?\$(?: ?(?:AU|CA|HK|NZ|US))?`;
/** Source of a pattern for a currency before or after an amount; `isMoney` tells words from others. */
export const MONEY = String.raw`(?:${DOLLARS}|\p{Sc}|[円圓元원]|\p{L}{2,4}\.?)`;

/** The names of currencies in prices, besides their codes. */
const CURRENCY_NAMES = new Set(["FR", "FT", "KČ", "KR", "LEI", "RS", "SFR", "ZŁ"]);

/** Whether a text that fits `MONEY` names a currency. */
export function isMoney(text: string | undefined): boolean {
  if (text === undefined || /[\p{Sc}円圓元원]/u.test(text)) return true;
  const name = text.replace(".", "").toUpperCase();
  return CURRENCY_NAMES.has(name) || Intl.supportedValuesOf("currency").includes(name);
}

// Only what means one number wherever it is written. Left out: "b" and "billion", of nine or of twelve zeros, and "t".
const ZEROS: Record<string, number> = {
  k: 3,
  tsd: 3,
  m: 6,
  mm: 6,
  mn: 6,
  mio: 6,
  mln: 6,
  million: 6,
  millions: 6,
  bn: 9,
  mrd: 9,
  mia: 9,
  lakh: 5,
  lakhs: 5,
  lac: 5,
  crore: 7,
  crores: 7,
  cr: 7,
  万: 4,
  萬: 4,
  億: 8,
  亿: 8,
};
/** Source of a pattern for a word that stands for zeros. */
export const SCALE = String.raw`(?:${Object.keys(ZEROS).join("|")})(?:\.|(?=[円圓元원])|(?!\p{L}))`;

/** The zeros that a word behind a number stands for; none without one. */
export const countZeros = (word: string | undefined): number =>
  word === undefined ? 0 : (ZEROS[word.replace(".", "").toLowerCase()] ?? 0);
