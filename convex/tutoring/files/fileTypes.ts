/**
 * The allow-list of file types, and a check that a file's bytes are what its name says (tutoring/README §6.12). Pure.
 */
import { EXTENSIONS } from "../rules";
import { findCharset } from "../../lib/files/encodings";
import { findForeignType } from "./foreignTypes";
import { ascii, OLE, PDF, startsWith } from "./signatures";
import { listEntries } from "./zip";

type FileType = { contentType: string; fits: (bytes: Uint8Array) => boolean };

const JPEG: FileType = { contentType: "image/jpeg", fits: (bytes) => startsWith(bytes, [0xff, 0xd8, 0xff]) };
const plain = (contentType: string): FileType => ({ contentType, fits: (bytes) => isText(bytes) });

/** Readers of PDF look for the header in as much of a file: scanners and mail gateways put something before it. */
const PDF_HEADER_WITHIN = 1_024;

function isPdf(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, PDF_HEADER_WITHIN);
  for (let at = head.indexOf(PDF[0]!); at !== -1; at = head.indexOf(PDF[0]!, at + 1))
    if (startsWith(head, PDF, at)) return !isExecutable(bytes);
  return false;
}

const isMacro = ({ name }: { name: string }): boolean => /vbaProject\.bin$/i.test(name);

/** Office files are archives that list their parts and keep them in a folder of the application's; macros stay out. */
const office = (kind: string, folder: string): FileType => ({
  contentType: `application/vnd.openxmlformats-officedocument.${kind}`,
  fits: (bytes) => {
    const entries = listEntries(bytes) ?? [];
    const names = entries.map(({ name }) => name);
    return (
      names.includes("[Content_Types].xml") && names.some((name) => name.startsWith(folder)) && !entries.some(isMacro)
    );
  },
});

const TYPES: Readonly<Record<(typeof EXTENSIONS)[number], FileType>> = {
  pdf: { contentType: "application/pdf", fits: isPdf },
  png: {
    contentType: "image/png",
    fits: (bytes) => startsWith(bytes, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
  },
  jpg: JPEG,
  jpeg: JPEG,
  gif: {
    contentType: "image/gif",
    fits: (bytes) => startsWith(bytes, ascii("GIF87a")) || startsWith(bytes, ascii("GIF89a")),
  },
  webp: {
    contentType: "image/webp",
    fits: (bytes) => startsWith(bytes, ascii("RIFF")) && startsWith(bytes, ascii("WEBP"), 8),
  },
  txt: plain("text/plain"),
  md: plain("text/markdown"),
  csv: plain("text/csv"),
  docx: office("wordprocessingml.document", "word/"),
  xlsx: office("spreadsheetml.sheet", "xl/"),
  pptx: office("presentationml.presentation", "ppt/"),
};

/** Text in any encoding that is no other known type. */
const isText = (bytes: Uint8Array): boolean =>
  !startsWith(bytes, PDF) && !isExecutable(bytes) && findCharset(bytes) !== null;

const EXECUTABLES: readonly (readonly number[])[] = [
  [0x4d, 0x5a], // Windows
  [0x7f, 0x45, 0x4c, 0x46], // Linux
  [0xfe, 0xed, 0xfa, 0xce],
  [0xfe, 0xed, 0xfa, 0xcf],
  [0xce, 0xfa, 0xed, 0xfe],
  [0xcf, 0xfa, 0xed, 0xfe], // macOS
  [0xca, 0xfe, 0xba, 0xbe], // macOS for several processors, Java
  [0x00, 0x61, 0x73, 0x6d], // WebAssembly
  ascii("#!/"), // scripts
];

/** Whether a system would run it. */
export const isExecutable = (bytes: Uint8Array): boolean =>
  EXECUTABLES.some((signature) => startsWith(bytes, signature) && (signature.length > 2 || isWindowsProgram(bytes)));

/** Two letters are too little to tell: a Windows program also says where its second header is. */
function isWindowsProgram(bytes: Uint8Array): boolean {
  if (bytes.length < 64) return false;
  const at = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(60, true);
  return startsWith(bytes, ascii("PE\0\0"), at) || bytes.subarray(0, 64).includes(0);
}

const getExtension = (fileName: string): string => /\.([^.]+)$/.exec(fileName)?.[1]?.toLowerCase() ?? "";

function findType(fileName: string): FileType | null {
  const extension = EXTENSIONS.find((each) => each === getExtension(fileName));
  return extension ? TYPES[extension] : null;
}

/** The content type that a name's extension stands for, or null when such files may not be shared. */
export function getContentType(fileName: string): string | null {
  return findType(fileName)?.contentType ?? null;
}

/** The same with the encoding of a text, which its bytes tell. */
export function describeContent(contentType: string, bytes: Uint8Array): string {
  const charset = contentType.startsWith("text/") ? findCharset(bytes) : null;
  return charset === null ? contentType : `${contentType}; charset=${charset}`;
}

/** Why a file of this name and content is not taken, or null when it is what its name says. */
export function findMisfit(fileName: string, bytes: Uint8Array): string | null {
  const type = findType(fileName);
  if (!type) return `Files must be one of ${EXTENSIONS.join(", ")}.`;
  if (type.fits(bytes)) return null;
  const extension = getExtension(fileName);
  return `The content is not that of a .${extension} file: ${describeInstead(extension, type, bytes)}.`;
}

/** The types that are taken in words, in the order in which a content is compared with them. */
const NAMES: [extension: (typeof EXTENSIONS)[number], name: string][] = [
  ["pdf", "a PDF"],
  ["png", "a PNG image"],
  ["jpg", "a JPEG image"],
  ["gif", "a GIF image"],
  ["webp", "a WebP image"],
  ["docx", "a Word document"],
  ["xlsx", "an Excel workbook"],
  ["pptx", "a PowerPoint presentation"],
];

/** The nature of bytes that do not fit their type, and what can be done about it. */
function describeInstead(extension: string, { contentType }: FileType, bytes: Uint8Array): string {
  if (isExecutable(bytes)) return "it is a program";
  const taken = NAMES.find(([each]) => TYPES[each].fits(bytes));
  if (taken) return `it is ${taken[1]}. Give it a name that ends in .${taken[0]}`;
  const isOffice = contentType.includes("officedocument");
  if (isOffice && startsWith(bytes, OLE))
    return "it has a password, or is of an older kind. Save it as a newer one, without a password";
  if (listEntries(bytes)?.some(isMacro)) return "it has macros. Save it without them";
  const foreign = findForeignType(bytes);
  if (foreign) return `it is ${foreign.name}. Save it as ${foreign.saveAs}`;
  if (contentType.startsWith("text/"))
    return "it is no text in UTF-8, UTF-16 or another encoding. Save it as text in UTF-8";
  if (isText(bytes)) return "it is text. Give it a name that ends in .txt, .md or .csv";
  return `it is damaged, or of a type that is not known. Open it in the program that made it, and save it as .${extension}`;
}

/** A name without folders and control characters, as it is stored and offered for download. */
export const takeBaseName = (name: string): string =>
  (name.split(/[/\\]/).at(-1) ?? "").replace(/[\u0000-\u001f\u007f-\u009f]/g, "").trim();
