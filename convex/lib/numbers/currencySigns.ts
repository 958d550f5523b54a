/** Finds the currency that a sign or an abbreviation beside a figure means. Shared with the browser. */

/** Signs and abbreviations that one currency has to itself, the longer before those they contain. */
const OWN: [sign: RegExp, code: string][] = [
  [/€/, "EUR"],
  [/£/, "GBP"],
  [/₹/, "INR"],
  [/₺/, "TRY"],
  [/₽/, "RUB"],
  [/₴/, "UAH"],
  [/₪/, "ILS"],
  [/₩/, "KRW"],
  [/₫/, "VND"],
  [/₦/, "NGN"],
  [/₱/, "PHP"],
  [/฿/, "THB"],
  [/₸/, "KZT"],
  [/₾/, "GEL"],
  [/₼/, "AZN"],
  [/֏/, "AMD"],
  [/₮/, "MNT"],
  [/₲/, "PYG"],
  [/₵/, "GHS"],
  [/៛/, "KHR"],
  [/₭/, "LAK"],
  [/美元|美金/, "USD"],
  [/欧元|歐元/, "EUR"],
  [/日元|日圓/, "JPY"],
  [/港元|港币|港幣/, "HKD"],
  [/英镑|英鎊/, "GBP"],
  [/韩元|韓元/, "KRW"],
  [/加元/, "CAD"],
  [/澳元/, "AUD"],
  [/人民币|人民幣/, "CNY"],
  [/[台臺][币幣元]/, "TWD"],
  [/円|(?<!\p{L})yen(?!\p{L})/iu, "JPY"],
  [/원|(?<!\p{L})won(?!\p{L})/iu, "KRW"],
  [/บาท|(?<!\p{L})baht(?!\p{L})/iu, "THB"],
  [/(?<!\p{L})(?:euros?)(?!\p{L})/iu, "EUR"],
  [/(?<!\p{L})(?:reais)(?!\p{L})/iu, "BRL"],
  [/(?<!\p{L})(?:rp|rupiah)(?!\p{L})/iu, "IDR"],
  [/(?<!\p{L})rm(?!\p{L})/iu, "MYR"],
  [/(?<!\p{L})tl(?!\p{L})/iu, "TRY"],
  [/(?<!\p{L})rmb(?!\p{L})/iu, "CNY"],
  [/(?<!\p{L})(?:р|руб|рубл\p{L}*)(?!\p{L})/iu, "RUB"],
  [/(?<!\p{L})грн(?!\p{L})/iu, "UAH"],
  [/(?<!\p{L})(?:r|rand)(?![\p{L}$])/iu, "ZAR"],
  [/(?<!\p{L})zł/iu, "PLN"],
  [/(?<!\p{L})kč/iu, "CZK"],
  [/(?<!\p{L})ft(?!\p{L})/iu, "HUF"],
  [/(?<!\p{L})sfr(?!\p{L})/iu, "CHF"],
  [/(?<!\p{L})R\$/iu, "BRL"],
  [/(?<!\p{L})AU?\$|\$ ?AU/iu, "AUD"],
  [/(?<!\p{L})CA?\$|\$ ?CA/iu, "CAD"],
  [/HK\$|\$ ?HK/iu, "HKD"],
  [/NZ\$|\$ ?NZ/iu, "NZD"],
  [/MX\$/iu, "MXN"],
  [/NT\$/iu, "TWD"],
  [/US\$|\$ ?US/iu, "USD"],
  [/(?<!\p{L})S\$/iu, "SGD"],
];

/** Signs of several currencies: the one that is at hand is meant, else the first of them; of crowns no one is first. */
const NONE = "";
const SHARED: [sign: RegExp, codes: string[]][] = [
  [
    /\$/,
    ["USD", "AUD", "CAD", "HKD", "NZD", "MXN", "TWD", "SGD", "ARS", "CLP", "COP", "UYU", "BBD", "BSD", "JMD", "TTD"],
  ],
  [/[¥￥]/, ["JPY", "CNY"]],
  [/[元圓圆]/, ["CNY", "TWD", "HKD"]],
  [/(?<!\p{L})kr(?!\p{L})/iu, [NONE, "SEK", "NOK", "DKK", "ISK"]],
];

/**
 * The currency that a typed figure names beside its digits, or null when it names none or one of several.
 *
 * @param current the currency at hand, which a sign of several currencies means if it is one of them
 * @param known the codes that there are
 */
export function findNamedCurrency(text: string, current: string, known: readonly string[]): string | null {
  const own = OWN.find(([sign]) => sign.test(text));
  if (own) return own[1];
  // A word for zeros may stand before it: "5 Mio CHF".
  const words = [...text.matchAll(/(?<!\p{L})\p{L}{3}(?!\p{L})/gu)].map(([word]) => word.toUpperCase());
  const code = words.find((word) => known.includes(word));
  if (code !== undefined) return code;
  const shared = SHARED.find(([sign]) => sign.test(text))?.[1];
  return (shared?.includes(current) ? current : shared?.[0]) || null;
}
