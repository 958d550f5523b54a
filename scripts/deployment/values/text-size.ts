/**
 * Size in bytes, as `getConvexSize` of convex/values counts it, of a stored document's text: reading is limited by
 * size, and most documents that are read are never parsed here.
 * @param text what `JSON.stringify` made of Convex JSON.
 */
export function measureText(text: string): number {
  // Most texts are: a character is a byte, and a quote ends a string.
  const isPlain = !text.includes("\\") && Buffer.byteLength(text) === text.length;
  let size = 0;
  let at = 0;
  while (at < text.length) {
    switch (text.charCodeAt(at)) {
      case OPEN_BRACE:
        if (text.charCodeAt(at + 2) === DOLLAR && text.charCodeAt(at + 1) === QUOTE) {
          // `{"$bytes":"…"}` and its like: the text in it has no braces.
          const end = text.indexOf("}", at);
          size += measureSpecial(text, at, end);
          at = end + 1;
        } else {
          size += 2;
          at++;
        }
        break;
      case OPEN_BRACKET:
        size += 2;
        at++;
        break;
      case QUOTE: {
        const end = isPlain ? text.indexOf('"', at + 1) : findEndOfString(text, at);
        const bytes = isPlain ? end - at - 1 : countStringBytes(text, at + 1, end);
        const isName = text.charCodeAt(end + 1) === COLON;
        size += bytes + (isName ? 1 : 2);
        at = end + (isName ? 2 : 1);
        break;
      }
      case LETTER_T:
      case LETTER_N:
        size += 1;
        at += 4;
        break;
      case LETTER_F:
        size += 1;
        at += 5;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
      case COMMA:
        at++;
        break;
      default:
        size += 9;
        at = findEndOfNumber(text, at);
    }
  }
  return size;
}

const QUOTE = 0x22;
const DOLLAR = 0x24;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const LETTER_U = 0x75;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Numbers that JSON has no form for take 9 bytes like any other. */
function measureSpecial(text: string, start: number, end: number): number {
  const before = '{"$bytes":"';
  if (!text.startsWith(before, start)) return 9;
  return 2 + Buffer.byteLength(text.slice(start + before.length, end - 1), "base64");
}

function findEndOfString(text: string, start: number): number {
  for (let at = start + 1; ; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at;
    if (code === BACKSLASH) at++;
  }
}

function countStringBytes(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH) {
      // Quotes, backslashes and control characters.
      bytes += 1;
      at += text.charCodeAt(at + 1) === LETTER_U ? 5 : 1;
    } else if (code < 0x80) bytes += 1;
    else if (code < 0x800) bytes += 2;
    else if (code >= 0xd800 && code < 0xdc00) {
      bytes += 4;
      at++;
    } else bytes += 3;
  }
  return bytes;
}

function findEndOfNumber(text: string, start: number): number {
  let at = start + 1;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === COMMA || code === CLOSE_BRACKET || code === CLOSE_BRACE) break;
  }
  return at;
}
