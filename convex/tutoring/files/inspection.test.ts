import { strToU8, zipSync, type Zippable } from "fflate";
import fc from "fast-check";
import { expect, test } from "vitest";
import { describeContent, takeBaseName, getContentType, findMisfit } from "./fileTypes";
import { decodeText } from "../../lib/files/encodings";
import { inspect } from "./inspection";
import { bytesOf, docx, eicar, pdf, png, SAMPLES } from "./files.testing";
import { EXTENSIONS } from "../rules";
import { ENTRIES_MAX, listEntries, unpack } from "./zip";

const archive = (parts: Zippable) =>
  zipSync({ "[Content_Types].xml": strToU8("<Types/>"), "word/document.xml": strToU8("<w/>"), ...parts });

test("every allowed type is known by its content, and no other passes for it", () => {
  expect(Object.keys(SAMPLES).sort()).toEqual([...EXTENSIONS].sort());
  const same = (a: string, b: string) =>
    a === b ||
    [
      ["jpg", "jpeg"],
      ["txt", "md", "csv"],
    ].some((kin) => kin.includes(a) && kin.includes(b));
  for (const [extension, bytes] of Object.entries(SAMPLES))
    for (const claimed of EXTENSIONS) {
      const reason = findMisfit(`file.${claimed.toUpperCase()}`, bytes);
      expect([extension, claimed, reason === null]).toEqual([extension, claimed, same(extension, claimed)]);
    }
});

test("names that are not on the list are refused, whatever they end in before", () => {
  for (const name of [
    "run.exe",
    "page.html",
    "image.svg",
    "archive.zip",
    "letter.doc",
    "noextension",
    "pdf",
    ".pdf.exe",
    "a.constructor",
    "",
    "a.",
  ])
    expect([name, findMisfit(name, pdf), getContentType(name)]).toEqual([
      name,
      expect.stringContaining("must be one of"),
      null,
    ]);
  expect(getContentType("A.PDF")).toBe("application/pdf");
});

test("a name loses its folders and control characters", () => {
  expect(["../../etc/passwd.txt", "C:\\temp\\a.pdf", "a\u0000b.md", " x.csv "].map(takeBaseName)).toEqual([
    "passwd.txt",
    "a.pdf",
    "ab.md",
    "x.csv",
  ]);
});

test("the test virus is found, also inside archives; programs are found whatever they are called", () => {
  for (const [name, bytes] of [
    ["a.txt", eicar],
    ["a.pdf", bytesOf("%PDF-1.7\n", eicar)],
    ["a.docx", archive({ "word/media/x.txt": eicar })],
    ["a.docx", archive({ "word/embeddings/in.zip": zipSync({ "deep.txt": eicar }) })],
  ] as const)
    expect(inspect(name, bytes)).toEqual({ status: "infected", reason: "It is the EICAR test virus." });
  const program = bytesOf("MZ", new Uint8Array(80));
  for (const [name, bytes] of [
    ["a.pdf", program],
    ["a.txt", bytesOf("\x7fELF", new Uint8Array(60))],
    ["a.md", bytesOf("#!/bin/sh\nrm -r ~\n")],
    ["a.docx", archive({ "word/embeddings/tool.bin": program })],
  ] as const)
    expect(inspect(name, bytes)).toEqual({ status: "infected", reason: "It holds a program." });
  expect(inspect("a.txt", bytesOf("MZ is where the letter begins."))).toEqual({ status: "clean" });
});

test("content that belies the name is told as such, macros included", () => {
  expect(inspect("a.png", pdf)).toEqual({
    status: "error",
    reason: "The content is not that of a .png file: it is a PDF. Give it a name that ends in .pdf.",
  });
  expect(inspect("a.xlsx", docx).status).toBe("error");
  expect(inspect("a.docx", archive({ "word/vbaProject.bin": strToU8("x") })).status).toBe("error");
  expect(inspect("a.docx", zipSync({ "readme.txt": strToU8("x") })).status).toBe("error");
  expect(inspect("a.txt", new Uint8Array([0x61, 0x00, 0x62])).status).toBe("error");
  expect(inspect("a.txt", new Uint8Array([0xff, 0xfe, 0x61])).status).toBe("error");
});

