/**
 * Finds which of the older encodings with one byte for a letter a text is in. All bytes are letters in most of them, so
 * that the alphabets of languages must tell: of "Ðîìàøêà" and "Ромашка" only one is a word. Pure.
 */

/** Encodings by the name that browsers know them by, with the letters beyond ASCII of the languages written in them. */
const ALPHABETS: [charset: string, languages: string[]][] = [
  [
    "windows-1252",
    [
      ...["àâæçéèêëîïôœùûüÿ", "äöüß", "áéíñóúüªº", "áâãàçéêíóôõúü", "àèéìîòóù", "åäöé", "æøåéü", "áðéíóúýþæö"],
      ...["éëïóáèêöü", "àçèéíïòóúü"],
    ],
  ],
  ["windows-1250", ["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "áéíóöőúüű", "ăâîşţ", "čćđšž", "äöüß"]],
  ["windows-1254", ["çğıİöşüâîû"]],
  ["windows-1257", ["ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"]],
  [
    "windows-1251",
    ["абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "абвгдђежзијклљмнњопрстћуфхцчџш"],
  ],
  ["windows-1253", ["αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"]],
  ["windows-1255", ["אבגדהוזחטיךכלםמןנסעףפץצקרשתְֱֲֳִֵֶַָׇׁׂ"]],
  ["windows-1256", ["ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگکھںہےـًٌٍَُِّْ"]],
  ["windows-874", ["กขฃคฅฆงจฉชซฌญฎฏฐฑฒณดตถทธนบปผฝพฟภมยรฤลฦวศษสหฬอฮะัาำิีึืฺุูเแโใไๅๆ็่้๊๋์ํ๎ฯ"]],
  ["iso-8859-2", ["ąćęłńóśźż", "áčďéěíňóřšťúůýž", "áéíóöőúüű", "ăâîşţ", "čćđšž"]],
  ["iso-8859-5", ["абвгдеёжзийклмнопрстуфхцчшщъыьэюя"]],
  ["iso-8859-7", ["αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"]],
  ["koi8-r", ["абвгдеёжзийклмнопрстуфхцчшщъыьэюя"]],
  ["ibm866", ["абвгдеёжзийклмнопрстуфхцчшщъыьэюя"]],
  ["macintosh", ["àâæçéèêëîïôœùûüÿ", "äöüß", "áéíñóúü", "áâãàçéêíóôõúü", "åäöé", "æøå"]],
];

/** Signs that stand alone, as texts have them. Of others, and of any between two letters, the encoding is not that. */
const SIGNS = new Set([..."\u00a0€£§©®°±²³·«»¿¡–—‘’‚“”„†•…‰‹›™½¼¾ªº№"]);
const IN_WORDS = new Set([..."’·\u00ad\u00a0"]);

/** The commonest letters of other scripts, for texts that are words of one as much as of another. */
const COMMON = new Set([..."оеаитнсрвлיוהלאמתרשבاليمونرتأαοιετσνηςา่รน้อกเงยที"]);
const COMMON_WEIGHT = 0.2;

/** How well the letters beyond ASCII fit: at most 1, less for each that stands where no such letter does. */
function score(text: string, languages: string[]): number {
  const letters = /[^\0-\x7f]/gu;
  const counts = languages.map((letters) => ({ letters: new Set([...letters]), fitting: 0 }));
  let total = 0;
  let misfits = 0;
  let common = 0;
  for (const { 0: letter, index } of text.matchAll(letters)) {
    const before = text[index - 1] ?? " ";
    const after = text[index + 1] ?? " ";
    if (!/[\p{L}\p{M}]/u.test(letter)) {
      const isInWord = /\p{L}/u.test(before) && /\p{L}/u.test(after);
      if (!SIGNS.has(letter) || (isInWord && !IN_WORDS.has(letter))) misfits++;
      continue;
    }
    total++;
    const isLatin = /\p{Script=Latin}/u.test(letter);
    // A capital letter behind a small one, or two scripts in one word.
    if ((/\p{Lu}/u.test(letter) && /\p{Ll}/u.test(before)) || (!isLatin && /[A-Za-z]/.test(before + after))) misfits++;
    const small = letter.toLowerCase();
    if (COMMON.has(small)) common++;
    for (const count of counts) if (count.letters.has(small) || count.letters.has(letter)) count.fitting++;
  }
  const best = Math.max(...counts.map(({ fitting }) => fitting));
  if (total === 0) return misfits === 0 ? 1 : -misfits;
  return (best - 2 * misfits + COMMON_WEIGHT * common) / total - COMMON_WEIGHT;
}

/**
 * The encoding in which the letters of a text make words of some language, the first of those that fit alike, and how
 * well: at a score below 0 they do not.
 *
 * @param decode the text in an encoding, or null when the bytes are none in it
 */
export function findAlphabet(decode: (charset: string) => string | null): { charset: string; score: number } | null {
  let best: { charset: string; score: number } | null = null;
  for (const [charset, languages] of ALPHABETS) {
    const text = decode(charset);
    if (text === null) continue;
    const found = score(text, languages);
    if (best === null || found > best.score) best = { charset, score: found };
  }
  return best;
}
