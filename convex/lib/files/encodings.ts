/** Encodings of text files. Pure. */
import { analyse } from "chardet";
import { findAlphabet, type Alphabet } from "./alphabets";
import { decodeCodePage, findCodePage, isCodePage } from "./codePages";
import { scoreCommon } from "./eastAsian";
import { findEscapedCharset } from "./escapes";
import { scoreWide } from "./wide";

const BYTE_ORDER_MARKS: [mark: number[], charset: string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
// Tab, newline, vertical tab, form feed, carriage return and escape are text, and the newline of EBCDIC; the other
// controls are not.
const CONTROLS = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\u007f-\u0084\u0086-\u009f]/;
/** The text without the Ctrl-Z by which programs of DOS end it. */
export const withoutDosEnd = (text: string): string => text.replace(/\u001a+$/, "");
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
  const codePage = findCodePage(charset);
  if (codePage !== null) return decodeCodePage(bytes, codePage);
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
    return CONTROLS.test(withoutDosEnd(text)) ? null : text;
  } catch {
    return null;
  }
}

const isIn = (charset: string, bytes: Uint8Array): boolean => tryDecode(charset, bytes) !== null;

/** Encodings with several bytes for a letter; of readings that fit alike the first counts. */
const EAST_ASIAN = ["gb18030", "big5", "euc-kr", "shift_jis", "euc-jp"];
/** A guess of several bytes that is less sure can be a text of accents, unless its letters make no words of any. */
const SURE_PERCENT = 50;
const WORDS_SCORE = 0.4;
/** Letters that fit any less were written in an encoding that is not known here. */
const POOR_SCORE = 0.5;
/** Letters that fit a language so well are its words. */
const SURE_WORDS_SCORE = 0.8;
/** Letters of which this share is common are meant; of fewer than two letters nothing follows. */
const COMMON_SHARE = 0.6;
const COMMON_LETTERS = 2;
/** The share with which they are meant for certain. */
const SURE_SHARE = 0.75;
/** With this share they may be meant, and a reading as far behind the best may be meant as well. */
const POSSIBLE_SHARE = 0.3;
/** A score, or a share, that is more than chance. */
const SURE_SCORE = 0.9;
/** Letters of another encoding that fit nearly as well may be meant. */
const SURE_AHEAD = 0.1;
const FEW_BYTES = 16;
const HALF_WIDTH_KANA = /[\uff61-\uff9f]/g;
const BEYOND_ASCII = /[^\0-\x7f]/g;

/** A reading in an encoding of several bytes for a letter. */
type Reading = {
  charset: string;
  confidence: number;
  /** The share of its letters that are common, 0 for a single letter. */
  common: number;
  /** Whether none of them touches a Latin letter, as accented letters do. */
  isApart: boolean;
};

/** The readings in encodings of several bytes for a letter, those with the most common letters first. */
function readEastAsian(bytes: Uint8Array, sample: Uint8Array): Reading[] {
  const confidences = new Map(analyse(sample).map(({ name, confidence }) => [name.toLowerCase(), confidence]));
  return EAST_ASIAN.flatMap((charset): Reading[] => {
    const text = tryDecode(charset, bytes);
    const letters = text?.match(BEYOND_ASCII)?.length ?? 0;
    // Any bytes are kana of half the width, which hardly anybody writes.
    if (text === null || letters === 0 || (text.match(HALF_WIDTH_KANA)?.length ?? 0) * 4 >= letters) return [];
    const common = letters < COMMON_LETTERS ? 0 : scoreCommon(text, charset);
    const isApart = !/[A-Za-z][^\0-\x7f]|[^\0-\x7f][A-Za-z]/.test(text);
    return [{ charset, confidence: confidences.get(charset) ?? 0, common, isApart }];
  }).sort((a, b) => b.common - a.common);
}

/** An encoding, and whether nothing else is likely. */
type Guess = {
  charset: string;
  isSure: boolean;
  /** Others in which the letters make nearly as good words. */
  rivals?: string[];
  /** The letters make no words in any encoding, and this one was only the least bad. */
  isFarFetched?: true;
};

/**
 * The encoding of a text file by the name that browsers know it by, or null when the bytes are no text: UTF-8, UTF-16,
 * or the older encoding that the letters speak for.
 */
export const findCharset = (bytes: Uint8Array): string | null => guessCharset(bytes)?.charset ?? null;

/**
 * The name that decoders of text know an encoding by.
 *
 * @throws RangeError for one that none knows
 */
export const findCharsetName = (name: string): string => findCodePage(name) ?? new TextDecoder(name.trim()).encoding;

