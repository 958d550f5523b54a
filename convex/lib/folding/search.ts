/**
 * Words as people search for them. A text and a query are folded alike; then a word of the query is a part of the text.
 * Search indexes find beginnings of words between spaces, so the text that they hold has further words for them, on
 * every deployment alike.
 */
import { orderMarks } from "./markOrder";

// Marks that can be left out, of Latin, Greek, Cyrillic, Hebrew and Arabic. Those of Indic scripts are vowels, and the
// Japanese ones make another letter.
const MARKS = new RegExp(
  [
    ...["0300-036f", "0483-0487", "1ab0-1aff", "1dc0-1dff", "20d0-20f0", "fe20-fe2f"],
    ...["0591-05bd", "05bf", "05c1-05c2", "05c4-05c5", "05c7"],
    // Variation selectors, which ask for an emoji in color or without.
    "fe0e-fe0f",
    ...["0610-061a", "0640", "064b-065f", "0670", "06d6-06dc", "06df-06e8", "06ea-06ed"],
  ]
    .map((range) => `[${range.replace(/[\da-f]{4}/g, String.raw`\u$&`)}]`)
    .join("|"),
  "g",
);
/**
 * Letters that no normalization takes apart: with a stroke, joined ones, and those of Arabic that people interchange.
 */
const PLAIN_LETTERS: Record<string, string> = {
  ...{ ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ŧ: "t", þ: "th", æ: "ae", œ: "oe", ŋ: "n", ƒ: "f" },
  ...{ ة: "ه", ى: "ي", ی: "ي", ې: "ي", ک: "ك", ہ: "ه", ھ: "ه", ە: "ه", ґ: "г" },
};
/** Letters that are written like an apostrophe, and with one. */
const APOSTROPHES = /[\u02b9-\u02bf]/g;

/** The katakana that have a hiragana, which stand for the same sounds. */
const KATAKANA = /[\u30a1-\u30f6\u30fd\u30fe]/g;
const KANA_DISTANCE = 0x60;

const STROKED = new RegExp(`[${Object.keys(PLAIN_LETTERS).join("")}]`, "g");

/** Signs that may stand for several characters, as № and ½ do, with a digit before and one behind. */
const COMPATIBILITY_SIGN = /(?<=(\p{N}?))([\p{So}\p{No}\p{Nl}])(?=(\p{N}?))/gu;

/** Writes out such signs, apart from the digits beside them: "№5" is "No 5", and "1½" no "11⁄2". */
const writeSigns = (text: string): string =>
  text.replace(COMPATIBILITY_SIGN, (_, before: string, sign: string, behind: string) => {
    const written = sign.normalize("NFKC");
    if ([...written].length < 2) return sign;
    return `${before !== "" && /^\p{N}/u.test(written) ? " " : ""}${written}${behind === "" ? "" : " "}`;
  });

/** Text in which case, width and composition of letters do not count, in any language. */
export const foldCase = (text: string): string =>
  writeSigns(text)
    .normalize("NFKC")
    .replace(/\p{Cf}/gu, "")
    .toLowerCase()
    .replaceAll("i\u0307", "i")
    .replaceAll("ı", "i")
    .replaceAll("ß", "ss")
    .replaceAll("ς", "σ")
    .normalize("NFKC");

/** The digit of any script as an ASCII one. Unicode has ten in a row for each script. */
function foldDigit(digit: string): string {
  let before = 0;
  while (/\p{Nd}/u.test(String.fromCodePoint(digit.codePointAt(0)! - before - 1))) before++;
  return String(before % 10);
}

/** A part of an Arabic or Persian word begins behind it, and is written with a space or without one, too. */
const NON_JOINER = /(?<=\p{scx=Arabic})\u200c(?=\p{scx=Arabic})/gu;

const foldMarks = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(MARKS, "")
    .replace(APOSTROPHES, "'")
    .replace(STROKED, (letter) => PLAIN_LETTERS[letter] ?? letter)
    .normalize("NFC");

