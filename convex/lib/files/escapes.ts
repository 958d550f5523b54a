/**
 * Recognizes the encodings of seven bits that switch between sets of letters with escape sequences (ISO 2022). All of
 * their bytes are ASCII, so that they would pass as UTF-8. Pure.
 */

const ESCAPE = 0x1b;
/** Behind the escape: the sets of Japanese, then those of Korean and Chinese, which decoders do not know. */
const JAPANESE = /^(?:\$[@B]|\([IJ]|\$\(D)/;
const OTHERS = /^\$[)*+][A-M]/;
const SEQUENCE_BYTES = 4;

/** The encoding that the escape sequences of a text are of; `unknown` for one without a decoder, null without any. */
export function findEscapedCharset(bytes: Uint8Array): "iso-2022-jp" | "unknown" | null {
  for (let at = bytes.indexOf(ESCAPE); at !== -1; at = bytes.indexOf(ESCAPE, at + 1)) {
    const sequence = String.fromCharCode(...bytes.subarray(at + 1, at + SEQUENCE_BYTES));
    const charset = JAPANESE.test(sequence) ? "iso-2022-jp" : OTHERS.test(sequence) ? "unknown" : null;
    if (charset !== null) return bytes.every((byte) => byte < 0x80) ? charset : null;
  }
  return null;
}
