import { expect, test } from "vitest";
import { countryCodeOf, countryName, countryOptions, currencyOf, currencyOptions } from "./countries";
import { currencyAfter, findCurrencyProblem, revenueText, shownCurrency } from "./money";

test("countries are found by their code and named in the user's language", () => {
  expect([countryCodeOf(" be "), countryCodeOf("Belgium"), countryCodeOf("XX"), countryCodeOf(7)]).toEqual([
    "BE",
    null,
    null,
    null,
  ]);
  expect([countryName("be", "en-US"), countryName("Belgium", "en-US")]).toEqual(["Belgium", "Belgium"]);
  const labels = countryOptions("en-US").map(({ label }) => label);
  expect(labels).toContain("Åland Islands");
  expect(labels.indexOf("Belgium")).toBeLessThan(labels.indexOf("Zimbabwe"));
  expect(currencyOptions("en-US").find(({ value }) => value === "EUR")?.label).toBe("EUR · Euro");
});

test("the currency follows the country until another is chosen, and is stored with the figure", () => {
  expect([shownCurrency({}), shownCurrency({ country_code: "BE" }), currencyOf("Belgium")]).toEqual([
    "USD",
    "EUR",
    "USD",
  ]);
  const belgian = { country_code: "BE" };
  expect(currencyAfter(belgian, "revenue", 1_200, "1,200")).toBe("EUR");
  expect(currencyAfter(belgian, "revenue", 1_200, "£1,200")).toBe("GBP");
  expect(currencyAfter(belgian, "revenue", 1_200, "$1,200")).toBe("USD");
  expect(currencyAfter(belgian, "city", "Ghent", "Ghent")).toBeUndefined();
  expect(currencyAfter(belgian, "country_code", "GB", "GB")).toBeUndefined();
  const stored = { ...belgian, revenue: 1_200, revenue_currency: "EUR" };
  expect(currencyAfter(stored, "revenue", 1_300, "1,300")).toBeUndefined();
  expect(currencyAfter(stored, "country_code", "GB", "GB")).toBe("GBP");
  expect(currencyAfter({ ...stored, revenue_currency: "USD" }, "country_code", "GB", "GB")).toBeUndefined();
  expect(currencyAfter(stored, "revenue", null, "")).toBeNull();
  expect(currencyAfter(belgian, "revenue", null, "")).toBeUndefined();
});

test("a currency that the text leaves open is asked about, and known once one is chosen or at hand", () => {
  const belgian = { country_code: "BE" };
  expect(findCurrencyProblem(belgian, "1 200 000 FCFA", "fr-FR")).toBe(
    "“FCFA” is used for several currencies. Choose it beside the number, or write its three letters, such as XOF.",
  );
  expect(findCurrencyProblem(belgian, "1 200 лв", "bg-BG")).toBe(
    "“лв” is no currency of the list. Leave it out, and choose one beside the number.",
  );
  expect(findCurrencyProblem({ country_code: "SN" }, "1 200 000 FCFA", "fr-FR")).toBeNull();
  expect(findCurrencyProblem({ ...belgian, revenue_currency: "XAF" }, "1 200 000 FCFA", "fr-FR")).toBeNull();
  expect(findCurrencyProblem(belgian, "1 200 000 XOF", "fr-FR")).toBeNull();
  expect(findCurrencyProblem(belgian, "1 200 000", "fr-FR")).toBeNull();
  expect(currencyAfter({}, "revenue", 1_200_000, "CN¥1,200,000")).toBe("CNY");
  expect(currencyAfter(belgian, "revenue", 1_200, "SG$1,200")).toBe("SGD");
});

test("a revenue is shown with its currency", () => {
  expect(revenueText({ revenue: 1_250_000, country_code: "BE" }, "en-US")).toBe("€1,250,000");
  expect(revenueText({ revenue: 12.5, revenue_currency: "JPY" }, "en-US")).toBe("¥12.5");
  expect(revenueText({ revenue: 12, revenue_currency: "gold coins" }, "en-US")).toBe("12 gold coins");
  expect(revenueText({ revenue: "much" }, "en-US")).toBe("much");
  expect(revenueText({}, "en-US")).toBe("");
});
