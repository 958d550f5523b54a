/**
 * Reads numbers as people type them. `Intl` writes numbers but reads none, and readers built on it take an American's
 * "12,5" for 125. Here a text with two readings returns both.
 */
import { t } from "@/messages/translate";
import { numbersLocale } from "./locale";

export type NumberReading =
  | { kind: "one"; value: number }
  /** The locale's reading, then the other. */
  | { kind: "two"; values: [number, number] }
  /** A sentence that says what to enter. */
  | { kind: "none"; reason: string };

/** A number as the locale writes it, with every digit it has. */
export const formatNumber = (value: number, locale = numbersLocale()): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(value);

/**
 * The value of a typed number. Understands digits of every script, spaces, apostrophes, currency signs and codes, and
 * separators of any locale where only one meaning is possible.
 *
 * @param whole where there are no fractions, separators can only group
 */
export function readNumber(text: string, locale = numbersLocale(), { whole = false } = {}): NumberReading {
  const parts = partsOf(tidied(text).trim());
  if (!parts) return none(text, locale, whole);
  const values = valuesOf(parts, separatorsOf(locale, text), whole).map((value) =>
    parts.negative && value !== 0 ? -value : value,
  );
  if (values.some((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER))
    return { kind: "none", reason: t("common.numberTooLarge", { max: formatNumber(Number.MAX_SAFE_INTEGER, locale) }) };
  const [first, second] = values;
  if (first === undefined) return none(text, locale, whole);
  return second === undefined ? { kind: "one", value: first } : { kind: "two", values: [first, second] };
}

/** The typed whole number from `min` to `max`, or null. */
export function readWhole(text: string, min: number, max: number, locale = numbersLocale()): number | null {
  const reading = readNumber(text, locale, { whole: true });
  return reading.kind === "one" && reading.value >= min && reading.value <= max ? reading.value : null;
}

/** The line below a control that shows how a whole number was read, if it is not written in plain digits. */
export function readBack(text: string, locale = numbersLocale()): string | undefined {
  const reading = readNumber(text, locale, { whole: true });
  return reading.kind === "one" && !/^[0-9]*$/.test(text)
    ? t("common.readAs", { number: formatNumber(reading.value, locale) })
    : undefined;
}

function none(text: string, locale: string, whole: boolean): NumberReading {
  const example = formatNumber(whole ? 1_250 : 1_250_000, locale);
  const rule = /\p{L}/u.test(text) ? "common.enterDigits" : "common.enterNumber";
  return { kind: "none", reason: t(rule, { kind: whole ? "whole" : "any", example }) };
}

/** Other ways to write the character in the right column. */
const SPELLINGS: [RegExp, string | ((found: string) => string)][] = [
  [/\p{Cf}/gu, ""],
  [/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0)],
  [/\s+/g, " "],
  [/[’‘ʼ′´`]/g, "'"],
  [/[−‐‑‒–—﹣]/g, "-"],
  [/،/g, ","],
];

const tidied = (text: string): string =>
  SPELLINGS.reduce((tidy, [found, plain]) => tidy.replace(found, plain as string), text).replace(
    /[^\0-\x7f]/gu,
    (character) => digits().get(character) ?? character,
  );

let known: Map<string, string> | undefined;

/** The digits of every script. */
const digits = (): Map<string, string> =>
  (known ??= new Map(
    Intl.supportedValuesOf("numberingSystem").flatMap((system) => {
      const ten = [...new Intl.NumberFormat(`en-u-nu-${system}`, { useGrouping: false }).format(9_876_543_210)];
      return ten.length === 10 ? ten.map((digit, index): [string, string] => [digit, String(9 - index)]) : [];
    }),
  ));

/** Separators that only group, that are only a decimal point, or that can be either. `٬` and `٫` are Arabic. */
const CLASSES = { groups: " '_٬", point: "٫", either: ".," };
const SEPARATORS = Object.values(CLASSES).join("");
const isPoint = (separator: string): boolean =>
  separator !== "" && (CLASSES.point + CLASSES.either).includes(separator);
const isGroup = (separator: string): boolean =>
  separator !== "" && (CLASSES.groups + CLASSES.either).includes(separator);

/** Dollar signs with their countries. Other letters beside a sign are refused: "k€" is a thousand euros. */
const DOLLARS = String.raw`(?:A|AU|C|CA|HK|MX|NT|NZ|R|S|US)?\$(?: ?(?:AU|CA|HK|NZ|US))?`;
const MONEY = String.raw`(?:${DOLLARS}|\p{Sc}|\p{L}{2,4}\.?)`;
/** The shape of a number: sign, currency, digits, ",-" for no cents, currency. */
const SHAPE = new RegExp(
  `^([-+]?) ?(${MONEY})? ?([-+]?) ?([.,٫]?\\d(?:[\\d${SEPARATORS}]*\\d)?)([.,] ?--?)? ?(${MONEY})?$`,
  "u",
);
/** The names of currencies in prices, besides their codes. */
const CURRENCY_NAMES = new Set(["FR", "FT", "KČ", "KR", "LEI", "RS", "SFR", "ZŁ"]);

/** Runs of digits and the separators between them. `runs[0]` is empty before a leading point. */
type Parts = { negative: boolean; runs: string[]; separators: string[]; noCents: boolean };

function partsOf(text: string): Parts | null {
  const inner = /^\((.*)\)$/.exec(text)?.[1];
  const [, sign = "", before, signAfter = "", number, noCents, after] = SHAPE.exec(inner ?? text) ?? [];
  const signs = sign + signAfter + (inner === undefined ? "" : "-");
  if (number === undefined || signs.length > 1 || !isMoney(before) || !isMoney(after)) return null;
  const pieces = number.split(new RegExp(`([${SEPARATORS}])`));
  const runs = pieces.filter((_, index) => index % 2 === 0);
  return {
    negative: signs === "-",
    runs,
    separators: pieces.filter((_, index) => index % 2 === 1),
    noCents: noCents !== undefined,
  };
}

function isMoney(text: string | undefined): boolean {
  if (text === undefined || /\p{Sc}/u.test(text)) return true;
  const name = text.replace(".", "").toUpperCase();
  return CURRENCY_NAMES.has(name) || Intl.supportedValuesOf("currency").includes(name);
}

/** The locale's own separators, empty where it has none. */
type Own = { group: string; point: string };

/** The locale's separators for digits of the text's own script. */
function separatorsOf(locale: string, text: string): Own {
  const numberingSystem = /[0-9]/.test(text) ? { numberingSystem: "latn" } : {};
  const parts = new Intl.NumberFormat(locale, numberingSystem).formatToParts(1_234_567.5);
  const separator = (wanted: Intl.NumberFormatPartTypes) =>
    tidied(parts.find(({ type }) => type === wanted)?.value ?? "");
  return { group: separator("group"), point: separator("decimal") };
}

/** Every value the parts can have, the locale's own reading first. */
function valuesOf({ runs, separators, noCents }: Parts, own: Own, wholeOnly: boolean): number[] {
  const last = separators.at(-1) ?? "";
  const proper = isGrouped(runs, separators);
  const whole = proper || isLooselyGrouped(runs, separators, own.point) ? [Number(runs.join(""))] : [];
  const front = [runs.slice(0, -1), separators.slice(0, -1)] as const;
  const hasFraction = isPoint(last) && separators.indexOf(last) === separators.length - 1 && isGrouped(...front);
  const fraction = hasFraction ? [Number(`${front[0].join("")}.${runs.at(-1)}`)] : [];
  if (noCents) return whole;
  if (wholeOnly) return whole.length > 0 ? whole : fraction.filter(Number.isInteger);
  if (proper && (separators.length === 0 || last === own.group)) return whole;
  return last === own.point ? [...fraction, ...whole] : [...whole, ...fraction];
}

/** True for a single run, or for groups of three or, as in India, groups of two before the last. */
function isGrouped([first = "", ...rest]: readonly string[], separators: readonly string[]): boolean {
  const [separator = ""] = separators;
  if (rest.length === 0) return true;
  const by = (size: number) =>
    first.length <= size && rest.every((run, index) => run.length === (index === rest.length - 1 ? 3 : size));
  return (
    isGroup(separator) && separators.every((each) => each === separator) && /^[1-9]/.test(first) && (by(3) || by(2))
  );
}

/** True for "1234,567" and "1,2000", which can be a slip in 1,234,567 and 12,000 as well as a fraction. */
const isLooselyGrouped = (
  [first = "", rest = ""]: readonly string[],
  separators: readonly string[],
  point: string,
): boolean =>
  separators.length === 1 &&
  CLASSES.either.includes(separators[0] ?? "") &&
  /^[1-9]/.test(first) &&
  (rest.length === 3 || (rest.length > 3 && separators[0] !== point));
