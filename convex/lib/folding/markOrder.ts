/**
 * Marks of a letter in one order, in the scripts of India, Sri Lanka, Tibet and South East Asia. Normalization leaves
 * most of them as they were typed, though people see no difference. Pure.
 */

const CONCERNED = /[\u0900-\u109f\u1780-\u17ff]/;

/** Runs of marks. Signs that join letters or take their vowel are none: other marks may stand behind them. */
const RUN =
  /(?:(?![\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d3b\u0d3c\u0d4d\u0dca\u0f84\u1039\u103a])(?=[\u0900-\u109f])\p{M}){2,}/gu;

// The order in which they are typed by the rules, so that the beginning of a word is one still. Those that are in no
// class are vowels, between these and the others.
const BEFORE_VOWELS = [
  // Dots below, and letters below others.
  /[\u093c\u09bc\u0a3c\u0abc\u0b3c\u0c3c\u0cbc\u0ebc\u0f8d-\u0fbc]/,
  // Marks of Myanmar: the consonants in the middle, then the vowels before, above, below and behind the letter.
  ...[
    /\u103b/,
    /\u103c/,
    /\u103d/,
    /\u103e/,
    /\u1031/,
    /[\u102d\u102e\u1032-\u1035]/,
    /[\u102f\u1030]/,
    /[\u102b\u102c]/,
  ],
];
const AFTER_VOWELS = [
  // Nasals and breaths, then accents.
  /[\u0900-\u0903\u0980-\u0983\u0a01-\u0a03\u0a70\u0a71\u0a81-\u0a83\u0b01-\u0b03\u0b82\u0c00-\u0c04\u0c81-\u0c83\u0d00-\u0d03\u0d81-\u0d83]/,
  ...[/[\u0e4d\u0ecd\u0f7e\u0f7f\u0f82\u0f83\u1036]/, /[\u0951-\u0954\u0e48-\u0e4b\u0ec8-\u0ecb\u1037]/],
  /[\u0e4c\u0e4e\u0ecc\u1038]/,
];

function rank(mark: string): number {
  const before = BEFORE_VOWELS.findIndex((marks) => marks.test(mark));
  return before === -1 ? 1 + AFTER_VOWELS.findIndex((marks) => marks.test(mark)) : before - BEFORE_VOWELS.length;
}

/** A mark of Khmer: a letter below another is written as two. */
const KHMER_RUN = /(?:\u17d2[\u1780-\u17b3]|[\u17b6-\u17d1\u17dd]){2,}/g;
const KHMER_MARK = /\u17d2?[\u1780-\u17dd]/g;
// The sign above for r, the letters below with r last, the signs of a series, vowels, and the other signs.
const KHMER_ORDER = [/\u17cc/, /\u17d2[^\u179a]/, /\u17d2\u179a/, /[\u17c9\u17ca]/, /[\u17b6-\u17c5]/, /./];
const rankKhmer = (mark: string): number => KHMER_ORDER.findIndex((marks) => marks.test(mark));

const sort = (marks: string[], rankOf: (mark: string) => number): string =>
  marks.toSorted((a, b) => rankOf(a) - rankOf(b)).join("");

/** Signs that look the same as one letter, or as others in another order. */
const LOOKALIKES: [RegExp, string][] = [
  // Thai and Lao: two signs of e are one of ae, and a tone stands before the vowel am, whose sign is in two by now.
  [/\u0e40\u0e40/g, "\u0e41"],
  [/\u0ec0\u0ec0/g, "\u0ec1"],
  [/\u0e45/g, "\u0e32"],
  [/\u0e34\u0e4d/g, "\u0e36"],
  [/\u0eb4\u0ecd/g, "\u0eb6"],
  [/\u0e4d([\u0e48-\u0e4b]*)\u0e32([\u0e48-\u0e4b]*)/g, "$1$2\u0e4d\u0e32"],
  [/\u0ecd([\u0ec8-\u0ecb]*)\u0eb2([\u0ec8-\u0ecb]*)/g, "$1$2\u0ecd\u0eb2"],
  // Khmer: vowels in two parts, and the letters d and t below others.
  [/\u17c1\u17b8|\u17b8\u17c1/g, "\u17be"],
  [/\u17c1\u17b6|\u17b6\u17c1/g, "\u17c4"],
  [/\u17d2\u178a/g, "\u17d2\u178f"],
];

/** A text in NFC with the marks of each letter in order. */
export function orderMarks(text: string): string {
  if (!CONCERNED.test(text)) return text;
  const ordered = text
    .replace(RUN, (marks) => sort([...marks], rank))
    .replace(KHMER_RUN, (marks) => sort(marks.match(KHMER_MARK) ?? [], rankKhmer));
  return LOOKALIKES.reduce((folded, [written, letter]) => folded.replace(written, letter), ordered);
}
