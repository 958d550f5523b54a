/** Types of files that are not taken, known by their content, so that people are told which to save them as. Pure. */
import { ascii, OLE, startsWith, ZIP } from "./signatures";
import { listEntries, unpack } from "./zip";

/** A type in words, and the types that programs can save such files as. */
type ForeignType = { name: string; saveAs: string };

const image = (name: string): ForeignType => ({ name, saveAs: "JPEG or PNG" });
const document = (name: string): ForeignType => ({ name, saveAs: "PDF or DOCX" });
const table = (name: string): ForeignType => ({ name, saveAs: "XLSX or CSV" });
const slides = (name: string): ForeignType => ({ name, saveAs: "PDF or PPTX" });
const recording = (name: string): ForeignType => ({ name, saveAs: "something of the types taken, or share a link" });
const archive = (name: string): ForeignType => ({ name, saveAs: "single files" });

const SIGNATURES: [signature: readonly number[], at: number, type: ForeignType][] = [
  [ascii("II*\0"), 0, image("a TIFF image")],
  [ascii("MM\0*"), 0, image("a TIFF image")],
  [ascii("8BPS"), 0, image("a Photoshop image")],
  [[0xff, 0x0a], 0, image("a JPEG XL image")],
  [ascii("\0\0\0\x0cJXL "), 0, image("a JPEG XL image")],
  [ascii("\0\0\0\x0cjP  "), 0, image("a JPEG 2000 image")],
  [[0, 0, 1, 0], 0, image("an icon")],
  [ascii("{\\rtf"), 0, document("an RTF document")],
  [ascii("%!PS"), 0, document("a PostScript document")],
  [OLE, 0, document("a document of an older kind, or one with a password")],
  [ascii("OggS"), 0, recording("a recording")],
  [ascii("ID3"), 0, recording("a recording")],
  [ascii("WAVE"), 8, recording("a recording")],
  [ascii("AVI "), 8, recording("a video")],
  [[0x1a, 0x45, 0xdf, 0xa3], 0, recording("a video")],
  [[0x1f, 0x8b], 0, archive("an archive")],
  [ascii("Rar!"), 0, archive("an archive")],
  [[0x37, 0x7a, 0xbc, 0xaf], 0, archive("an archive")],
];

/** The brands of the container that images of phones and videos share (ISO 14496-12). */
const BRANDS: [RegExp, ForeignType][] = [
  [/^avi[fs]/, image("an AVIF image")],
  [/^(?:hei|hev|mif1|msf1)/, image("an HEIC image")],
  [/^M4[AB]/, recording("a recording")],
  [/^/, recording("a video")],
];

/** The types that archives of OpenDocument and books name. */
const MEDIA_TYPES: [string, ForeignType][] = [
  ["application/vnd.oasis.opendocument.text", document("an OpenDocument text")],
  ["application/vnd.oasis.opendocument.spreadsheet", table("an OpenDocument spreadsheet")],
  ["application/vnd.oasis.opendocument.presentation", slides("an OpenDocument presentation")],
  ["application/vnd.oasis.opendocument", document("an OpenDocument file")],
  ["application/epub+zip", document("an EPUB book")],
];
const MEDIA_TYPE_BYTES = 200;

const HEAD_BYTES = 1_024;
const MARKUP: [RegExp, ForeignType][] = [
  [/^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*(?:<!DOCTYPE svg[^>]*>\s*)?<svg[\s>]/i, image("an SVG image")],
  [
    /^(?:<\?xml[^>]*>\s*)?(?:<!--[\s\S]*?-->\s*)*<(?:!DOCTYPE html|html|head|body|table)[\s>]/i,
    { name: "a web page", saveAs: "PDF, DOCX or XLSX" },
  ],
];

/** The type of a file by its content, or null for one that is none of these. */
export function findForeignType(bytes: Uint8Array): ForeignType | null {
  const signed = SIGNATURES.find(([signature, at]) => startsWith(bytes, signature, at));
  if (signed) return signed[2];
  if (startsWith(bytes, ascii("ftyp"), 4)) return findIn(BRANDS, toLatin(bytes.subarray(8, 12)));
  if (startsWith(bytes, ZIP)) return findArchive(bytes);
  // A bitmap says its own length, without which two letters are too little.
  if (startsWith(bytes, ascii("BM")) && bytes.length > 26 && startsWith(bytes, [0, 0, 0, 0], 6))
    return image("a BMP image");
  return findIn(MARKUP, readHead(bytes));
}

function findIn(types: [RegExp, ForeignType][], text: string): ForeignType | null {
  return types.find(([pattern]) => pattern.test(text))?.[1] ?? null;
}

function findArchive(bytes: Uint8Array): ForeignType {
  const entries = listEntries(bytes) ?? [];
  const said = entries.find(({ name }) => name === "mimetype");
  const content = said && unpack(said, MEDIA_TYPE_BYTES).content;
  const mediaType = content ? toLatin(content).trim() : "";
  const type = MEDIA_TYPES.find(([each]) => mediaType.startsWith(each))?.[1];
  if (type) return type;
  const isOfApple = entries.some(({ name }) => /^Index(?:\/.*\.iwa|\.zip)$/.test(name));
  return isOfApple ? document("a document of Pages, Numbers or Keynote") : archive("an archive");
}

const toLatin = (bytes: Uint8Array): string => String.fromCharCode(...bytes);

const readHead = (bytes: Uint8Array): string =>
  toLatin(bytes.subarray(0, HEAD_BYTES))
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
