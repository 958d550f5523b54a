/**
 * Numbers as people type them, of any locale. `Intl` writes numbers but reads none, and readers built on it take an
 * American's "12,5" for 125. Here a text with two readings gives both, and nothing is guessed. Shared with the browser.
 */
import { listCompactWords, type CompactWords } from "./compactWords";
import { listOwnSigns, listWrittenIn } from "./currencyTexts";
import { findMeanings } from "./currencyWords";
import { findLedgerSide, isDebit, type Side } from "./ledger";
import { joinMyriads } from "./myriads";
import { findSeparators, spellPlainly, type Separators } from "./spelling";
import { isMoney, listZeros, MONEY, toScale, type ScaleWords } from "./words";

export type Refusal = "empty" | "notANumber" | "percent" | "exponent" | "notWhole" | "tooLarge";

/** Numbers of which the person chooses one, the locale's own reading first. */
export type Readings = [number, number, ...number[]];

/**
 * A number; several of which the person chooses; or none. With a side, there are two, which the word behind the amount
 * can mean, whatever its separators: crores or a credit, a debit above or below zero. With a word, it stands for
 * different zeros in different languages.
 */
export type TypedNumber =
  { value: number } | { ambiguous: Readings; side?: Side; word?: string } | { refused: Refusal };

/**
 * The value of a typed number. Understands digits of every script, any space, apostrophes, currency signs and codes,
 * "k", "m" and "bn", and the separators of any locale where only one meaning is possible.
 *
 * @param whole where there are no fractions, separators can only group
 */
export function parseTypedNumber(text: string, locale: string, { whole = false } = {}): TypedNumber {
  const plain = joinMyriads(spellPlainly(text));
  if (plain === "") return { refused: "empty" };
  const form = findFormOf(plain, locale);
  const alone = form.words?.alone.get(plain);
  if (alone !== undefined) return { value: alone };
  const parts = splitWithMoney(plain, form, locale);
  if (!parts) return { refused: findReason(plain) };
  return readParts(parts, findSeparators(locale, text), { words: form.words, whole });
}

function readParts(
  parts: Parts,
  own: Separators,
  { words, whole }: { words: CompactWords | null; whole: boolean },
): TypedNumber {
  const asWord = listZeros(parts.scale, words, isForeign(parts, own));
  const counts = parts.mayBeSign ? [...asWord, 0] : asWord;
  const values = counts.flatMap((zeros) => readValues({ ...parts, zeros }, own, whole && zeros === 0));
  if (values.length === 0) return { refused: whole && canBeFraction(parts) ? "notWhole" : "notANumber" };
  const asLedger = readLedger({ ...parts, zeros: counts[0] ?? 0 }, own);
  if (parts.isDebit && asLedger === null) return { refused: "notANumber" };
  const signed = (asLedger?.values ?? values).map((value) => (parts.negative && value !== 0 ? -value : value));
  if (signed.some((value) => Math.abs(value) > Number.MAX_SAFE_INTEGER)) return { refused: "tooLarge" };
  const [first, second, ...more] = new Set(whole ? signed.filter(Number.isInteger) : signed);
  if (first === undefined) return { refused: "notWhole" };
  if (second === undefined) return { value: first };
  const ambiguous: Readings = [first, second, ...more];
  if (asLedger) return { ambiguous, side: asLedger.side };
  return { ambiguous, ...(counts.length > 1 && { word: parts.word }) };
}

/** The texts beside a typed number that name its currency: none, one, or one on either side of it. */
export function findMoney(text: string, locale: string): string[] {
  const plain = joinMyriads(spellPlainly(text));
  return splitWithMoney(plain, findFormOf(plain, locale), locale)?.money ?? [];
}

/** A number as the locale writes it, with every digit it has: how a reading is shown back. */
export const writeNumber = (value: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 20 }).format(value);

function findReason(plain: string): Refusal {
  if (/\d.*[%‰٪]|[%‰٪].*\d/.test(plain)) return "percent";
  return /^[^\p{L}]*\d ?e ?[-+]?\d+$/iu.test(plain) ? "exponent" : "notANumber";
}