/**
 * The same with the marks of letters left out or in order, one of the two kinds of kana, and the digits of one script.
 */
export const foldText = (text: string): string =>
  orderMarks(foldMarks(foldCase(text.replace(NON_JOINER, "-"))))
    .replace(/(?![0-9])\p{Nd}/gu, foldDigit)
    .replace(KATAKANA, (kana) => String.fromCharCode(kana.charCodeAt(0) - KANA_DISTANCE));

const SIGN = String.raw`\p{Regional_Indicator}{2}|\p{Extended_Pictographic}`;
const WORD = new RegExp(String.raw`[\p{L}\p{N}\p{M}]+|${SIGN}`, "gu");
const ONE_SIGN = new RegExp(`^(?:${SIGN})$`, "u");

/** The words of a folded text; an emoji is one. */
export const splitWords = (folded: string): string[] => folded.match(WORD) ?? [];

/** An emoji as an index can hold it, which knows letters and digits alone. */
const nameSign = (sign: string): string => [...sign].map((point) => `u${point.codePointAt(0)!.toString(16)}`).join("");

// Signs that belong to a name: "C++", "R&B", ".NET".
const NAME_SIGNS = "#$%&*+@";
const SIGNED = new RegExp(String.raw`${SIGN}|(?:(?<!\S)\.(?=\p{L}))?[\p{L}\p{N}\p{M}${NAME_SIGNS}]+`, "gu");