test("an archive that unpacks too far is stopped on the way, whatever size it claims", () => {
  const limit = 1024 * 1024;
  const bomb = archive({ "word/zeros.xml": new Uint8Array(limit + 1) });
  expect(bomb.length).toBeLessThan(limit / 100);
  const verdict = { status: "error", reason: "It is too large to be checked when it is unpacked." };
  expect(inspect("a.docx", bomb, limit)).toEqual(verdict);
  expect(inspect("a.docx", bomb, 2 * limit)).toEqual({ status: "clean" });
  // The directory says that each part holds one byte.
  const lying = bomb.slice();
  const view = new DataView(lying.buffer);
  for (let at = 0; at + 28 < lying.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint32(at + 24, 1, true);
  expect(listEntries(lying)?.map(({ claimedBytes }) => claimedBytes)).toEqual([1, 1, 1]);
  expect(inspect("a.docx", lying, limit)).toEqual(verdict);
  expect(unpack(listEntries(lying)!.at(-1)!, limit)).toMatchObject({ content: null, failure: "tooLarge" });
  // Many parts that are each small enough are too much together.
  const half = new Uint8Array(limit / 2);
  expect(inspect("a.docx", archive({ "word/1.xml": half, "word/2.xml": half, "word/3.xml": half }), limit)).toEqual(
    verdict,
  );
  let nested = zipSync({ "x.txt": strToU8("x") });
  for (let i = 0; i < 5; i++) nested = zipSync({ "x.zip": nested });
  expect(inspect("a.docx", archive({ "word/x.zip": nested }))).toEqual({
    status: "error",
    reason: "It holds archives within archives, too deep to be checked.",
  });
});

test("an honest table that unpacks to much more than it is, is clean, and what is hidden in it is found", () => {
  const rows = (head: string | Uint8Array, tail: string | Uint8Array, mebibytes = 9) => {
    const sheet = new Uint8Array(mebibytes * 1024 * 1024);
    const row = strToU8('<row r="1"><c r="A1"><v>1234.5</v></c><c r="B1" t="s"><v>17</v></c></row>');
    for (let at = 0; at + row.length <= sheet.length; at += row.length) sheet.set(row, at);
    sheet.set(typeof head === "string" ? strToU8(head) : head);
    const end = typeof tail === "string" ? strToU8(tail) : tail;
    sheet.set(end, sheet.length - end.length);
    return zipSync(
      { "[Content_Types].xml": strToU8("<Types/>"), "xl/workbook.xml": strToU8("<w/>"), "xl/sheet1.xml": sheet },
      { level: mebibytes > 9 ? 1 : 0 },
    );
  };
  expect(inspect("a.xlsx", rows("<x>", "</x>", 20))).toEqual({ status: "clean" });
  const zeros = { "[Content_Types].xml": strToU8("<Types/>"), "word/a.xml": new Uint8Array(60 * 1024 * 1024) };
  expect(inspect("a.docx", zipSync(zeros, { level: 9 })).status).toBe("error");
  expect(inspect("a.xlsx", rows("<x>", eicar)).status).toBe("infected");
  expect(inspect("a.xlsx", rows(bytesOf("\x7fELF"), "</x>")).status).toBe("infected");
  const tooLarge = { status: "error", reason: "It is too large to be checked when it is unpacked." };
  expect(inspect("a.xlsx", rows(bytesOf("PK\x03\x04"), "</x>"))).toEqual(tooLarge);
  expect(inspect("a.xlsx", rows("<x>", zipSync({ "a.txt": eicar })))).toEqual(tooLarge);
});

/** Sets two bytes in each entry of an archive's directory. */
function withDirectory(archive: Uint8Array, offset: number, value: number): Uint8Array<ArrayBuffer> {
  const bytes = archive.slice();
  const view = new DataView(bytes.buffer);
  for (let at = 0; at + 46 < bytes.length; at++)
    if (view.getUint32(at, true) === 0x02014b50) view.setUint16(at + offset, value, true);
  return bytes;
}

test.each([
  [
    "an encrypted archive",
    archive({ "word/in.zip": withDirectory(zipSync({ "a.txt": strToU8("x") }), 8, 1) }),
    "It is encrypted, so it cannot be checked.",
  ],
  [
    "an archive packed in another way",
    archive({ "word/in.zip": withDirectory(zipSync({ "a.txt": strToU8("x") }), 10, 14) }),
    "It is packed in a way that cannot be checked.",
  ],
  [
    "a cut archive",
    archive({ "word/in.zip": zipSync({ "a.txt": strToU8("x") }).subarray(0, 60) }),
    "It holds an archive that cannot be read.",
  ],
  [
    "an archive of too many parts",
    archive({
      "word/in.zip": zipSync(
        Object.fromEntries(Array.from({ length: ENTRIES_MAX + 1 }, (_, i) => [`${i}`, new Uint8Array()])),
      ),
    }),
    "It holds too many parts to be checked.",
  ],
  [
    "damaged packed bytes",
    archive({ "word/in.zip": withDamage(zipSync({ "a.txt": strToU8("letters ".repeat(100)) })) }),
    "It is damaged, so it cannot be checked.",
  ],
])(
  "%s in a document cannot be checked, which makes it no malware; malware beside it is found",
  (_, document, reason) => {
    expect(inspect("a.docx", document)).toEqual({ status: "error", reason });
    expect(inspect("a.docx", archive({ "word/1.docx": document, "word/2.txt": eicar }))).toEqual({
      status: "infected",
      reason: "It is the EICAR test virus.",
    });
  },
);

/** Damages the packed bytes of an archive's only entry. */
function withDamage(archive: Uint8Array): Uint8Array {
  const bytes = archive.slice();
  const at = 30 + new DataView(bytes.buffer).getUint16(26, true);
  return bytes.fill(0xff, at, at + 8);
}

test("broken archives are refused without a crash", () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ at: fc.nat(docx.length - 1), to: fc.nat(255) }), { maxLength: 20 }),
      fc.nat(docx.length),
      (changes, cut) => {
        const bytes = docx.slice(0, docx.length - (changes.length % 2 === 0 ? 0 : cut));
        for (const { at, to } of changes) if (at < bytes.length) bytes[at] = to;
        expect(["clean", "infected", "error"]).toContain(inspect("a.docx", bytes).status);
      },
    ),
    { numRuns: 300 },
  );
  expect(inspect("a.png", png)).toEqual({ status: "clean" });
});