/** Separators that only group, that are only a decimal point, or that can be either. `٬` and `٫` are Arabic. */
const CLASSES = { groups: " '_٬", point: "٫", either: ".," };
const SEPARATORS = Object.values(CLASSES).join("");
const isPoint = (separator: string): boolean =>
  separator !== "" && (CLASSES.point + CLASSES.either).includes(separator);
const isGroup = (separator: string): boolean =>
  separator !== "" && (CLASSES.groups + CLASSES.either).includes(separator);

/**
 * The shape of a number: sign, currency, digits, ",-" for no cents, zeros, currency, sign; then the "/-" and "/=" with
 * which India and East Africa end amounts.
 */
const toShape = (before: string, behind: string): RegExp =>
  new RegExp(
    [
      `^([-+]?) ?(?:${before === "" ? "" : `(?!(?:${before}) ?\\d)`}(${MONEY}))? ?([-+]?) ?`,
      before === "" ? "()" : `(?:(${before}) ?)?`,
      `([.,٫]?\\d(?:[\\d${SEPARATORS}]*\\d)?)([.,] ?--?)?`,
      `(?: ?(${toScale(behind)}))? ?(${MONEY})?( ?-| ?/[-=])?$`,
    ].join(""),
    "iu",
  );

/** How numbers with words of a language are written; without a language, those with words of any. */
type Form = { words: CompactWords | null; shape: RegExp; signs: readonly string[] };

const PLAIN: Form = { words: null, shape: toShape("", ""), signs: [] };
const forms = new Map<string, Form>();

function findForm(locale: string): Form {
  const held = forms.get(locale);
  if (held) return held;
  const words = listCompactWords(locale);
  const form = { words, shape: toShape(words.before, words.behind), signs: listOwnSigns(locale) };
  forms.set(locale, form);
  return form;
}

const findFormOf = (plain: string, locale: string): Form => (/\p{L}/u.test(plain) ? findForm(locale) : PLAIN);

/** The text behind the last digit. */
const findTail = (plain: string): string => /[^\d]*$/.exec(plain)?.[0].trim() ?? "";

/** Whether a text is a sign in capitals with a country's letters, as in "BN$", or one of the locale's own. */
const isSign = (text: string, own: readonly string[]): boolean =>
  text === text.toUpperCase() &&
  (own.includes(text) || (/\p{L}\p{Sc}|\p{Sc}\p{L}/u.test(text) && findMeanings(text) !== null));

/** A sign of no currency, which stands for any. */
const ANY_CURRENCY = "¤";

/** The parts of a number beside which a currency stands as anybody writes it, or as the locale does, in full. */
function splitWithMoney(plain: string, { shape, signs }: Form, locale: string): Parts | null {
  const parts = splitParts(plain, shape);
  if (parts?.scale.behind !== undefined) return { ...parts, mayBeSign: isSign(findTail(plain), signs) };
  if (parts !== null || !/\d/.test(plain)) return parts;
  for (const written of listWrittenIn(plain, locale)) {
    const found = splitParts(plain.replace(written, ANY_CURRENCY), shape);
    if (found) return { ...found, money: found.money.map((text) => (text === ANY_CURRENCY ? written : text)) };
  }
  return null;
}

/** Runs of digits and the separators between them. `runs[0]` is empty before a leading point. */
type Parts = {
  negative: boolean;
  runs: string[];
  separators: string[];
  noCents: boolean;
  /** Ends as whole amounts do, which some write behind cents too. */
  endsWhole: boolean;
  /** The texts that name its currency. */
  money: string[];
  /** The word for zeros is the locale's own sign of a currency too, as "K" is in Burmese. */
  mayBeSign: boolean;
  /** The words for zeros, and what money may say about them. */
  scale: ScaleWords;
  /** The word behind, for zeros or for a debit. */
  word: string | undefined;
  isDebit: boolean;
  inRupees: boolean;
};

