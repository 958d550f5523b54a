/**
 * Text with tabs as the COPY of PostgreSQL and the exports of MySQL write it: no quotes, a backslash before what would
 * end a cell, and `\N` for no value.
 */
import type { CsvRecord } from "./csv";

export const NULL_MARK = "\\N";
const END_MARK = "\\.";
/** A cell with quotes doubled in quotes: programs that quote do not escape. */
const QUOTED = /^"[^"]*(?:""[^"]*)+"$/;

/** Whether lines with tabs are of that kind: some cell is `\N`, and no cell is quoted. */
export async function isCopyText(lines: AsyncIterable<string>): Promise<boolean> {
  let hasNull = false;
  let isHeader = true;
  for await (const line of lines) {
    const cells = line.split("\t");
    if (cells.some((cell) => QUOTED.test(cell) || (isHeader && /^\uFEFF?"/.test(cell)))) return false;
    hasNull ||= cells.includes(NULL_MARK);
    if (line !== "") isHeader = false;
  }
  return hasNull;
}

/** @param lines of the file without their ends */
export async function* copyRecords(lines: AsyncIterable<string>): AsyncGenerator<CsvRecord> {
  let number = 0;
  let text = "";
  let startsAt = 1;
  for await (const line of lines) {
    number++;
    if (text === "") startsAt = number;
    text += line;
    // A backslash before the end of a line puts it into the cell.
    if (/(?<!\\)(?:\\\\)*\\$/.test(line)) {
      text += "\n";
      continue;
    }
    if (text.trim() !== "" && text !== END_MARK) yield { line: startsAt, cells: listCells(text) };
    text = "";
  }
  if (text !== "") yield { line: startsAt, cells: listCells(text.slice(0, -1)) };
}

const CELL = /[^\t\\]*(?:\\[\s\S]?[^\t\\]*)*/y;

function listCells(text: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at <= text.length;) {
    CELL.lastIndex = at;
    const cell = CELL.exec(text)?.[0] ?? "";
    cells.push(cell === NULL_MARK ? "" : unescapeCell(cell));
    at += cell.length + 1;
  }
  return cells;
}

/** MySQL has two more, for the characters 0 and 26, which no text keeps. */
const ESCAPES: Record<string, string> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v", 0: "", Z: "" };

/** Any other character behind a backslash stands for itself. */
export const unescapeCell = (cell: string): string =>
  cell.replace(/\\([\s\S])/g, (_, letter: string) => ESCAPES[letter] ?? letter);