const mark = "\ufeff";
const utf16 = (text: string, littleEndian: boolean) => {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < text.length; i++) view.setUint16(i * 2, text.charCodeAt(i), littleEndian);
  return bytes;
};
const JAPANESE = [
  [
    "shift_jis",
    "\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x95\xb6\x8f\xcd\x82\xc5\x82\xb7\x81\x42\x82\xb1\x82\xea\x82\xcd\x83\x65\x83\x58\x83\x67\x82\xc5\x82\xb7\x81\x42",
  ],
] as const;

test.each<[string, Uint8Array]>([
  ["utf-8", new TextEncoder().encode("naïve; 数学\r\n")],
  ["utf-8", new TextEncoder().encode(`${mark}naïve`)],
  ["utf-8", new TextEncoder().encode("a;b\r\n1;two\u000blines\r\n\u001a")],
  ["utf-16le", utf16(`${mark}naïve; 数学\n`, true)],
  ["utf-16be", utf16(`${mark}naïve; 数学\n`, false)],
  ["utf-16le", utf16("no mark before it", true)],
  ["utf-16be", utf16("no mark before it", false)],
  ["windows-1252", bytesOf("Pr\xe9nom;Montant\r\nZo\xe9;12,50 \x80\r\n")],
  ...JAPANESE.map(([charset, text]): [string, Uint8Array] => [charset, bytesOf(text)]),
])("text in %s is taken, and is offered as such", (charset, bytes) => {
  for (const name of ["a.csv", "a.txt", "a.md"])
    expect([name, inspect(name, bytes)]).toEqual([name, { status: "clean" }]);
  const described = describeContent("text/csv", bytes).toLowerCase();
  expect(described).toMatch(/^text\/csv; charset=/);
  expect(decodeText(bytes, described.split("charset=")[1]!)).toBe(decodeText(bytes, charset));
});

test("bytes that are no text in any encoding are refused with the hint", () => {
  for (const bytes of [bytesOf("a\0b"), bytesOf("hello\0"), bytesOf("\xff\xfea"), bytesOf("abc\x01\xe9")])
    expect(findMisfit("a.csv", bytes)).toBe(
      "The content is not that of a .csv file: it is no text in UTF-8, UTF-16 or another encoding. Save it as text in UTF-8.",
    );
});

