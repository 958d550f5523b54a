/**
 * UTF-16 without its mark. Nearly any pairs of bytes are letters in it, so that the text must be of letters that people
 * use as a whole: one zero byte makes no UTF-16, and a text of kana has none. Pure.
 */
import { isCommon } from "./eastAsian";

const PUNCTUATION =
  /[\u2010-\u2015\u2018-\u201e\u2020-\u2022\u2026\u2030\u2032\u2033\u2039\u203a\u20a9-\u20bf\u2116\u2122\u3000-\u3003\u3005\u3008-\u3011\u3014-\u3017\u301c\uff01-\uff65]/;
/** Code points that have no meaning, or only one that was agreed upon. */
const MEANINGLESS = /[\p{Cn}\p{Co}]/u;
/** Above are letters of East Asia, symbols, and what two letters of ASCII are when they are read as one. */
const ALPHABETS_END = 0x2000;

/**
 * The first of a block has a zero byte, as letters of ASCII have in the other order of bytes, and is hardly written.
 */
const isOfAlphabet = (point: number): boolean => point < ALPHABETS_END && (point & 0xff) !== 0;

const isUsual = (letter: string): boolean =>
  isOfAlphabet(letter.codePointAt(0)!) ||
  PUNCTUATION.test(letter) ||
  isCommon(letter) ||
  (letter.length > 1 && /\p{Extended_Pictographic}/u.test(letter));

/** The share of letters in a text that people use: 1 where all are, 0 where none is. */
export function scoreWide(text: string): number {
  if (text === "" || MEANINGLESS.test(text)) return 0;
  const letters = [...text];
  return letters.filter(isUsual).length / letters.length;
}
