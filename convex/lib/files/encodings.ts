/** Encodings of text files. Pure. */
import { detect } from "chardet";

const BYTE_ORDER_MARKS: [mark: number[], charset: string][] = [
  [[0xef, 0xbb, 0xbf], "utf-8"],
  [[0xff, 0xfe], "utf-16le"],
  [[0xfe, 0xff], "utf-16be"],
];
// Tab, newline, form feed, carriage return and escape are text; the other controls are not.
const CONTROLS = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;
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

/** Whether the bytes are text in an encoding. */
function isIn(charset: string, bytes: Uint8Array): boolean {
  try {
    return !CONTROLS.test(decodeText(bytes, charset));
  } catch {
    return false;
  }
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
  const guess = detect(sample)?.toLowerCase();
  return (
    [guess === "iso-8859-1" ? WESTERN : guess, WESTERN].find((each) => each !== undefined && isIn(each, bytes)) ?? null
  );
}