/** The same as `findCharset`, with whether the letters are enough to tell. */
export function guessCharset(bytes: Uint8Array): Guess | null {
  const sure = (charset: string, fits: boolean): Guess | null => (fits ? { charset, isSure: true } : null);
  for (const [mark, charset] of BYTE_ORDER_MARKS)
    if (mark.every((byte, i) => bytes[i] === byte)) return sure(charset, isIn(charset, bytes));
  const escaped = findEscapedCharset(bytes);
  if (escaped !== null && isIn(escaped, bytes)) return sure(escaped, true);
  if (isIn("utf-8", bytes)) return { charset: "utf-8", isSure: escaped === null };
  const sample = bytes.subarray(0, SAMPLE_BYTES);
  const wide = findWide(bytes);
  if (bytes.includes(0)) return wide !== null && wide.score >= SURE_SHARE ? sure(wide.charset, true) : null;
  const readings = readEastAsian(bytes, sample);
  if (wide !== null && wide.score >= SURE_SCORE && bytes.length >= WIDE_BYTES) {
    const rival = readings.find(({ common }) => common >= POSSIBLE_SHARE);
    if (!rival) return sure(wide.charset, true);
    if (rival.common < wide.score) return { charset: wide.charset, isSure: false, rivals: [rival.charset] };
  }
  const older = guessOlder(bytes, sample, readings);
  const isOlder = older !== null && !older.isFarFetched;
  return isOlder || wide === null || wide.score < COMMON_SHARE ? older : { charset: wide.charset, isSure: true };
}

/** A text of fewer letters without any sign of ASCII can be UTF-16 by chance. */
const WIDE_BYTES = 6;

/** The better reading as UTF-16, or null when the bytes are none. */
function findWide(bytes: Uint8Array): { charset: string; score: number } | null {
  if (bytes.length % 2 !== 0) return null;
  const [best] = ["utf-16le", "utf-16be"]
    .flatMap((charset) => {
      const text = tryDecode(charset, bytes);
      return text === null ? [] : [{ charset, score: scoreWide(text) }];
    })
    .toSorted((a, b) => b.score - a.score);
  return best ?? null;
}

function guessOlder(bytes: Uint8Array, sample: Uint8Array, readings: Reading[]): Guess | null {
  const [best, next] = readings;
  // All bytes are letters in a code page, so that the sample is enough.
  const alphabet = findAlphabet((charset) =>
    isCodePage(charset) || isIn(charset, bytes) ? tryDecode(charset, sample) : null,
  );
  const isWord = alphabet !== null && alphabet.score >= SURE_WORDS_SCORE;
  const certain = readings.find(({ confidence }) => confidence >= SURE_PERCENT);
  if (certain && (certain.common >= POSSIBLE_SHARE || !isWord)) return { charset: certain.charset, isSure: true };
  if (best && best.common >= COMMON_SHARE) {
    const isAhead = best.common - (next?.common ?? 0) >= POSSIBLE_SHARE;
    return { charset: best.charset, isSure: isAhead && best.common >= (isWord ? SURE_SCORE : SURE_SHARE) };
  }
  if (alphabet && (alphabet.score >= WORDS_SCORE || !best)) {
    const isPossible = best?.isApart && ((best.common >= POSSIBLE_SHARE && !isWord) || mayBeEastAsian(sample));
    return judgeAlphabet(alphabet, isPossible ? best.charset : null);
  }
  return best ? { charset: best.charset, isSure: false } : null;
}

/** @param eastAsian an encoding of several bytes for a letter that is possible too */
function judgeAlphabet({ charset, score, ahead, isRivalled, rivals }: Alphabet, eastAsian: string | null): Guess {
  if (score < POOR_SCORE) return { charset, isSure: false, isFarFetched: true };
  if (eastAsian !== null) return { charset, isSure: false, rivals: [eastAsian, ...rivals] };
  return isRivalled || ahead < SURE_AHEAD ? { charset, isSure: false, rivals } : { charset, isSure: true };
}

/** Whether a text has few letters beyond ASCII, all of them pairs that are letters of every day in East Asia. */
function mayBeEastAsian(sample: Uint8Array): boolean {
  const bytes = sample.filter((byte) => byte > 0x7f);
  const isLead = (byte: number) => byte === 0xa4 || byte === 0xa5 || (byte >= 0xb0 && byte <= 0xd7);
  const isFew = bytes.length > 2 && bytes.length < FEW_BYTES && bytes.length % 2 === 0;
  return isFew && bytes.every((byte, index) => (index % 2 === 0 ? isLead(byte) : byte > 0xa0));
}
