import { expect, test } from "vitest";
import { findNamedCurrency } from "./currencySigns";

const KNOWN = ["EUR", "USD", "CHF", "SEK", "JPY"];

test.each([
  ["€ 250.000", "USD", "EUR"],
  ["250k€", "USD", "EUR"],
  ["£1,200", "EUR", "GBP"],
  ["1 200 chf", "EUR", "CHF"],
  ["CHF1'200", "EUR", "CHF"],
  ["1 200 zł", "EUR", "PLN"],
  ["1 200 Kč", "EUR", "CZK"],
  ["1 200 Ft", "EUR", "HUF"],
  ["R$ 1.200", "EUR", "BRL"],
  ["A$1,200", "EUR", "AUD"],
  ["CA$1,200", "EUR", "CAD"],
  ["1 200 $ CA", "EUR", "CAD"],
  ["$ 1,200", "EUR", "USD"],
  ["$ 1,200", "AUD", "AUD"],
  ["¥1,200", "EUR", "JPY"],
  ["¥1,200", "CNY", "CNY"],
  ["３億円", "EUR", "JPY"],
  ["100万元", "TWD", "TWD"],
  ["1 200 kr", "SEK", "SEK"],
  ["1 200 kr", "EUR", null],
  ["R 1 200,50", "EUR", "ZAR"],
  ["1.250.000 euro", "USD", "EUR"],
  ["500 тыс. руб.", "EUR", "RUB"],
  ["1억원", "USD", "KRW"],
  ["5000美元", "CNY", "USD"],
  ["5亿欧元", "CNY", "EUR"],
  ["500日元", "CNY", "JPY"],
  ["5 Mio CHF", "EUR", "CHF"],
  ["5 Mrd SEK", "EUR", "SEK"],
  ["Rp 1.200.000", "USD", "IDR"],
  ["1 200", "EUR", null],
  ["1200 abc", "EUR", null],
  ["1.5 mio", "EUR", null],
  ["2 mln", "EUR", null],
])("%j where %s is at hand names %s", (text, current, code) =>
  expect(findNamedCurrency(text, current, KNOWN)).toBe(code),
);
