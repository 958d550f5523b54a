/** Words and signs beside a number: currencies, and how many zeros a letter stands for. */
import { findMeanings, SIGNS, toCurrencyKey } from "./currencyWords";
import { keyOf, type CompactWords } from "./compactWords";

const CODES = Intl.supportedValuesOf("currency");

/** Currencies that stand right behind a number or its zeros, without a space. */
const SUFFIXES =
  "(?:美元|美金|欧元|歐元|日元|日圓|港元|港币|港幣|英镑|英鎊|韩元|韓元|加元|澳元|人民币|人民幣|新?[台臺][币幣元]|[円圓元원圆]|บาท)";
/**
 * Source of a pattern for a currency before or after an amount; `isMoney` tells words from others. Other letters before
 * a sign than a country's are refused: "k€ 5" is no amount.
 */
export const MONEY = String.raw`(?:${SIGNS}|\p{Sc}|${SUFFIXES}|F ?CFA|\p{L}{1,2}[."״]\p{L}{1,2}\.?|\p{L}{1,8}\.?)`;

/** Whether a text that fits `MONEY` names a currency. */
export function isMoney(text: string | undefined): boolean {
  if (text === undefined || /\p{Sc}/u.test(text) || findMeanings(text) !== null) return true;
  return CODES.includes(toCurrencyKey(text).toUpperCase());
}

// Words of two rows mean either number, by the language: the commoner stands first. A word of a locale's own means what
// that locale writes it for (`compactWords.ts`).
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
  [9, "b billion billions bil bilhão bilhões mr mM"],
  [12, "b billion billions bil bill bio billón billon billones billionen biljoen biljon biljoner bilião biliões"],
  [12, "t tn 兆"],
  [3, "t tn mil"],
  [6, "mil mill mM 兆"],
];

/** Words that people of one country write beside its currency for a number of their own. */
const WORDS_BESIDE: { money: RegExp; word: string; zeros: number }[] = [
  { money: /^(?:rp|idr|rupiah)\.?$/i, word: "m", zeros: 9 },
  { money: /^(?:₺|tl|try)\.?$/i, word: "b", zeros: 3 },
];

const ZEROS: ReadonlyMap<string, readonly number[]> = groupByWord();

function groupByWord(): Map<string, number[]> {
  const byWord = new Map<string, number[]>();
  for (const [zeros, words] of WORDS_BY_ZEROS)
    for (const word of words.normalize("NFC").split(" ")) byWord.set(word, [...(byWord.get(word) ?? []), zeros]);
  return byWord;
}

/**
 * No letter follows but a currency: Mexican Spanish and others write its code right behind, as in "1.5 MEUR". In "TEUR"
 * the T is German, of "tausend", and nobody else's.
 */
const END_OF_SCALE = String.raw`(?=${SUFFIXES})|(?<!(?<!\p{L})t)(?=(?:${CODES.join("|")})(?!\p{L}))|(?![\p{L}\p{M}])`;

/** Source of a pattern for words that stand for zeros, besides those of a locale's own. */
export const toScale = (own: string): string =>
  String.raw`(?:${own === "" ? "" : `${own}|`}${[...ZEROS.keys()].join("|")})(?:\.|${END_OF_SCALE})`;

/** The words for zeros around a number, and the money beside it. */
export type ScaleWords = { before?: string | undefined; behind?: string | undefined; money: (string | undefined)[] };

/**
 * The zeros that the words around a number can stand for, the locale's own first; 0 without words, none for words that
 * have no meaning together.
 *
 * @param isForeign whether the number is written as the locale does not, so that its word may be another language's
 */
export function listZeros(given: ScaleWords, own: CompactWords | null, isForeign: boolean): number[] {
  const { before = "", behind = "", money } = given;
  if (before + behind === "") return [0];
  const word = behind.replace(/\.$/, "");
  const exact = own?.zeros.get(keyOf(before, behind)) ?? [];
  const anywhere = before === "" ? (ZEROS.get(word) ?? ZEROS.get(word.toLowerCase()) ?? []) : [];
  const beside = WORDS_BESIDE.filter(
    (each) => each.word === word.toLowerCase() && money.some((text) => each.money.test(text ?? "")),
  );
  const local = beside.map(({ zeros }) => zeros);
  if (exact.length > 0) return [...new Set([...exact, ...local, ...(isForeign ? anywhere : [])])];
  // "bn" where the locale writes "Bn" may be another language's.
  const alike = own ? listAlike(own, keyOf(before, behind)) : [];
  return [...new Set(alike.length > 0 ? [...alike, ...local, ...anywhere.slice(0, 1)] : [...anywhere, ...local])];
}

/** The zeros of a word in whatever case. */
const listAlike = ({ zeros }: CompactWords, key: string): number[] =>
  [...zeros].flatMap(([each, counts]) => (each.toLowerCase() === key.toLowerCase() ? counts : []));
