/**
 * Reads `multipart/form-data` as clients send it, which is not always as RFC 7578 asks: names without quotes, `\n` for
 * `\r\n`, a preamble, header names in any case. The platform's own reader refuses several of these. Pure.
 */
import { decodeText, findCharset } from "./encodings";

export type FormFile = { name: string; bytes: Uint8Array<ArrayBuffer> };
export type FormEntry = [name: string, value: string | FormFile];

/** Says in words for people why a body is no form. */
export class FormError extends Error {}

const PARTS_MAX = 1_000;
const HEADERS_MAX = 16 * 1024;

/** The entries of a form, in their order. Throws `FormError`. */
export function readForm(contentType: string, body: ArrayBuffer): FormEntry[] {
  const boundary = readParameters(contentType).get("boundary");
  if (!boundary) throw new FormError("The form's Content-Type has no boundary.");
  const bytes = new Uint8Array(body);
  // One character a byte: positions in the text are positions in the bytes.
  const text = new TextDecoder("latin1").decode(bytes);
  const entries: FormEntry[] = [];
  let start: number | null = null;
  for (const delimiter of findDelimiters(text, boundary)) {
    if (start !== null) entries.push(readPart(bytes, text, { start, end: delimiter.before }));
    if (delimiter.isLast) return entries;
    if (entries.length === PARTS_MAX) throw new FormError(`The form has more than ${PARTS_MAX} parts.`);
    start = delimiter.after;
  }
  throw new FormError(start === null ? "The form has no part." : "The form is cut off: its last boundary is missing.");
}

type Delimiter = { before: number; after: number; isLast: boolean };

function* findDelimiters(text: string, boundary: string): Generator<Delimiter> {
  const line = `--${boundary}`;
  const end = /(--)?[ \t]*(\r?\n|$)/y;
  // A line end before a boundary belongs to it: as long as the form's own line ends are.
  let lineEnd: string | null = null;
  for (let at = text.indexOf(line); at !== -1; at = text.indexOf(line, at + 1)) {
    if (at > 0 && text[at - 1] !== "\n") continue;
    end.lastIndex = at + line.length;
    const [whole, dashes, ending = ""] = end.exec(text) ?? [];
    const isLast = dashes !== undefined;
    if (whole === undefined || (!isLast && ending === "")) continue;
    lineEnd ??= ending;
    const before = at - (lineEnd === "\r\n" && text[at - 2] === "\r" ? 2 : 1);
    yield { before, after: at + line.length + whole.length, isLast };
  }
}

const HEADERS_END = /(?:^|\r?\n)\r?\n/g;

function readPart(
  bytes: Uint8Array<ArrayBuffer>,
  text: string,
  { start, end }: { start: number; end: number },
): FormEntry {
  HEADERS_END.lastIndex = start;
  // A part without headers begins with the empty line.
  const blank = /^\r?\n/.exec(text.slice(start, start + 2));
  const found = blank ? { index: start, 0: blank[0] } : HEADERS_END.exec(text);
  if (!found || found.index > end || found.index - start > HEADERS_MAX)
    throw new FormError("A part of the form has no end of its headers.");
  const headers = readHeaders(readName(bytes.subarray(start, found.index)));
  const disposition = readParameters(headers.get("content-disposition") ?? "");
  const name = disposition.get("name");
  if (name === undefined) throw new FormError("A part of the form has no name.");
  const coding = headers.get("content-transfer-encoding") ?? "binary";
  if (!/^(7bit|8bit|binary)$/i.test(coding))
    throw new FormError(`The part "${name}" is encoded as ${coding}: parts must be sent as they are.`);
  const content = bytes.slice(Math.min(found.index + found[0].length, end), end);
  const fileName = disposition.get("filename");
  if (fileName !== undefined) return [name, { name: fileName, bytes: content }];
  return [name, readValue(name, content, readParameters(headers.get("content-type") ?? "").get("charset"))];
}