/** The words of a folded text with the signs that belong to them. */
const splitSigned = (folded: string): string[] => folded.match(SIGNED) ?? [];
const hasSigns = (word: string): boolean => /[.#$%&*+@]/.test(word) && /[\p{L}\p{N}]/u.test(word);

/** Such a word as an index can hold it: a letter of Yi, which nobody types between those of others, for each sign. */
const nameSigns = (word: string): string =>
  cutWord(word.replace(/[.#$%&*+@]/g, (sign) => String.fromCharCode(0xa000 + sign.charCodeAt(0))));

// As the analyzers of search engines for Arabic and Hindi do, such as Lucene's.
const ARTICLE = /^(?:[وفبك]?ال|لل)(?!ه$)(?=\p{Script=Arabic}{2})/u;
const NASAL = /[ङञणनम]\u094d(?=[\u0915-\u0939])|\u0901/g;
const NUKTA = /\u093c/g;
// Katakana are hiragana by then.
const LONG_END = /(?<=[\u3041-\u3096ー]{3})ー(?![\u3041-\u3096ー])/g;

/**
 * The word without an Arabic article, with one sign for each nasal of Devanagari and without the dots below, and
 * without the long vowel that ends many a Japanese word.
 */
const respell = (word: string): string =>
  word.replace(ARTICLE, "").replace(NASAL, "\u0902").replace(NUKTA, "").replace(LONG_END, "");

// Scripts without spaces between words, and Korean, whose words are built of several.
const SCRIPTS = ["Han", "Hiragana", "Katakana", "Bopomofo", "Hangul", "Thai", "Lao", "Khmer", "Myanmar", "Tibetan"];
const WITHOUT_SPACES = new RegExp(`([${SCRIPTS.map((script) => `\\p{scx=${script}}`).join("")}]+)`, "u");

/** Indexes leave out longer words, so that of these a beginning is put in their place. */
const TERM_MAX_BYTES = 30;

function cutWord(word: string): string {
  let bytes = 0;
  let cut = "";
  for (const letter of word) {
    bytes += new TextEncoder().encode(letter).length;
    if (bytes > TERM_MAX_BYTES) return cut;
    cut += letter;
  }
  return word;
}

/** Parts of a word in turns: of scripts with spaces, and of those without. */
const splitRuns = (word: string): { text: string; hasSpaces: boolean }[] =>
  word
    .split(WITHOUT_SPACES)
    .map((text, index) => ({ text, hasSpaces: index % 2 === 0 }))
    .filter(({ text }) => text !== "");

function listPairs(text: string): string[] {
  const letters = [...text];
  return letters.length < 2 ? letters : letters.slice(1).map((letter, i) => `${letters[i]}${letter}`);
}

const JOINERS = "['’‘\"\u05f3\u05f4.\\-\u2010\u2011]";
const JOINED = new RegExp(String.raw`[\p{L}\p{N}\p{M}]+(?:${JOINERS}[\p{L}\p{N}\p{M}]+)+`, "gu");

/** Words such as "e-mail", "O'Brien", "U.S." and צה״ל as they are written in one, too. */
const listJoined = (folded: string): string[] =>
  (folded.match(JOINED) ?? []).map((word) => cutWord(word.replace(new RegExp(JOINERS, "g"), "")));

/**
 * The text that an index holds: the folded text, and behind it what its own division into words would not find: single
 * letters and pairs of scripts without spaces, words written in one or in another way or with signs, and beginnings of
 * very long words.
 */
export function toIndexText(text: string): string {
  const folded = foldText(text);
  const terms = new Set([...listJoined(folded), ...splitSigned(folded).filter(hasSigns).map(nameSigns)]);
  for (const word of splitWords(folded)) {
    if (ONE_SIGN.test(word)) {
      terms.add(nameSign(word));
      continue;
    }
    const other = respell(word);
    if (other !== word) for (const term of [other, cutWord(other)]) terms.add(term);
    const runs = splitRuns(word);
    for (const run of runs) {
      if (!run.hasSpaces) for (const term of [...run.text, ...listPairs(run.text)]) terms.add(term);
      else if (runs.length > 1 || cutWord(run.text) !== run.text) terms.add(cutWord(run.text));
    }
  }
  return terms.size === 0 ? folded : `${folded}\n${[...terms].join(" ")}`;
}

/** Most words that an index is asked for at once. */
const TERMS_MAX = 16;

/** The terms of a word of a query. A sign ends a word; behind other signs its end may still have to be typed. */
function listTerms(signed: string): string[] {
  const terms = splitWords(signed).flatMap((word) =>
    ONE_SIGN.test(word)
      ? [nameSign(word)]
      : splitRuns(word).flatMap((run) =>
          run.hasSpaces ? [cutWord(run.text), cutWord(respell(run.text))] : listPairs(run.text),
        ),
  );
  if (!hasSigns(signed)) return terms;
  return /[\p{L}\p{N}\p{M}]$/u.test(signed) ? [nameSigns(signed), ...terms] : [...terms, nameSigns(signed)];
}

/**
 * Makes the query for an index that holds `toIndexText`: each hit has one of these, the last at least as a beginning.
 * Empty without a letter, digit or emoji.
 */
export function toIndexQuery(search: string): string {
  const folded = foldText(search);
  const terms = [...listJoined(folded), ...splitSigned(folded).flatMap(listTerms)];
  return [...new Set(terms)].slice(-TERMS_MAX).join(" ");
}

/** Whether every word of the query occurs in a folded text or one for an index, anywhere. */
export function hasWords(folded: string, search: string): boolean {
  const words = splitWords(foldText(search));
  return words.length > 0 && words.every((word) => folded.includes(word) || folded.includes(respell(word)));
}

/**
 * The items in which a word such as "C++" occurs with its signs; where there are none, those with the word alone.
 *
 * @param textOf its folded text, or one for an index
 */
export const preferSigns = <Item>(items: Item[], search: string, textOf: (item: Item) => string): Item[] =>
  splitSigned(foldText(search))
    .filter(hasSigns)
    .reduce((kept, word) => {
      const exact = kept.filter((item) => textOf(item).includes(word));
      return exact.length > 0 ? exact : kept;
    }, items);
