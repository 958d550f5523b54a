/** Words and signs beside a number: currencies, and how many zeros a letter stands for. */

/** Signs of several countries with their country. Other letters before a sign are refused: "k€ 5" is no amount. */
const SHARED_SIGNS = String.raw`(?:A|AR|AU|BR|C|CA|CL|CO|HK|MX|NT|NZ|R|S|SG|TW|US|UY)?\$(?: ?(?:AU|CA|HK|NZ|US))?|(?:CN|JP)¥|(?:EG|GB|LB|SY|UK)?£(?: ?GB)?`;
/** Currencies that stand right behind a number or its zeros, without a space. */
const SUFFIXES =
  "(?:美元|美金|欧元|歐元|日元|日圓|港元|港币|港幣|英镑|英鎊|韩元|韓元|加元|澳元|人民币|人民幣|新?[台臺][币幣元]|[円圓元원圆]|บาท)";
/** Source of a pattern for a currency before or after an amount; `isMoney` tells words from others. */
export const MONEY = String.raw`(?:${SHARED_SIGNS}|\p{Sc}|${SUFFIXES}|F ?CFA|\p{L}{1,2}[."״]\p{L}{1,2}\.?|\p{L}{1,8}\.?)`;

/** The names of currencies in prices, besides their codes. */
const CURRENCY_NAMES = new Set([
  ...["FR", "SFR", "FRANKEN", "FRANCS", "FT", "FORINT", "KČ", "KR", "KRONOR", "KRONER", "LEI", "LEU", "ZŁ", "ZŁOTYCH"],
  ...["EURO", "EUROS", "DOLLAR", "DOLLARS", "POUND", "POUNDS", "YEN", "YUAN", "RMB", "WON", "PESO", "PESOS", "REAIS"],
  ...["RS", "RUPEE", "RUPEES", "R", "RAND", "RP", "RUPIAH", "RM", "TL", "LIRA", "KSH", "LV", "DIN", "KN", "DH", "BAHT"],
  ...["FCFA", "CFA", "NIS"],
  ...["РУБ", "Р", "РУБЛЕЙ", "РУБЛЯ", "ГРН", "ЛВ", "ДИН", "ТГ"],
  ...["جنيه", "ريال", "درهم", "دينار", "دولار", "يورو", "ليرة", "ليره", "تومان", "ریال", "روپیه", "שח", "שקל", "שקלים"],
  // As Arabic writes pounds of Egypt and the Sudan, riyals, dirhams, dinars.
  ...["جم", "جس", "رس", "رق", "رع", "ري", "دإ", "دم", "دك", "دب", "دع", "دت", "دج", "دل", "دا"],
]);

/** Whether a text that fits `MONEY` names a currency. */
export function isMoney(text: string | undefined): boolean {
  if (text === undefined || new RegExp(String.raw`\p{Sc}|^${SUFFIXES}$`, "u").test(text)) return true;
  const name = text.replace(/[."״ ]/g, "").toUpperCase();
  return CURRENCY_NAMES.has(name) || Intl.supportedValuesOf("currency").includes(name);
}

// Only what means one number wherever it is written. Left out: "b" and "billion", of nine or of twelve zeros, "t",
// "mil", a thousand or a million, and "兆", of six or of twelve zeros.
const WORDS_BY_ZEROS: [zeros: number, words: string][] = [
  [3, "k tsd thousand tausend mille mila duizend tusen tusind tuhat tys tis tisíc ezer bin ribu rb nghìn ngàn"],
  [3, "тыс тысяч тысяча тысячи тисяч тисяча тисячі тис хил χιλ χιλιάδες tuhatta tisíce tusinde tūkst"],
  [3, "ألف آلاف אלף אלפים هزار हजार हज़ार হাজার 千 천 พัน"],
  [4, "万 萬 만 หมื่น"],
  [5, "lakh lakhs lac lacs लाख لاکھ লাখ แสน 十万 十萬 십만"],
  [
    6,
    "m mm mi mn mio mln milj million millions millionen millioner millionene miljoen miljoner milione milioni milion",
  ],
  [6, "miliony milionów milioane millón millones milhão milhões milyon juta jt triệu millió"],
  [6, "miljoona miljoonaa miljon miljonit milionu milióny млн миллион миллиона миллионы миллионов"],
  [6, "мільйон мільйона мільйони мільйонів милион милиона милиони εκατ εκατομμύριο εκατομμύρια"],
  [6, "مليون ملايين میلیون מיליון ล้าน 百万 百萬 백만"],
  [7, "crore crores cr करोड़ کروڑ কোটি 千万 千萬 천만"],
  [8, "億 亿 억"],
  [9, "십억 十億 十亿"],
  [10, "백억 百億 百亿"],
  [11, "천억 千億 千亿"],
  [12, "조 万亿 萬億"],
  [9, "bi bn md mds mrd mia mld mlrd mjd milliard milliards milliarden milliarder miljard miljarden miljarder"],
  [
    9,
    "miliardi miliardo miliard miliardy miliardu miliardów miliarde milyar miliar milliárd miljardi miljardia tỷ tỉ δισ",
  ],
  [9, "млрд миллиард миллиарда миллиарды миллиардов мільярд мільярда мільярди мільярдів"],
  [9, "милиард милиарда милиарди مليار مليارات میلیارد מיליארד"],
];
const ZEROS = new Map(
  WORDS_BY_ZEROS.flatMap(([zeros, words]) =>
    words
      .normalize("NFC")
      .split(" ")
      .map((word): [string, number] => [word, zeros]),
  ),
);
/** Source of a pattern for a word that stands for zeros. */
export const SCALE = String.raw`(?:${[...ZEROS.keys()].join("|")})(?:\.|(?=${SUFFIXES})|(?!\p{L}))`;

/** The zeros that a word behind a number stands for; none without one. */
export const countZeros = (word: string | undefined): number =>
  word === undefined ? 0 : (ZEROS.get(word.replace(".", "").toLowerCase()) ?? 0);
