/** The currency beside the revenue: it follows the country until somebody chooses another. */
import { findNamedCurrency, type NamedCurrency } from "@convex/lib/numbers/currencySigns";
import { CURRENCY_CODES, findCurrency } from "@convex/valuations/figures";
import { numbersLocale } from "@/lib/locale/locale";
import { t } from "@/messages/translate";
import { countryCodeOf, currencyOf } from "./countries";
import { held, type Form } from "./edits";
import { CURRENCY, textOf } from "./fields";

/** The currency of the revenue that somebody chose, or null. */
function storedCurrency(form: Form): string | null {
  const stored = held(form, CURRENCY);
  return typeof stored === "string" && stored !== "" ? stored : null;
}

/** The currency of the revenue as it is stored, else that of the country. */
export const shownCurrency = (form: Form): string => storedCurrency(form) ?? currencyOf(held(form, "country_code"));

/** The currency that the text of a revenue names. One that is shown only because nobody chose any decides nothing. */
function readCurrency(form: Form, text: string, locale: string): NamedCurrency {
  const country = countryCodeOf(held(form, "country_code"));
  const current = storedCurrency(form) ?? (country === null ? null : findCurrency(country));
  return findNamedCurrency(text, { locale, current, known: CURRENCY_CODES, findCurrency });
}

/** Why a text names no currency that a revenue can be stored with, and the way out; or null. */
export function findCurrencyProblem(form: Form, text: string, locale = numbersLocale()): string | null {
  const named = readCurrency(form, text, locale);
  if (named === null || "code" in named) return null;
  const [example] = named.among;
  if (example === undefined) return t("valuations.unknownCurrency", { text: named.unclear });
  return t("valuations.whichCurrency", { text: named.unclear, example });
}

/**
 * The currency to store with an answer, or undefined when the answer leaves it as it is. A figure is stored with the
 * currency that was shown beside it; one that followed the country follows it further; none stays without a figure.
 *
 * @param typed the text of the answer, which may name a currency
 */
export function currencyAfter(form: Form, name: string, value: unknown, typed: string): string | null | undefined {
  if (name === "revenue") {
    if (value === null) return held(form, CURRENCY) === null ? undefined : null;
    const shown = shownCurrency(form);
    const named = readCurrency(form, typed, numbersLocale());
    const next = named !== null && "code" in named ? named.code : shown;
    return next === held(form, CURRENCY) ? undefined : next;
  }
  if (name !== "country_code" || held(form, "revenue") === null) return undefined;
  const followed = shownCurrency(form) === currencyOf(held(form, "country_code"));
  const next = currencyOf(value);
  return followed && countryCodeOf(value) !== null && next !== held(form, CURRENCY) ? next : undefined;
}

/** The revenue as people read it, "€1,250,000" where the locale writes it so. */
export function revenueText(form: Form, locale: string): string {
  const revenue = held(form, "revenue");
  if (typeof revenue !== "number") return textOf(revenue, "number", locale);
  const currency = shownCurrency(form);
  try {
    const format = { style: "currency", currency, minimumFractionDigits: 0, maximumFractionDigits: 20 } as const;
    return new Intl.NumberFormat(locale, format).format(revenue);
  } catch {
    // Other systems may have stored what is no currency.
    return `${textOf(revenue, "number", locale)} ${currency}`;
  }
}
