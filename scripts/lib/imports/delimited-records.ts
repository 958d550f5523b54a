/** Records of files with separators. */
import { isCopyText } from "./copy-text";
import type { CsvRecord } from "./csv";
import {
  type Backslashes,
  describeShape,
  type Fields,
  findShape,
  isNullMark,
  isRowNumber,
  recordsOf,
  SEPARATOR_LINE,
  type Shape,
} from "./delimited";
import { findBackslashes, isEnclosedText } from "./enclosed-text";
import { readFigure, readFormula } from "./figures";
import { linesOf } from "./lines";
import { askMissing, hasNotAvailable, isNotAvailable, type Missing } from "./missing";
import { type Opened, SAMPLE_SIZE, type SourceOptions, type SourceRecord } from "./records";

export async function openDelimited(path: string, charset: string, options: SourceOptions): Promise<Opened> {
  const { fields } = options;
  const sample: string[] = [];
  for await (const line of linesOf(path, charset)) {
    sample.push(line);
    if (sample.length === SAMPLE_SIZE) break;
  }
  const found = await findShape(sample, fields, options.decimals);
  if (found === null) return { records: noRecords() };
  const lines = () => withoutSeparatorLine(linesOf(path, charset));
  const backslashes = await readBackslashes(lines, found, options.backslashes);
  const missing = options.missing ?? (backslashes === "escapes" ? "text" : undefined);
  const shape: Shape = {
    ...found,
    backslashes,
    missing: missing === undefined ? found.missing : found.missing.map(() => missing),
    hasMissing: await hasMissing(lines(), found.separator),
  };
  return { shape: describeShape(shape), records: delimitedRecords(lines(), shape, fields) };
}

async function hasMissing(lines: AsyncIterable<string>, separator: string): Promise<boolean> {
  for await (const line of lines) if (hasNotAvailable(line, separator)) return true;
  return false;
}

/** The meaning of the backslashes of a file, or null where it has none that could be escapes. */
async function readBackslashes(
  lines: () => AsyncIterable<string>,
  { separator, isEnclosed }: Shape,
  known?: Backslashes,
): Promise<Backslashes | null> {
  if (known !== undefined) return known;
  const found = await findBackslashes(lines(), separator);
  const isEscaped = isEnclosed ? isEnclosedText(lines, separator, found) : found.hasNull && isCopyText(lines());
  if (await isEscaped) return "escapes";
  return found.hasEscapes ? "text" : null;
}

async function* noRecords(): AsyncGenerator<SourceRecord> {}

async function* delimitedRecords(
  lines: AsyncIterable<string>,
  shape: Shape,
  fields: Fields,
): AsyncGenerator<SourceRecord> {
  let isHeader = true;
  for await (const record of recordsOf(lines, shape)) {
    if (isHeader) isHeader = false;
    else yield "problem" in record ? record : toRecord(record, shape, fields);
  }
}

/** The line that says the separator is left empty, so that lines keep their numbers. */
async function* withoutSeparatorLine(lines: AsyncIterable<string>): AsyncGenerator<string> {
  let isFirst = true;
  for await (const line of lines) {
    yield isFirst && SEPARATOR_LINE.test(line) ? "" : line;
    isFirst = false;
  }
}

/** Columns are matched by the names in the first record; an empty cell is null. */
function toRecord({ line, cells, quoted }: Cells, shape: Shape, fields: Fields): SourceRecord {
  const { columns } = shape;
  const given = [...cells];
  // Separators of further columns that are empty, as spreadsheets write them.
  while (given.length > columns.length && given.at(-1)?.trim() === "") given.pop();
  if (given.length !== columns.length)
    return { line, problem: `has ${given.length} columns where the header has ${columns.length}` };
  const value: Record<string, unknown> = {};
  for (const [i, name] of columns.entries()) {
    const written = readFormula(given[i] ?? "");
    const cell = isNullMark(written) ? "" : written;
    if (name === null) {
      if (i === 0 && shape.isNumbered && isRowNumber(cell)) continue;
      if (cell.trim() !== "") return { line, problem: `has "${cell}" in a column without a name` };
    } else {
      const isBare = quoted?.has(i) !== true;
      const read = readCell(cell, { name, isBare, missing: shape.missing[i] ?? "ask" }, shape, fields);
      if (typeof read === "object" && read !== null) return { line, problem: `${name}: ${read.problem}` };
      value[name] = read;
    }
  }
  return { line, value };
}

/** The value of a cell, null for none, or the reason why it must be asked about. */
function readCell(
  cell: string,
  column: { name: string; isBare: boolean; missing: Missing },
  shape: Shape,
  { numbers, wholeNumbers, texts }: Fields,
): number | string | { problem: string } | null {
  const { name } = column;
  if (cell === "") return null;
  if (numbers.includes(name)) return readFigure(cell, shape, wholeNumbers.includes(name));
  if (!column.isBare || !isNotAvailable(cell)) return cell;
  // A column in which not any text can be has no text NA.
  const missing = texts?.includes(name) === false ? "none" : column.missing;
  if (missing === "ask") return { problem: askMissing() };
  return missing === "none" ? null : cell;
}

type Cells = Extract<CsvRecord, { cells: string[] }>;
