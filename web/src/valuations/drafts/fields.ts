/** The form of a report: the fields of a business card, in the order in which they are asked. */
import { FIRST_FOUNDING_YEAR, findLastFoundingYear } from "@convex/valuations/figures";
import { numbersLocale } from "@/lib/locale/locale";
import { formatNumber, readNumber } from "@/lib/locale/numbers";
import { t } from "@/messages/translate";
import { countryCodeOf, countryName } from "./countries";
import { readYears } from "./years";

export type FormFieldSpec = { name: string; label: string } & (
  | { kind: "country" }
  /** `max` is the length of the longest answer, in UTF-16 units. */
  | { kind: "text" | "long"; max: number }
  | (({ kind: "number"; whole?: boolean } | { kind: "year" }) & {
      /** The limits of an answer, both included. `rule` says what to enter. */
      range: (now: Date) => { min: number; max: number; rule: string };
    })
);

/** With every text at its limit, in any script, a report is still far below the size that the server takes. */
const SHORT_MAX = 200;
const LONG_MAX = 5_000;

const FROM_ZERO = { min: 0, max: Infinity, rule: t("valuations.zeroRule") };

export const FIELDS: readonly FormFieldSpec[] = [
  { name: "company_name", label: t("valuations.companyName"), kind: "text", max: SHORT_MAX },
  { name: "industry", label: t("valuations.industry"), kind: "text", max: SHORT_MAX },
  { name: "country_code", label: t("valuations.country"), kind: "country" },
  { name: "city", label: t("valuations.city"), kind: "text", max: SHORT_MAX },
  {
    name: "founding_year",
    label: t("valuations.foundedIn"),
    kind: "year",
    range: (now) => {
      const [min, max] = [FIRST_FOUNDING_YEAR, findLastFoundingYear(now)];
      return { min, max, rule: t("valuations.yearRule", { first: String(min), last: String(max) }) };
    },
  },
  { name: "employee_count", label: t("valuations.employees"), kind: "number", whole: true, range: () => FROM_ZERO },
  { name: "revenue", label: t("valuations.revenue"), kind: "number", range: () => FROM_ZERO },
  { name: "description", label: t("valuations.companyDescription"), kind: "long", max: LONG_MAX },
  { name: "business_highlights", label: t("valuations.highlights"), kind: "long", max: LONG_MAX },
  { name: "reason_for_selling", label: t("valuations.reasonForSelling"), kind: "long", max: LONG_MAX },
];

const BY_NAME = new Map(FIELDS.map((field) => [field.name, field]));
/** The currency of the revenue, which stands beside it and is no question of its own. */
export const CURRENCY = "revenue_currency";
/** Answers without a field that have a label here. */
const OTHER_LABELS = new Map([
  ["business_type_id", t("valuations.businessType")],
  [CURRENCY, t("valuations.currency")],
]);
export const labelOf = (name: string): string =>
  BY_NAME.get(name)?.label ?? OTHER_LABELS.get(name) ?? name.replaceAll("_", " ");

/** A value as text, for reading and for its control: numbers as the locale writes them, years without grouping. */
export function textOf(value: unknown, kind?: FormFieldSpec["kind"], locale?: string): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && kind === "number") return formatNumber(value, locale);
  if (typeof value === "string" && kind === "country") return countryName(value, locale);
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** The answer to a field of the form or of another system, as text. */
export const answerText = (name: string, value: unknown): string => textOf(value, BY_NAME.get(name)?.kind ?? "number");

/** The reading of a field's text: a value, null for an empty text; numbers from which the user chooses; or none. */
export type AnswerReading =
  | { kind: "one"; value: string | number | null }
  | { kind: "several"; values: readonly number[] }
  /** A sentence that says what to enter. */
  | { kind: "none"; reason: string };

export function readAnswer(
  field: FormFieldSpec,
  text: string,
  locale = numbersLocale(),
  now = new Date(),
): AnswerReading {
  if (text.trim() === "") return { kind: "one", value: null };
  if (field.kind === "country") {
    const code = countryCodeOf(text);
    return code === null ? { kind: "none", reason: t("valuations.countryRule") } : { kind: "one", value: code };
  }
  if ("max" in field) {
    const { length } = text;
    if (length <= field.max) return { kind: "one", value: text };
    return { kind: "none", reason: t("valuations.lengthRule", { max: field.max, count: length }) };
  }
  const { min, max, rule } = field.range(now);
  const isWithin = (value: number) => value >= min && value <= max;
  if (field.kind === "year") return chooseFrom(readYears(text, locale, max).filter(isWithin), rule);
  const reading = readNumber(text, locale, { whole: field.whole });
  if (reading.kind === "none") return reading;
  return chooseFrom((reading.kind === "one" ? [reading.value] : reading.values).filter(isWithin), rule);
}

function chooseFrom(values: readonly number[], rule: string): AnswerReading {
  const [first, second] = values;
  if (first === undefined) return { kind: "none", reason: rule };
  return second === undefined ? { kind: "one", value: first } : { kind: "several", values };
}
