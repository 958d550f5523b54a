import fc from "fast-check";
import { expect, test } from "vitest";
import { copyRecords, isCopyText } from "./copy-text";

async function* linesOf(text: string) {
  yield* text.split("\n");
}

const ESCAPES: Record<string, string> = { "\t": "\\t", "\n": "\\n", "\r": "\\r", "\\": "\\\\" };
const escaped = (cell: string) => cell.replace(/[\t\n\r\\]/g, (letter) => ESCAPES[letter] ?? "");
/** As MySQL writes into files: a backslash before the character itself. */
const escapedBare = (cell: string) => cell.replace(/[\t\n\\]/g, "\\$&");

test("whatever cells hold, they are read as they were", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', "\t", "\n", "\\", "N", "ü"), minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }),
      fc.constantFrom(escaped, escapedBare),
      async (rows, escape) => {
        const read: unknown[] = [];
        const text = rows.map((row) => row.map((each) => `x${escape(each)}`).join("\t")).join("\n");
        for await (const record of copyRecords(linesOf(text))) read.push("cells" in record && record.cells);
        expect(read).toEqual(rows.map((row) => row.map((each) => `x${each}`)));
      },
    ),
  );
});

test("records have the lines where they begin, and the mark of the end is none", async () => {
  const read: unknown[] = [];
  for await (const record of copyRecords(linesOf("a\tb\\\nc\n\n\\N\td\n\\.\n"))) read.push(record);
  expect(read).toEqual([
    { line: 1, cells: ["a", "b\nc"] },
    { line: 4, cells: ["", "d"] },
  ]);
});

test.each([
  ["a\tb\n\\N\tc", true],
  ["a\tb\n\\N", true],
  ["a\tb\nx\\N\tc", false],
  ["a\tb\n1\tx\\ny", false],
  ['a\tb\n\\N\t"say ""no"""', false],
  ['"a"\tb\n\\N\tc', false],
  ['a\tb\n\\N\t"c"', true],
])("%j is text of COPY: %j", async (text, isCopy) => expect(await isCopyText(linesOf(text))).toBe(isCopy));
