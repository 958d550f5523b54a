import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRecords, type CsvRecord } from "./csv";

async function read(text: string): Promise<CsvRecord[]> {
  async function* lines() {
    yield* text.split(/\r?\n/);
  }
  const records: CsvRecord[] = [];
  for await (const { quoted: _, ...record } of csvRecords(lines()) as AsyncIterable<Quoted>) records.push(record);
  return records;
}
type Quoted = CsvRecord & { quoted?: unknown };

const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`;

test("whatever cells hold, they are read as they were", async () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", " ", "ü"), maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 5 }), async (rows) => {
      const records = await read(rows.map((row) => row.map(quoted).join(",")).join("\n"));
      expect(records.map((record) => ("cells" in record ? record.cells : record))).toEqual(rows);
      const startsAt = rows.map((_, i) => 1 + rows.slice(0, i).join("\n").split("\n").length - (i === 0 ? 1 : 0));
      expect(records.map(({ line }) => line)).toEqual(startsAt);
    }),
  );
});

test("cells in quotes are told from others", async () => {
  async function* lines() {
    yield* ['a,"b",c', "d,e,f", '"g', 'h",i,"j"'];
  }
  for (const columns of [null, 3]) {
    const quotedCells: unknown[] = [];
    for await (const record of csvRecords(lines(), ",", columns))
      quotedCells.push("quoted" in record && [...record.quoted!]);
    expect(quotedCells).toEqual([[1], false, [0, 2]]);
  }
});

test("rows of separators alone are empty rows", async () => {
  expect(await read('a,b,c\n,,\n , ,\n"",,\nd,e,f')).toEqual([
    { line: 1, cells: ["a", "b", "c"] },
    { line: 4, cells: ["", "", ""] },
    { line: 5, cells: ["d", "e", "f"] },
  ]);
});

test("a mistake costs its own line and no more", async () => {
  expect(await read('a,b\nx"y,1\n"z"w,2\n\nc,"d\n\nd"\n"open,3\ne,f\ng,"h"')).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 2, problem: "has a quote within a cell that does not begin with one" },
    { line: 3, problem: "has something after a closing quote" },
    { line: 5, cells: ["c", "d\n\nd"] },
    // The quote of line 10 would close it, but something comes after it.
    { line: 8, problem: "has something after a closing quote" },
    { line: 9, cells: ["e", "f"] },
    { line: 10, cells: ["g", "h"] },
  ]);
  expect(await read('a,b\n"open,3\ne,f\n"open,4\n')).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 2, problem: "has something after a closing quote" },
    { line: 3, cells: ["e", "f"] },
    { line: 4, problem: "has a quote that is never closed" },
  ]);
  expect(await read('a,b\n"open,3\ne,f\ng,h')).toEqual([
    { line: 1, cells: ["a", "b"] },
    { line: 2, problem: "has a quote that is never closed" },
    { line: 3, cells: ["e", "f"] },
    { line: 4, cells: ["g", "h"] },
  ]);
});

test("a cell that stays open for thousands of lines is given up early, and the lines are read again", async () => {
  const rows = Array.from({ length: 5_000 }, (_, i) => `${i},x`);
  const records = await read(['"open,1', ...rows].join("\n"));
  expect(records[0]).toEqual({ line: 1, problem: "has a quote that is never closed" });
  expect(records).toHaveLength(5_001);
  expect(records.at(-1)).toEqual({ line: 5_001, cells: ["4999", "x"] });
});

test("a cell of megabytes is read where quotes can be text too", async () => {
  async function* lines() {
    yield `a\t"${'x""y'.repeat(1_000_000)}"\tb`;
  }
  for await (const record of csvRecords(lines(), "\t", 3))
    expect("cells" in record && record.cells[1]?.length).toBe(3_000_000);
});
