/** Encodings of text files. Pure. */
import { analyse } from "chardet";
import { findAlphabet } from "./alphabets";

const BYTE_ORDER_MARKS: [mark: number[], charset: string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
// Tab, newline, form feed, carriage return and escape are text, and the newline of EBCDIC; the other controls are not.
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f\u007f-\u0084\u0086-\u009f]/;
/** As much of a file as its encoding is guessed from. */
const SAMPLE_BYTES = 64 * 1024;

const WESTERN = "windows-1252";
/** The letters of its bytes 80 to 9F; a space stands for those that it does not have. */
const WESTERN_LETTERS = "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ";

/**
 * Text in an encoding. Throws when the bytes are none in it, or nobody knows the encoding.
 *
 * Node before 24 takes windows-1252 for Latin-1, where the bytes 80 to 9F are controls.
 */
export function decodeText(bytes: Uint8Array, charset: string): string {
  const decoder = new TextDecoder(charset, { fatal: true });
  const text = decoder.decode(bytes);
  if (decoder.encoding !== WESTERN) return text;
  return text.replace(/[\u0080-\u009f]/g, (control) => {
    const letter = WESTERN_LETTERS[control.charCodeAt(0) - 0x80] ?? " ";
    if (letter === " ") throw new TypeError(`not ${WESTERN}`);
    return letter;
  });
}

/** The text, or null when the bytes are none in the encoding, or hold controls that no text has. */
function tryDecode(charset: string, bytes: Uint8Array): string | null {
  try {
    const text = decodeText(bytes, charset);
    return CONTROLS.test(text) ? null : text;
  } catch {
    return null;
  }
}

const isIn = (charset: string, bytes: Uint8Array): boolean => tryDecode(charset, bytes) !== null;

/** Encodings with several bytes for a letter. */
const EAST_ASIAN = new Set(["shift_jis", "euc-jp", "iso-2022-jp", "gb18030", "big5", "euc-kr"]);
/** A guess of several bytes that is less sure can be a text of accents, unless its letters make no words of any. */
const SURE_PERCENT = 50;
const WORDS_SCORE = 0.4;
const HALF_WIDTH_KANA = /[\uff61-\uff9f]/g;

/** The encoding of several bytes for a letter that the letters speak for, or null. */
function findEastAsian(bytes: Uint8Array, sample: Uint8Array): { charset: string; isSure: boolean } | null {
  for (const { name, confidence } of analyse(sample)) {
    const charset = name.toLowerCase();
    const text = EAST_ASIAN.has(charset) ? tryDecode(charset, bytes) : null;
    // Any bytes are kana of half the width, which hardly anybody writes.
    if (text !== null && (text.match(HALF_WIDTH_KANA)?.length ?? 0) * 4 < text.length)
      return { charset, isSure: confidence >= SURE_PERCENT };
  }
  return null;
}

/**
 * The encoding of a text file by the name that browsers know it by, or null when the bytes are no text: UTF-8, UTF-16,
 * or the older encoding that the letters speak for.
 */
export function findCharset(bytes: Uint8Array): string | null {
  for (const [mark, charset] of BYTE_ORDER_MARKS)
    if (mark.every((byte, i) => bytes[i] === byte)) return isIn(charset, bytes) ? charset : null;
  if (isIn("utf-8", bytes)) return "utf-8";
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  // Every other byte of UTF-16 is zero in most languages, which no other text has.
  if (sample.includes(0)) {
    const charset = sample.indexOf(0) % 2 === 1 ? "utf-16le" : "utf-16be";
    return bytes.length % 2 === 0 && isIn(charset, bytes) ? charset : null;
  }
  const eastAsian = findEastAsian(bytes, sample);
  if (eastAsian?.isSure) return eastAsian.charset;
  const alphabet = findAlphabet((charset) => (isIn(charset, bytes) ? tryDecode(charset, sample) : null));
  return ((alphabet && alphabet.score >= WORDS_SCORE) || !eastAsian ? alphabet : eastAsian)?.charset ?? null;
}
