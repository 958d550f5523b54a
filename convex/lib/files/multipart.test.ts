import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormError, readForm, type FormEntry } from "./multipart";

const TYPE = "multipart/form-data; boundary=XX";
const encode = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0));
const utf8 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));
const read = (lines: string[], { type = TYPE, end = "\r\n" } = {}): FormEntry[] =>
  readForm(type, encode(lines.join(end)).buffer);
const show = ([name, value]: FormEntry) =>
  typeof value === "string" ? [name, value] : [name, value.name, String.fromCharCode(...value.bytes)];

const field = (disposition: string, value = "v", ...headers: string[]) => [
  "--XX",
  `Content-Disposition: form-data; ${disposition}`,
  ...headers,
  "",
  value,
];

describe("what other clients send is taken", () => {
  test.each<[string, string[], string[]]>([
    ["names without quotes", field("name=title"), ["title", "v"]],
    ["files without quotes", field("name=file; filename=a.pdf"), ["file", "a.pdf", "v"]],
    ["single spaces left out", field('name="title";filename="a.pdf"'), ["title", "a.pdf", "v"]],
    ["filename*", field(`name=file; filename="_"; filename*=UTF-8''%C3%BCber%20a.pdf`), ["file", "über a.pdf", "v"]],
    ["filename* first", field(`name=file; filename*=utf-8''%e2%82%ac.pdf; filename="e.pdf"`), ["file", "€.pdf", "v"]],
    ["filename* in Latin-1", field(`name=file; filename*=ISO-8859-1'en'%A3.pdf`), ["file", "£.pdf", "v"]],
    ["names in UTF-8", field(`name="file"; filename="${utf8("数学.pdf")}"`), ["file", "数学.pdf", "v"]],
    [
      "names in Latin-1",
      field('name="file"; filename="Aufgabe \xfcber Stra\xdfen.pdf"'),
      ["file", "Aufgabe über Straßen.pdf", "v"],
    ],
    [
      "names in Shift_JIS",
      field('name="file"; filename="\x93\xfa\x96\x7b\x8c\xea\x82\xcc\x95\xb6\x96\x40.pdf"'),
      ["file", "日本語の文法.pdf", "v"],
    ],
    ["names of mail, in base64", field('name="file"; filename="=?utf-8?B?w7xiZXIudHh0?="'), ["file", "über.txt", "v"]],
    [
      "names of mail, in several words",
      field('name="file"; filename="=?UTF-8?Q?=C3=BCber_uns=2E?= =?iso-8859-1?q?pd=66?="'),
      ["file", "über uns.pdf", "v"],
    ],
    ["names that only look so", field('name="file"; filename="=?utf-8?B?.txt"'), ["file", "=?utf-8?B?.txt", "v"]],
    ["parts that say they are plain", field("name=title", "v", "Content-Transfer-Encoding: 8bit"), ["title", "v"]],
    ["escaped quotes", field('name="file"; filename="a\\"b%22.pdf"'), ["file", 'a"b".pdf', "v"]],
    ["a semicolon in quotes", field('name="file"; filename="a;b.pdf"'), ["file", "a;b.pdf", "v"]],
    ["paths of Windows", field('name="file"; filename="C:\\temp\\a.pdf"'), ["file", "C:\\temp\\a.pdf", "v"]],
    [
      "texts in another encoding",
      field("name=title", "\xe9", "Content-Type: text/plain; charset=ISO-8859-1"),
      ["title", "é"],
    ],
    ["an unknown encoding", field("name=title", utf8("é"), "Content-Type: text/plain; charset=x-no"), ["title", "é"]],
    ["headers in any case", ["--XX", "CONTENT-DISPOSITION: Form-Data; NAME=title", "", "v"], ["title", "v"]],
    ["continued headers", ["--XX", "Content-Disposition: form-data;", " name=title", "", "v"], ["title", "v"]],
    ["empty files", field('name="file"; filename=""', ""), ["file", "", ""]],
  ])("%s", (_what, lines, entry) => {
    for (const end of ["\r\n", "\n"])
      for (const around of [
        (body: string[]) => [...body, "--XX--", ""],
        (body: string[]) => [...body, "--XX--"],
        (body: string[]) => ["This is a form.", ...body, "--XX--  ", "the end"],
        (body: string[]) => ["", ...body, "--XX--", "", ""],
      ])
        expect(read(around(lines), { end }).map(show)).toEqual([entry]);
  });

  test.each(['multipart/form-data; boundary="XX"', "Multipart/Form-Data;charset=utf-8; BOUNDARY=XX"])("%s", (type) => {
    expect(read([...field("name=a"), "--XX--"], { type }).map(show)).toEqual([["a", "v"]]);
  });
});

test.each(["base64", "quoted-printable"])(
  "a part in %s is refused, as its bytes are not those of the file",
  (coding) => {
    const lines = [...field("name=title", "w7xiZXI=", `Content-Transfer-Encoding: ${coding}`), "--XX--", ""];
    expect(() => read(lines)).toThrow(`The part "title" is encoded as ${coding}: parts must be sent as they are.`);
  },
);

test("what is no whole form is refused with the reason", () => {
  const reason = (lines: string[], type?: string) => {
    try {
      return read(lines, type === undefined ? {} : { type });
    } catch (error) {
      expect(error).toBeInstanceOf(FormError);
      return (error as Error).message;
    }
  };
  expect(reason([...field("name=a"), "--XX--"], "multipart/form-data")).toContain("has no boundary");
  expect(reason([""])).toContain("has no part");
  expect(reason(["--YY", "", "v", "--YY--"])).toContain("has no part");
  expect(reason(field("name=a"))).toContain("cut off");
  expect(reason([...field("filename=a.pdf"), "--XX--"])).toContain("has no name");
  expect(reason(["--XX", "Content-Disposition: form-data; name=a", "--XX--"])).toContain("no end of its headers");
  expect(reason([...field("name=title", "caf\xe9"), "--XX--"])).toBe('The field "title" is not text in UTF-8.');
  expect(read(["--XX--"])).toEqual([]);
});

test("bytes come back as they are, whatever they look like", () => {
  const tricky = fc.constantFrom("\r", "\n", "\r\n", "--XX", "\r\n--XX-", "--XX--x", "\n--XXY\n", "\0", "\xff", "-");
  const content = fc.array(fc.oneof(tricky, fc.string({ maxLength: 3 })), { maxLength: 8 }).map((parts) => {
    const text = parts.join("").replace(/[^\0-\xff]/g, "?");
    return /(^|\n)--XX(--)?[ \t]*(\r?\n|$)/.test(text) ? "" : text;
  });
  fc.assert(
    fc.property(fc.array(content, { maxLength: 4 }), (contents) => {
      const parts = contents.flatMap((each, i) => field(`name="f${i}"; filename="a"`, each));
      expect(read([...parts, "--XX--", ""]).map(show)).toEqual(contents.map((each, i) => [`f${i}`, "a", each]));
    }),
    { numRuns: 500 },
  );
});
