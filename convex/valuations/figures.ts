/**
 * Which values the named fields of a business can have (valuations/README §4.6). A draft's form is free JSON and keeps
 * whatever is sent; pages and imports, which know the fields, refuse others. Shared with the browser.
 */
import CURRENCIES from "country-to-currency";

/** No company that is for sale is older. */
export const FIRST_FOUNDING_YEAR = 1_000;

const HOUR_MS = 3_600_000;

/** The latest year that has begun anywhere on earth. */
export const findLastFoundingYear = (now: Date): number => new Date(now.getTime() + 14 * HOUR_MS).getUTCFullYear();

/** Codes that ISO 3166-1 no longer has and gave to no other country since, as ISO 3166-3 lists them. */
const WITHDRAWN_CODES = new Set(
  "AN BU CS CT DD DY FQ FX HV JT MI NH NQ NT PC PU PZ RH SU TP VD WK YD YU ZR".split(" "),
);

const currencyByCountry: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(CURRENCIES).filter(([code]) => !WITHDRAWN_CODES.has(code)),
);

/** ISO 3166-1 alpha-2 codes. */
export const COUNTRY_CODES: readonly string[] = Object.keys(currencyByCountry);

/** The code of a country as it is stored, or null for anything else, such as its name. */
export function readCountryCode(text: string): string | null {
  const code = text.trim().toUpperCase();
  return Object.hasOwn(currencyByCountry, code) ? code : null;
}

/** The ISO 4217 codes of the currencies that countries have. */
export const CURRENCY_CODES: readonly string[] = [...new Set(Object.values(currencyByCountry))].sort();

/** The ISO 4217 code of the currency of a country: what money is in as long as nobody chose another. */
export const findCurrency = (countryCode: string): string | null =>
  currencyByCountry[readCountryCode(countryCode) ?? ""] ?? null;

/** Why a value is none of the field, and what to give instead; null for one that is, and for fields without a rule. */
export function findFigureProblem(name: string, value: unknown, now: Date): string | null {
  if (value === null) return null;
  switch (name) {
    case "revenue":
      return typeof value === "number" && value >= 0 ? null : "must be 0 or more";
    case "employee_count":
      return isWhole(value) && value >= 0 ? null : "must be a whole number, 0 or more";
    case "founding_year": {
      const last = findLastFoundingYear(now);
      if (isWhole(value) && value >= FIRST_FOUNDING_YEAR && value <= last) return null;
      return `must be a year from ${FIRST_FOUNDING_YEAR} to ${last}`;
    }
    case "country_code":
      return typeof value === "string" && readCountryCode(value) !== null ? null : findCountryProblem(value);
    default:
      return null;
  }
}

function findCountryProblem(value: unknown): string {
  const code = typeof value === "string" ? value.trim().toUpperCase() : "";
  if (!WITHDRAWN_CODES.has(code)) return "must be the two letters of a country, such as BE for Belgium";
  return `must be the two letters of a country as it is today: ISO 3166 has withdrawn ${code}`;
}

const isWhole = (value: unknown): value is number => typeof value === "number" && Number.isInteger(value);
