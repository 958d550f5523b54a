/** Signs, abbreviations and names of currencies as people write them in any language, with the currencies they mean. */

const DOLLARS =
  "USD AUD CAD HKD NZD MXN TWD SGD ARS CLP COP UYU BBD BMD BND BSD BZD CUP DOP FJD GYD JMD KYD LRD NAD SBD SRD TTD XCD";
const POUNDS = "GBP EGP LBP SYP SDG SSP FKP GIP SHP";
const RUPEES = "INR PKR LKR NPR MUR SCR";
const FRANCS = "CHF XOF XAF XPF CDF GNF RWF BIF DJF KMF";
const PESOS = "MXN ARS CLP COP PHP UYU DOP CUP";
const DINARS = "KWD BHD JOD IQD DZD TND LYD";

/**
 * The first currency of several is meant where nothing says which, unless the row begins with "?". Words are without
 * dots and spaces.
 */
const ROWS: [codes: string, words: string][] = [
  ["EUR", "€ euro euros 欧元 歐元 يورو"],
  [DOLLARS, "$ dollar dollars dólar dólares dolar دولار"],
  ["USD", "美元 美金"],
  ["HKD", "港元 港币 港幣"],
  ["CAD", "加元"],
  ["AUD", "澳元"],
  ["TWD", "台币 台幣 台元 臺币 臺幣 臺元 新台币 新台幣 新臺幣"],
  [POUNDS, "£ pound pounds"],
  ["GBP", "英镑 英鎊"],
  ["? EGP SDG", "جنيه"],
  ["JPY CNY", "¥"],
  ["JPY", "円 日元 日圓 yen"],
  ["CNY", "yuan rmb 人民币 人民幣"],
  ["CNY TWD HKD", "元 圓 圆"],
  ["KRW KPW", "₩ won 원"],
  ["KRW", "韩元 韓元"],
  ["? SEK NOK DKK ISK", "kr"],
  ["SEK", "kronor skr"],
  ["? NOK DKK", "kroner"],
  ["NOK", "nkr"],
  ["DKK", "dkr"],
  ["ISK", "ikr"],
  [`? ${RUPEES}`, "rs ₨ rupee rupees روپیه"],
  [`? ${FRANCS}`, "fr franc francs"],
  ["CHF", "sfr franken"],
  ["? XOF XAF", "fcfa cfa"],
  [`? ${PESOS}`, "peso pesos"],
  ["PHP CUP", "₱"],
  [`? ${DINARS}`, "دينار"],
  ["? SAR QAR OMR YER IRR", "ريال"],
  ["IRR", "ریال"],
  // Ten rials: the figure itself would be another.
  ["?", "تومان"],
  ["? MAD AED", "dh dhs درهم"],
  ["? RON MDL", "lei leu"],
  ["? TRY LBP SYP", "lira liras ليرة ليره"],
  ["TRY", "tl"],
  ["HUF", "ft forint"],
  ["CZK", "kč"],
  ["PLN", "zł złotych"],
  ["BGN", "лв lv"],
  ["HRK", "kn"],
  ["? RSD MKD", "din дин"],
  ["RUB BYN", "руб р рублей рубля"],
  ["UAH", "грн"],
  ["KZT", "тг"],
  ["ILS", "nis שח שקל שקלים"],
  ["BRL", "reais"],
  ["ZAR", "r rand"],
  ["IDR", "rp rupiah"],
  ["MYR", "rm"],
  ["THB", "baht บาท"],
  ["KES", "ksh kshs"],
  ["TZS", "tsh tshs"],
  ["UGX", "ush ushs"],
  // As Arabic abbreviates pounds of Egypt and the Sudan, riyals, dirhams, dinars.
  ["EGP", "جم"],
  ["SDG", "جس"],
  ["SAR", "رس"],
  ["QAR", "رق"],
  ["OMR", "رع"],
  ["YER", "ري"],
  ["AED", "دإ"],
  ["MAD", "دم"],
  ["KWD", "دك"],
  ["BHD", "دب"],
  ["IQD", "دع"],
  ["TND", "دت"],
  ["DZD", "دج"],
  ["LYD", "دل"],
  ["JOD", "دا دأ"],
];

/** The letters of countries beside a sign that several have, as in "HK$" and "$ AU". */
const BY_LETTERS: Record<string, Record<string, string>> = {
  $: {
    ...{ A: "AUD", AU: "AUD", AR: "ARS", BB: "BBD", BDS: "BBD", BM: "BMD", BN: "BND", BR: "BRL", BS: "BSD", BZ: "BZD" },
    ...{ C: "CAD NIO", CA: "CAD", CI: "KYD", CL: "CLP", CO: "COP", COL: "COP", CU: "CUP", DO: "DOP", EC: "XCD" },
    ...{ FJ: "FJD", GY: "GYD", HK: "HKD", J: "JMD", JM: "JMD", KY: "KYD", LR: "LRD", MEX: "MXN", MX: "MXN", NA: "NAD" },
    ...{ NT: "TWD", NZ: "NZD", R: "BRL", RD: "DOP", S: "SGD", SB: "SBD", SG: "SGD", SI: "SBD", SR: "SRD", T: "TOP" },
    ...{ TT: "TTD", TW: "TWD", U: "UYU", US: "USD", UY: "UYU", WS: "WST" },
  },
  "£": {
    ...{ E: "EGP", EG: "EGP", FK: "FKP", FL: "FKP", GB: "GBP", GI: "GIP", L: "LBP", LB: "LBP", S: "SYP", SD: "SDG" },
    ...{ SH: "SHP", SS: "SSP", SY: "SYP", UK: "GBP" },
  },
  "¥": { CN: "CNY", JP: "JPY" },
  "₵": { GH: "GHS" },
};

/** Source of a pattern for such signs, with the letters on either side or without. */
export const SIGNS = Object.entries(BY_LETTERS)
  .map(([sign, byLetters]) => {
    const letters = Object.keys(byLetters)
      .sort((a, b) => b.length - a.length)
      .join("|");
    const source = sign === "$" ? String.raw`\$` : sign;
    return String.raw`(?:${letters})${source}|${source}(?: ?(?:${letters})(?!\p{L}))?`;
  })
  .join("|");

/** The currencies that a text can mean. Without a preferred one, somebody must say which. */
export type Meanings = { codes: readonly string[]; preferred: string | null };

const toMeanings = (codes: string): Meanings => {
  const all = codes.split(" ").filter((code) => code !== "?" && code !== "");
  return { codes: all, preferred: codes.startsWith("?") || all.length === 0 ? null : (all[0] ?? null) };
};

const BY_WORD: ReadonlyMap<string, Meanings> = new Map([
  ...ROWS.flatMap(([codes, words]) => words.split(" ").map((word) => [word, toMeanings(codes)] as const)),
  ...Object.entries(BY_LETTERS).flatMap(([sign, byLetters]) =>
    Object.entries(byLetters).flatMap(([letters, codes]) => {
      const meanings = toMeanings(codes.includes(" ") ? `? ${codes}` : codes);
      return [`${letters}${sign}`, `${sign}${letters}`].map((text) => [text.toLowerCase(), meanings] as const);
    }),
  ),
]);

/** A text for a currency without what people leave out: dots, quotes, spaces. */
export const toCurrencyKey = (text: string): string =>
  text
    .replace(/[."״ ]/g, "")
    .replaceAll("￥", "¥")
    .replaceAll("￦", "₩");

/** The meanings that a text has in any language, or null where none is known. */
export const findMeanings = (text: string): Meanings | null =>
  BY_WORD.get(toCurrencyKey(text).toLowerCase().normalize("NFC")) ?? null;
