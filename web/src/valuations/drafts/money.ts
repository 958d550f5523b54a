/** The currency beside the revenue: it follows the country until somebody chooses another. */
import { findNamedCurrency } from "@convex/lib/numbers/currencySigns";
import { CURRENCY_CODES } from "@convex/valuations/figures";
import { countryCodeOf, currencyOf } from "./countries";
import { held, type Form } from "./edits";
import { CURRENCY, textOf } from "./fields";

/** The currency of the revenue as it is stored, else that of the country. */
export function shownCurrency(form: Form): string {
  const stored = held(form, CURRENCY);
  return typeof stored === "string" && stored !== "" ? stored : currencyOf(held(form, "country_code"));
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
    const next = findNamedCurrency(typed, shown, CURRENCY_CODES) ?? shown;
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
