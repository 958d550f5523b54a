/** Lines of a text file in any encoding. */
import { createReadStream } from "node:fs";
import { isCodePage } from "../../../convex/lib/files/codePages";
import { decodeText, findCharsetName, guessCharset, withoutDosEnd } from "../../../convex/lib/files/encodings";
import { findEscapedCharset } from "../../../convex/lib/files/escapes";

const CHUNK_BYTES = 256 * 1024;

const chunksOf = (path: string): AsyncIterable<Buffer> => createReadStream(path, { highWaterMark: CHUNK_BYTES });

interface Encoding {
  charset: string;
  /** Zero bytes stand in a text that is no UTF-16. They are left out. */
  hasZeros: boolean;
}

/** A file with more zero bytes than one of so many is no text that somebody put some into. */
const BYTES_OF_ZERO = 8;

const countZeros = (bytes: Buffer): number => bytes.reduce((zeros, byte) => (byte === 0 ? zeros + 1 : zeros), 0);

/**
 * The encoding of a file: UTF-8 when all of it is, else what its first part that is not speaks for. Throws for a file
 * that is no text: replacement characters would be stored as if they had been meant.
 */
export async function findEncoding(path: string): Promise<Encoding> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let sample: Buffer | null = null;
  let hasZeros = false;
  for await (const chunk of chunksOf(path))
    try {
      decoder.decode(chunk, { stream: true });
      if (findEscapedCharset(chunk) !== null) throw new TypeError("no text in UTF-8");
      if (!chunk.includes(0)) continue;
      if (guessPart(chunk) !== null || countZeros(chunk) * BYTES_OF_ZERO > chunk.length)
        throw new TypeError("no text in UTF-8");
      hasZeros = true;
    } catch {
      sample = chunk;
      break;
    }
  if (sample === null) return { charset: "utf-8", hasZeros };
  const marked = await findMarkedCharset(path);
  if (marked !== null) return { charset: marked, hasZeros: false };
  const guess = guessPart(sample);
  if (guess === null || guess.charset === "utf-8")
    throw new Error("is not text in an encoding that can be told; save it as UTF-8 and try again");
  if (!guess.isSure) throw new Error(`${doubtOf(guess)}; save it as UTF-8, or name the encoding with --encoding`);
  return { charset: guess.charset, hasZeros };
}

type Guess = NonNullable<ReturnType<typeof guessCharset>>;

/** A letter may be cut at either end of a part, but no line end is half a letter. */
function guessPart(part: Buffer): Guess | null {
  const guess = guessCharset(part);
  if (guess?.isSure) return guess;
  const lines = part.subarray(0, part.lastIndexOf(10) + 1);
  const guessOfLines = lines.length > 0 && lines.length < part.length ? guessCharset(lines) : null;
  // The lines before a last one that was cut may be ASCII alone.
  return guessOfLines?.isSure && guessOfLines.charset !== "utf-8" ? guessOfLines : (guess ?? guessOfLines);
}

function doubtOf({ charset, rivals = [], isFarFetched }: Guess): string {
  if (isFarFetched) return "is in an encoding that is not known";
  const names = [charset, ...rivals].map((name) => name.toUpperCase());
  const list = new Intl.ListFormat("en", { type: "disjunction" }).format(names);
  return `has too few letters to tell its encoding, perhaps ${list}`;
}

/** The name that decoders know an encoding by. Throws for one that they do not know. */
export function readEncoding(name: string): string {
  try {
    return findCharsetName(name);
  } catch {
    throw new Error(
      `--encoding: nobody knows "${name}"; use a name such as utf-8, gb18030, big5, euc-kr, shift_jis, cp850 or macintosh`,
    );
  }
}

const UTF_32_MARKS = ["fffe0000", "0000feff"];

/** UTF-16 with its mark, which only the beginning of the file has. */
async function findMarkedCharset(path: string): Promise<string | null> {
  for await (const chunk of chunksOf(path)) {
    if (UTF_32_MARKS.includes(chunk.toString("hex", 0, 4)))
      throw new Error("is in UTF-32, which few programs read; save it as UTF-8 and try again");
    if (chunk[0] === 0xff && chunk[1] === 0xfe) return "utf-16le";
    return chunk[0] === 0xfe && chunk[1] === 0xff ? "utf-16be" : null;
  }
  return null;
}

/** The text of a file in parts. Its byte order mark, if it has one, is left out, and so are zeros. */
async function* textOf(path: string, charset: string): AsyncGenerator<string> {
  for await (const part of decodedPartsOf(path, charset)) yield part.replaceAll("\0", "");
}

async function* decodedPartsOf(path: string, charset: string): AsyncGenerator<string> {
  // Letters of one byte cannot be cut, so that each part stands for itself.
  if (/^(windows|iso-8859|koi8)/.test(charset) || isCodePage(charset)) {
    for await (const chunk of chunksOf(path)) yield decodeText(chunk, charset);
    return;
  }
  const decoder = new TextDecoder(charset, { fatal: true });
  for await (const chunk of chunksOf(path)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

export async function readText(path: string, charset: string): Promise<string> {
  const parts: string[] = [];
  for await (const part of textOf(path, charset)) parts.push(part);
  return withoutDosEnd(parts.join(""));
}

/** The lines of a file without their ends, which may be those of any system. */
export async function* linesOf(path: string, charset: string): AsyncGenerator<string> {
  let rest = "";
  for await (const part of textOf(path, charset)) {
    const text = rest + part;
    // Half of "\r\n" may be still to come.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    rest = (lines.pop() ?? "") + text.slice(end);
    yield* lines;
  }
  rest = withoutDosEnd(rest).replace(/\r$/, "");
  if (rest !== "") yield rest;
}
