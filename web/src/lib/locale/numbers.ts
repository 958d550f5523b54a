/** Typed numbers as the pages read them and show them back; the reading itself is shared with the server. */
import { parseTypedNumber, writeNumber, type Readings, type Refusal } from "@convex/lib/numbers/typedNumber";
import { t } from "@/messages/translate";
import { numbersLocale } from "./locale";

export type NumberReading =
  | { kind: "one"; value: number }
  /** The locale's reading first. */
  | { kind: "several"; values: Readings }
  /** A sentence that says what to enter. */
  | { kind: "none"; reason: string };

/** A number as the locale writes it, with every digit it has. */
export const formatNumber = (value: number, locale = numbersLocale()): string => writeNumber(value, locale);

/**
 * The value of a typed number.
 *
 * @param whole where there are no fractions, separators can only group
 */
export function readNumber(text: string, locale = numbersLocale(), { whole = false } = {}): NumberReading {
  const reading = parseTypedNumber(text, locale, { whole });
  if ("value" in reading) return { kind: "one", value: reading.value };
  if ("ambiguous" in reading) return { kind: "several", values: reading.ambiguous };
  return { kind: "none", reason: wayOut(reading.refused, text, locale, whole) };
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

function wayOut(refused: Refusal, text: string, locale: string, whole: boolean): string {
  if (refused === "tooLarge") return t("common.numberTooLarge", { max: formatNumber(Number.MAX_SAFE_INTEGER, locale) });
  const example = formatNumber(whole ? 1_250 : 1_250_000, locale);
  if (refused === "percent") return t("common.enterAmount", { example });
  const rule = /\p{L}/u.test(text) ? "common.enterDigits" : "common.enterNumber";
  return t(rule, { kind: whole ? "whole" : "any", example });
}