test("a file that is not what its name says is told what it is", () => {
  const ole = bytesOf("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "\0".repeat(600));
  const macros = zipSync({ "[Content_Types].xml": bytesOf("x"), "word/vbaProject.bin": bytesOf("x") });
  for (const [name, bytes, what] of [
    ["a.txt", bytesOf("#!/bin/sh\n"), "it is a program."],
    ["a.pdf", bytesOf("#!/bin/sh\n"), "it is a program."],
    ["a.md", pdf, "it is a PDF. Give it a name that ends in .pdf."],
    ["a.docx", ole, "it has a password, or is of an older kind. Save it as a newer one, without a password."],
    ["a.docx", macros, "it has macros. Save it without them."],
  ] as const)
    expect(findMisfit(name, bytes)).toBe(`The content is not that of a ${name.slice(1)} file: ${what}`);
});

const ofMediaType = (type: string) =>
  zipSync({ mimetype: [strToU8(type), { level: 0 }], "content.xml": strToU8("<x/>") });
const ofBrand = (brand: string) => bytesOf(`\0\0\0\x18ftyp${brand}\0\0\0\0mif1`, new Uint8Array(40));

test.each<[name: string, Uint8Array, what: string]>([
  ["a.jpg", SAMPLES.webp!, "it is a WebP image. Give it a name that ends in .webp."],
  ["a.jpg", png, "it is a PNG image. Give it a name that ends in .png."],
  ["a.png", SAMPLES.jpg!, "it is a JPEG image. Give it a name that ends in .jpg."],
  ["a.png", SAMPLES.gif!, "it is a GIF image. Give it a name that ends in .gif."],
  ["a.csv", SAMPLES.xlsx!, "it is an Excel workbook. Give it a name that ends in .xlsx."],
  ["a.pdf", docx, "it is a Word document. Give it a name that ends in .docx."],
  ["a.docx", SAMPLES.pptx!, "it is a PowerPoint presentation. Give it a name that ends in .pptx."],
  ["a.jpg", ofBrand("heic"), "it is an HEIC image. Save it as JPEG or PNG."],
  ["a.jpg", ofBrand("mif1"), "it is an HEIC image. Save it as JPEG or PNG."],
  ["a.webp", ofBrand("avif"), "it is an AVIF image. Save it as JPEG or PNG."],
  ["a.gif", ofBrand("isom"), "it is a video. Save it as something of the types taken, or share a link."],
  ["a.png", bytesOf("II*\0", new Uint8Array(40)), "it is a TIFF image. Save it as JPEG or PNG."],
  ["a.png", bytesOf("BM\x46\0\0\0\0\0\0\0\x36", new Uint8Array(59)), "it is a BMP image. Save it as JPEG or PNG."],
  ["a.png", bytesOf('<?xml version="1.0"?>\n<svg xmlns="x"/>'), "it is an SVG image. Save it as JPEG or PNG."],
  ["a.docx", bytesOf("{\\rtf1\\ansi text}"), "it is an RTF document. Save it as PDF or DOCX."],
  ["a.docx", bytesOf("\xef\xbb\xbf\r\n<!doctype HTML><p>x"), "it is a web page. Save it as PDF, DOCX or XLSX."],
  ["a.xlsx", bytesOf("<table border=1><tr><td>x"), "it is a web page. Save it as PDF, DOCX or XLSX."],
  [
    "a.docx",
    ofMediaType("application/vnd.oasis.opendocument.text"),
    "it is an OpenDocument text. Save it as PDF or DOCX.",
  ],
  [
    "a.xlsx",
    ofMediaType("application/vnd.oasis.opendocument.spreadsheet"),
    "it is an OpenDocument spreadsheet. Save it as XLSX or CSV.",
  ],
  ["a.pptx", zipSync({ "a.txt": strToU8("x") }), "it is an archive. Save it as single files."],
  ["a.xlsx", bytesOf("a,b\n1,2\n"), "it is text. Give it a name that ends in .txt, .md or .csv."],
  [
    "a.jpg",
    bytesOf("\x01\x02\x03\xff\xff"),
    "it is damaged, or of a type that is not known. Open it in the program that made it, and save it as .jpg.",
  ],
])("%s of another type is told which, and what to do (%#)", (name, bytes, what) => {
  expect(findMisfit(name, bytes)).toBe(`The content is not that of a ${name.slice(1)} file: ${what}`);
});

test("a PDF may have up to 1,024 bytes before its header", () => {
  for (const before of ["\xef\xbb\xbf", "\n", "\r\n\r\n", "%".repeat(500), " ".repeat(1_019)])
    expect(inspect("a.pdf", bytesOf(before, pdf))).toEqual({ status: "clean" });
  expect(inspect("a.pdf", bytesOf(pdf, "\n\0\0\0")).status).toBe("clean");
  expect(inspect("a.pdf", bytesOf(" ".repeat(1_020), pdf)).status).toBe("error");
  expect(inspect("a.pdf", bytesOf("#!/bin/sh\n", pdf)).status).toBe("infected");
});

test("Office files and images may have bytes before or behind them, and are looked into all the same", () => {
  for (const around of [
    ["", "\r\n"],
    ["", "\0".repeat(4_000)],
    ["\n", ""],
    ["PK00", ""],
    ["\xef\xbb\xbf", "\n"],
  ] as const)
    expect([around[0], inspect("a.docx", bytesOf(around[0], docx, around[1]))]).toEqual([
      around[0],
      { status: "clean" },
    ]);
  for (const name of ["png", "jpg", "gif", "webp"])
    expect(inspect(`a.${name}`, bytesOf(SAMPLES[name]!, "\0\n")).status).toBe("clean");
  expect(inspect("a.docx", bytesOf("\n", archive({ "x.txt": eicar })))).toMatchObject({ status: "infected" });
});

/** The same archive with every number of its directory in the wide form, as writers of large files have it. */
function widen(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = bytes.length - 22;
  const start = view.getUint32(end + 16, true);
  const parts: Uint8Array[] = [bytes.slice(0, start)];
  for (let at = start; at < end;) {
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const entry = bytes.slice(at, at + 46 + nameLength);
    const numbers = [24, 20, 42].map((offset) => view.getUint32(at + offset, true));
    const extra = new Uint8Array(28);
    const extraView = new DataView(extra.buffer);
    extraView.setUint16(0, 1, true);
    extraView.setUint16(2, 24, true);
    numbers.forEach((number, i) => extraView.setBigUint64(4 + i * 8, BigInt(number), true));
    const entryView = new DataView(entry.buffer);
    for (const offset of [20, 24, 42]) entryView.setUint32(offset, 0xffffffff, true);
    entryView.setUint16(30, 28, true);
    entryView.setUint16(32, 0, true);
    parts.push(entry, extra);
    at += 46 + nameLength + extraLength + view.getUint16(at + 32, true);
  }
  const sizeBytes = parts.slice(1).reduce((sum, { length }) => sum + length, 0);
  const tail = new Uint8Array(98);
  const tailView = new DataView(tail.buffer);
  tailView.setUint32(0, 0x06064b50, true);
  tailView.setBigUint64(4, 44n, true);
  for (const at of [24, 32]) tailView.setBigUint64(at, BigInt(view.getUint16(end + 10, true)), true);
  tailView.setBigUint64(40, BigInt(sizeBytes), true);
  tailView.setBigUint64(48, BigInt(start), true);
  tailView.setUint32(56, 0x07064b50, true);
  tailView.setBigUint64(64, BigInt(start + sizeBytes), true);
  tailView.setUint32(72, 1, true);
  tailView.setUint32(76, 0x06054b50, true);
  for (const at of [84, 86]) tailView.setUint16(at, 0xffff, true);
  for (const at of [88, 92]) tailView.setUint32(at, 0xffffffff, true);
  return bytesOf(...parts, tail);
}

test("archives in the wide form are read like others", () => {
  expect(inspect("a.docx", widen(docx))).toEqual({ status: "clean" });
  expect(inspect("a.docx", widen(archive({ "x.txt": eicar })))).toMatchObject({ status: "infected" });
  expect(listEntries(widen(docx))!.map(({ name, claimedBytes }) => [name, claimedBytes])).toEqual(
    listEntries(docx)!.map(({ name, claimedBytes }) => [name, claimedBytes]),
  );
});

test("an honest file that is large when unpacked is never called infected", () => {
  const sheet = new Uint8Array(3 * 1024 * 1024).fill(0x20);
  expect(inspect("a.docx", archive({ "word/big.xml": sheet }), 2 * 1024 * 1024)).toEqual({
    status: "error",
    reason: "It is too large to be checked when it is unpacked.",
  });
});