/** Header names in lower case; continued lines are one. */
function readHeaders(text: string): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of text.replace(/\r?\n[ \t]+/g, " ").split(/\r?\n/)) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return headers;
}

const PARAMETER = /;\s*([^\s=;"]+)\s*=\s*(?:"((?:\\"|[^"])*)"|([^;]*))/g;

/**
 * The parameters of a header, by names in lower case. One that says its encoding (`filename*`) goes before its plain
 * form.
 */
function readParameters(header: string): Map<string, string> {
  const plain = new Map<string, string>();
  const extended = new Map<string, string>();
  for (const [, name = "", quoted, bare = ""] of header.matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    const value = quoted === undefined ? bare.trim() : unescape(quoted);
    const decoded = key.endsWith("*") ? decodeExtended(value) : null;
    if (decoded !== null) extended.set(key.slice(0, -1), decoded);
    else if (!key.endsWith("*") && !plain.has(key)) plain.set(key, decodeWords(value));
  }
  return new Map([...plain, ...extended]);
}

/** Browsers write quotes and line ends of names in percent signs, others put a backslash before a quote. */
const unescape = (text: string): string =>
  text.replace(/\\"|%22|%0d|%0a/gi, (found) => ({ "%0d": "\r", "%0a": "\n" })[found.toLowerCase()] ?? '"');

const WORD = /=\?([\w-]+)\?([bq])\?([^?\s]*)\?=/i;
const WORDS = new RegExp(`^\\s*${WORD.source}(?:\\s+${WORD.source})*\\s*$`, "i");

/** RFC 2047, which mail programs and frameworks made after them use for names: `=?utf-8?B?w7xi?=`. */
function decodeWords(value: string): string {
  if (!WORDS.test(value)) return value;
  const words = value
    .trim()
    .split(/\s+/)
    .map((word) => WORD.exec(word)!);
  return words.map(([, charset, coding = "", coded = ""]) => decodeWord(charset, coding, coded) ?? value).join("");
}

/** Null when it is not what it says. */
function decodeWord(charset: string | undefined, coding: string, coded: string): string | null {
  if (coding.toLowerCase() === "q") return readName(readEscaped(coded.replaceAll("_", " "), "="), charset);
  try {
    return readName(encodeBytes(atob(coded)), charset);
  } catch {
    return null;
  }
}

/** RFC 8187: `UTF-8''%c3%a9`. */
function decodeExtended(value: string): string | null {
  const [, charset, escaped = ""] = /^([\w-]+)'[\w-]*'(.*)$/.exec(value) ?? [];
  if (charset === undefined) return null;
  return readName(readEscaped(escaped, "%"), charset);
}

/** The bytes of a text in which some are two hexadecimal digits behind `sign`. */
const readEscaped = (text: string, sign: "%" | "="): Uint8Array =>
  encodeBytes(
    text.replace(new RegExp(`${sign}([\\da-f]{2})`, "gi"), (_, code: string) =>
      String.fromCharCode(parseInt(code, 16)),
    ),
  );

const encodeBytes = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** A name in the encoding that is said, else in the one that its letters speak for: older clients do not say theirs. */
function readName(bytes: Uint8Array, charset = "utf-8"): string {
  return tryText(bytes, charset) ?? tryText(bytes, findCharset(bytes) ?? "utf-8") ?? new TextDecoder().decode(bytes);
}

/** A value is kept as it was sent, so that nothing is guessed. */
function readValue(name: string, bytes: Uint8Array, charset = "utf-8"): string {
  const text = tryText(bytes, charset) ?? tryText(bytes, "utf-8");
  if (text === null) throw new FormError(`The field "${name}" is not text in UTF-8.`);
  return text;
}

/** Null when the bytes are none in the encoding, or nobody knows it. */
function tryText(bytes: Uint8Array, charset: string): string | null {
  try {
    return decodeText(bytes, charset);
  } catch {
    return null;
  }
}
