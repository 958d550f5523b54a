import { strToU8, zipSync, type Zippable } from "fflate";
import fc from "fast-check";
import { expect, test } from "vitest";
import { takeBaseName, getContentType, findMisfit } from "./fileTypes";
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
  expect(inspect("a.png", pdf)).toEqual({ status: "error", reason: "The content is not that of a .png file." });
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
  const verdict = { status: "error", reason: "It unpacks to more than can be checked." };
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
