/** Figures in cells: how a file writes its decimals, and the number that a text is. */
import type { Side } from "../../../convex/lib/numbers/ledger";
import { spellPlainly } from "../../../convex/lib/numbers/spelling";
import { isMoney, MONEY } from "../../../convex/lib/numbers/words";
import { findMoney, parseTypedNumber, type Readings, type TypedNumber } from "../../../convex/lib/numbers/typedNumber";

export type Decimals = "point" | "comma";

// Digits that a group follows are a group themselves: 12,34,567. No group follows a zero or four digits.
// Before an exponent stands no group.
const COMMA_DECIMALS = /\d,\d+[eE]|\d,(\d{1,2}|\d{4,})(?!\d|,\d)|\.\d{3},\d|(?<![\d.,])(0|\d{4,}),\d{3}(?!\d|,\d)/;
const POINT_DECIMALS = /\d\.\d+[eE]|\d\.(\d{1,2}|\d{4,})(?!\d|\.\d)|,\d{3}\.\d|(?<![\d.,])(0|\d{4,})\.\d{3}(?!\d|\.\d)/;

/** How a cell writes decimals, or null where that cannot be told. */
export function findDecimalsOf(cell: string): Decimals | null {
  if (COMMA_DECIMALS.test(cell)) return "comma";
  return POINT_DECIMALS.test(cell) ? "point" : null;
}

const PLAIN = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/** Digits without the zeros around them. */
const digitsOf = (text: string): string =>
  text
    .replace(/[eE].*$|\D/g, "")
    .replace(/^0+/, "")
    .replace(/0+$/, "");

/** Whether a number keeps every digit of one before its point, and of one so large that it has an exponent, all. */
function isKept(text: string): boolean {
  const value = Number(text);
  if (Math.abs(value) <= Number.MAX_SAFE_INTEGER) return true;
  return /e/i.test(text) && digitsOf(text) === digitsOf(String(value));
}

/** A number in plain digits, as JSON writes it, or the reason why it cannot be kept; null for any other text. */
export function readPlainNumber(text: string): number | { problem: string } | null {
  const plain = text.trim();
  if (!PLAIN.test(plain)) return null;
  return isKept(plain) ? Number(plain) : tooLong(plain);
}

const tooLong = (text: string) => ({ problem: `"${text}" has more digits than can be kept` });

/** With an exponent, as spreadsheets and programs write large numbers: no separator in it groups. */
const EXPONENT = /^-?\d+(?:[.,]\d+)?[eE][+-]?\d+$/;

const LOCALES = { point: "en-US", comma: "de-DE" } as const;

/** Languages with decimal commas in which a word stands for other zeros than it does elsewhere, with that word. */
const OWN_WORDS: [locale: string, word: RegExp][] = [
  ["id-ID", /\d ?m\.?$/i],
  ["tr-TR", /\d ?b\.?$/i],
];

const SIDES: Record<Side, [first: string, second: string]> = {
  credit: [" (crores)", " (a credit)"],
  debit: ["", " (a debit)"],
};

const DASH = new RegExp(`^(${MONEY})? ?- ?(${MONEY})?$`, "iu");

/** Whether a cell is a zero as spreadsheets write it in the format of accounts: a dash, with a currency or without. */
function isAccountsZero(text: string): boolean {
  const [, before, after] = DASH.exec(spellPlainly(text)) ?? [text, text];
  return before !== text && isMoney(before) && isMoney(after);
}

/** The text of a cell that a spreadsheet keeps as text by a formula, `="00123"`; any other as it is. */
export function readFormula(cell: string): string {
  const [, text] = /^="((?:[^"]|"")*)"$/.exec(cell.trim()) ?? [];
  return text === undefined ? cell : text.replaceAll('""', '"');
}

/** How a file writes figures, as far as that is known. */
interface Writing {
  decimals: Decimals | null;
  /** Between the cells; null in a file that has none. */
  separator: string | null;
}

/**
 * A cell of a column of numbers as a number, as text where it is none, or as the reason why it must be asked about.
 *
 * @param whole the column has no fractions
 */
export function readFigure(cell: string, writing: Writing, whole = false): number | string | { problem: string } {
  const text = readFormula(cell).trim();
  if (isAccountsZero(text)) return 0;
  const { decimals } = writing;
  const isExponent = EXPONENT.test(text);
  const plain = isExponent ? text.replace(",", ".") : text;
  const number = decimals === "point" || isExponent || !plain.includes(".") ? readPlainNumber(plain) : null;
  if (number !== null) return number;
  const readings = listLocales(text, writing).map((locale) => parseTypedNumber(text, locale, { whole }));
  for (const reading of readings)
    if ("ambiguous" in reading && reading.side) return { problem: askSide(text, reading.ambiguous, reading.side) };
  if (readings.every((reading) => "refused" in reading && reading.refused === "tooLarge")) return tooLong(text);
  const values = [...new Set(readings.flatMap(listValues))];
  const [first, other] = values;
  if (first === undefined) return cell;
  if (other === undefined) return first;
  const isOfWord = listOwnLocales(text, decimals).length > 0 || readings.some((reading) => "word" in reading);
  if (isOfWord) return { problem: `"${text}" can be ${LIST.format(values.map(String))}: ${IN_DIGITS}` };
  if (decimals !== null) return first;
  return { problem: `"${text}" can be ${first} or ${other}: say which with --decimals point or --decimals comma` };
}

/** The locales by which a cell is read. */
function listLocales(text: string, { decimals, separator }: Writing): string[] {
  // Where commas separate the cells, one within a number only groups its digits.
  const known = decimals ?? (separator === "," ? "point" : findDecimalsOf(text));
  return [...(known === null ? Object.values(LOCALES) : [LOCALES[known]]), ...listOwnLocales(text, decimals)];
}

/** The languages whose own word the figure may have: it has a decimal comma, and the currency of no other country. */
function listOwnLocales(text: string, decimals: Decimals | null): string[] {
  if ((decimals ?? findDecimalsOf(text)) !== "comma" || findMoney(text, LOCALES.comma).length > 0) return [];
  return OWN_WORDS.flatMap(([locale, word]) => (word.test(text) ? [locale] : []));
}

const LIST = new Intl.ListFormat("en", { type: "disjunction" });
const IN_DIGITS = "write the one that is meant in digits alone";

function askSide(text: string, [first, second]: Readings, side: Side): string {
  const [ofFirst, ofSecond] = SIDES[side];
  return `"${text}" can be ${first}${ofFirst} or ${second}${ofSecond}: ${IN_DIGITS}`;
}

const listValues = (reading: TypedNumber): readonly number[] =>
  "value" in reading ? [reading.value] : "ambiguous" in reading ? reading.ambiguous : [];