function splitParts(plain: string, shape: RegExp): Parts | null {
  const [, ahead, inner, behind] = /^([^()]*)\((.*)\)([^()]*)$/.exec(plain) ?? [];
  const [, sign = "", before, signAfter = "", wordBefore, number, noCents, scale, after, end = ""] =
    shape.exec(inner === undefined ? plain : `${ahead}${inner}${behind}`) ?? [];
  const signs = sign + signAfter + end.replace(/ |\/./g, "") + (inner === undefined ? "" : "-");
  if (number === undefined || signs.length > 1 || !isMoney(before)) return null;
  if (!isMoney(after) && !isDebit(after)) return null;
  const pieces = number.split(new RegExp(`([${SEPARATORS}])`));
  return {
    negative: signs === "-",
    runs: pieces.filter((_, index) => index % 2 === 0),
    separators: pieces.filter((_, index) => index % 2 === 1),
    noCents: noCents !== undefined,
    endsWhole: end.includes("/"),
    money: [before, isDebit(after) ? undefined : after].filter((money) => money !== undefined),
    mayBeSign: false,
    scale: { before: wordBefore, behind: scale, money: [before, after] },
    word: scale ?? after,
    isDebit: isDebit(after),
    inRupees: /^(?:₹|rs\.?|inr)$/i.test(before ?? ""),
  };
}

/** A decimal with zeros behind it, as one literal: multiplying would leave a rounding error. */
const toNumber = (whole: string, fraction: string, zeros: number): number =>
  Number(`${whole || "0"}.${fraction || "0"}e${zeros}`);

/** Whether the number has a decimal point, and one that is not the locale's own. */
function isForeign(parts: Parts, own: Separators): boolean {
  const last = parts.separators.at(-1) ?? "";
  return last !== "" && last !== own.point && canBeFraction(parts) && !isGrouped(parts.runs, parts.separators);
}

/** The parts with one of the numbers of zeros that its words can stand for. */
type Scaled = Parts & { zeros: number };

/** Every value the parts can have, the locale's own reading first. */
function readValues(parts: Scaled, own: Separators, wholeOnly: boolean): number[] {
  const { runs, separators, noCents, endsWhole, zeros } = parts;
  const last = separators.at(-1) ?? "";
  const proper = isGrouped(runs, separators);
  const whole = proper || isLooselyGrouped(runs, separators, own.point) ? [toNumber(runs.join(""), "", zeros)] : [];
  const fraction = canBeFraction(parts) ? [toNumber(runs.slice(0, -1).join(""), runs.at(-1) ?? "", zeros)] : [];
  if (noCents) return whole;
  if (endsWhole) return whole.length > 0 ? whole : fraction;
  if (wholeOnly) return whole.length > 0 ? whole : fraction.filter(Number.isInteger);
  if (proper && (separators.length === 0 || last === own.group)) return whole;
  return last === own.point ? [...fraction, ...whole] : [...whole, ...fraction];
}

/** The two values of an amount that can stand in a ledger, by how the locale reads its digits; null for any other. */
function readLedger(parts: Scaled, own: Separators): { side: Side; values: [number, number] } | null {
  const { runs, separators, word } = parts;
  const isGroupedByOwn = separators.length > 1 || (separators[0] !== own.point && isGrouped(runs, separators));
  const fraction = canBeFraction(parts) ? (runs.at(-1) ?? "") : "";
  const isInGroups = separators.length > 0 && isGroupedByOwn;
  // "₹1.25 Cr" is how prices are written.
  const side = parts.inRupees && !isInGroups && !parts.isDebit ? undefined : findLedgerSide(word, fraction, isInGroups);
  const [value] = readValues(parts, own, false);
  const [amount] = readValues({ ...parts, zeros: 0 }, own, false);
  if (side === undefined || value === undefined || amount === undefined) return null;
  return { side, values: side === "credit" ? [value, amount] : [amount, -amount] };
}

/** Whether the last separator can be a decimal point. */
function canBeFraction({ runs, separators }: Parts): boolean {
  const last = separators.at(-1) ?? "";
  return (
    isPoint(last) &&
    separators.indexOf(last) === separators.length - 1 &&
    isGrouped(runs.slice(0, -1), separators.slice(0, -1))
  );
}

/** True for a single run, or for groups of three or, as in India, groups of two before the last. */
function isGrouped([first = "", ...rest]: readonly string[], separators: readonly string[]): boolean {
  const [separator = ""] = separators;
  if (rest.length === 0) return true;
  const isBy = (size: number) =>
    first.length <= size && rest.every((run, index) => run.length === (index === rest.length - 1 ? 3 : size));
  return (
    isGroup(separator) && separators.every((each) => each === separator) && /^[1-9]/.test(first) && (isBy(3) || isBy(2))
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
