/** What a file with separators is written like: its separator, its columns, and how it writes numbers. */
import { copyRecords } from "./copy-text";
import { csvRecords, type CsvRecord } from "./csv";
import { enclosedRecords } from "./enclosed-text";
import { findDecimalsOf, type Decimals } from "./figures";
import { findMissing, type Missing } from "./missing";

const SEPARATORS = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars" } as const;
type Separator = keyof typeof SEPARATORS;

export interface Shape {
  separator: Separator;
  /** The field of each column; null for one without a name, which must be empty. */
  columns: (string | null)[];
  /** How the file writes decimals; null where that cannot be told. */
  decimals: Decimals | null;
  /** The first column has no name and numbers the rows: it is left out. */
  isNumbered: boolean;
  /** Backslashes are escapes, as databases write them, or text; null where nothing depends on it. */
  backslashes: Backslashes | null;
  /** Quotes are around cells, or may be. */
  isEnclosed: boolean;
  /** The meaning of a bare NA by column. */
  missing: Missing[];
  /** Some cell is a bare NA. */
  hasMissing: boolean;
}

export type Backslashes = "escapes" | "text";

export interface Fields {
  all: readonly string[];
  numbers: readonly string[];
  /** The fields among them that have no fractions. */
  wholeNumbers: readonly string[];
  /** The fields that any text can be in; all but those of numbers where this is left out. */
  texts?: readonly string[];
  /** The fields of codes, NA among them. */
  codes?: readonly string[];
}

/** Marks for no value in files of databases and programs, and for one that a spreadsheet did not find. */
const NULL_MARKS = new Set(["\\N", "NULL", "(null)", "<null>", "<NA>", "#N/A"]);
export const isNullMark = (cell: string): boolean => NULL_MARKS.has(cell.trim());

/** The line with which a spreadsheet says its separator. */
export const SEPARATOR_LINE = /^\uFEFF?"?sep=(.)"?$/i;

const BACKSLASHES: Record<Backslashes, string> = {
  escapes: "backslashes as escapes",
  text: "backslashes as text (--backslashes escapes reads them otherwise)",
};

export const describeShape = ({ separator, columns, decimals, isNumbered, ...shape }: Shape): string =>
  [
    `separated by ${SEPARATORS[separator]}`,
    ...(shape.backslashes === null ? [] : [BACKSLASHES[shape.backslashes]]),
    ...(shape.hasMissing ? describeMissing(shape.missing, columns) : []),
    ...(decimals === null ? [] : [`decimal ${decimals}s`]),
    `columns ${columns.filter((name) => name !== null).join(", ")}`,
    ...(isNumbered ? ["without the first column, which numbers the rows"] : []),
  ].join(", ");

function describeMissing(missing: Missing[], columns: (string | null)[]): string[] {
  if (missing.every((meaning) => meaning === "none")) return ["NA for no value"];
  if (missing.every((meaning) => meaning === "text")) return ["NA as text"];
  const codes = columns.filter((_, i) => missing[i] === "text");
  return codes.length === 0 ? [] : [`NA in ${codes.join(", ")} as a code (--na none reads it as no value)`];
}

/** Names are compared without regard to case, spaces, hyphens and underscores. */
const toKey = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, "");

/**
 * The shape of a file by its first lines. Null for an empty one.
 *
 * @throws Error for a header that names no field, or one twice
 */
export async function findShape(lines: string[], fields: Fields, forced?: Decimals): Promise<Shape | null> {
  const first = lines.findIndex((line) => line.trim() !== "" && !SEPARATOR_LINE.test(line));
  if (first === -1) return null;
  const said = lines
    .slice(0, first)
    .map((line) => SEPARATOR_LINE.exec(line)?.[1])
    .find(Boolean);
  const separator =
    said !== undefined && said in SEPARATORS ? (said as Separator) : findSeparator(lines[first] ?? "", fields.all);
  const columns = await readHeader(lines.slice(first), first, separator, fields.all);
  const shape: Shape = {
    separator,
    columns,
    decimals: forced ?? null,
    isNumbered: false,
    backslashes: null,
    isEnclosed: separator !== "\t" || /^\uFEFF?"/.test(lines[first] ?? ""),
    missing: [],
    hasMissing: false,
  };
  const records: CsvRecord[] = [];
  for await (const record of recordsOf(linesFrom(lines.slice(first)), shape)) records.push(record);
  const [, ...rows] = records;
  return {
    ...shape,
    decimals: forced ?? findDecimals(rows, columns, fields),
    isNumbered: columns[0] === null && numbersRows(rows),
    missing: findMissing(
      rows,
      columns.map((name) => name !== null && fields.codes?.includes(name) === true),
      (cell) => cell.trim() !== "" && !isNullMark(cell),
    ),
  };
}

/** The records of a file of a shape, its header first. */
export function recordsOf(lines: AsyncIterable<string>, shape: Shape): AsyncGenerator<CsvRecord> {
  const { separator, columns, backslashes, isEnclosed } = shape;
  if (backslashes === "escapes") return isEnclosed ? enclosedRecords(lines, separator) : copyRecords(lines);
  return csvRecords(lines, separator, separator === "\t" ? columns.length : null);
}

/** The separator by which the header has the most fields. */
function findSeparator(header: string, fields: readonly string[]): Separator {
  const known = new Set(fields.map(toKey));
  const count = (separator: string) =>
    header.split(separator).filter((name) => known.has(toKey(name.replace(/["\uFEFF]/g, "")))).length;
  const candidates = Object.keys(SEPARATORS) as Separator[];
  const best = candidates.toSorted((a, b) => count(b) - count(a))[0]!;
  return count(best) > 0 ? best : ",";
}

/** pandas reads the first column without a name back as "Unnamed: 0". */
const isUnnamed = (name: string, index: number): boolean => name === "" || (index === 0 && name === "Unnamed: 0");

async function readHeader(
  lines: string[],
  offset: number,
  separator: Separator,
  fields: readonly string[],
): Promise<(string | null)[]> {
  const header = await firstRecord(lines, separator);
  const line = offset + header.line;
  if ("problem" in header) throw new Error(`line ${line}: the header ${header.problem}`);
  const byKey = new Map(fields.map((name) => [toKey(name), name]));
  const names = header.cells.map((cell) => cell.replace(/^\uFEFF/, "").trim());
  // Spreadsheets end lines with the separators of columns that are empty.
  while (names.at(-1) === "") names.pop();
  const columns = names.map((name, index) => byKey.get(toKey(name)) ?? (isUnnamed(name, index) ? null : undefined));
  const unknown = columns.indexOf(undefined);
  if (unknown !== -1)
    throw new Error(
      `line ${line}: there is no field "${names[unknown]}". The fields are ${fields.join(", ")}; between them stands a comma, a semicolon, a tab or a vertical bar.`,
    );
  const twice = columns.find((name, i) => name && columns.indexOf(name) !== i);
  if (twice) throw new Error(`line ${line}: the column "${twice}" is there twice`);
  return columns.map((name) => name ?? null);
}

async function firstRecord(lines: string[], separator: Separator): Promise<CsvRecord> {
  for await (const record of csvRecords(linesFrom(lines), separator)) return record;
  return { line: 1, problem: "is empty" };
}

async function* linesFrom(lines: string[]): AsyncGenerator<string> {
  yield* lines;
}

/** How the numbers of the first rows are written, as far as they cannot be read in two ways. */
function findDecimals(rows: CsvRecord[], columns: (string | null)[], fields: Fields): Decimals | null {
  const found = new Set<Decimals>();
  for (const row of rows)
    if ("cells" in row)
      row.cells.forEach((cell, i) => {
        if (!fields.numbers.includes(columns[i] ?? "")) return;
        const decimals = findDecimalsOf(cell);
        if (decimals !== null) found.add(decimals);
      });
  return found.size === 1 ? [...found][0]! : null;
}

/** Whether the first cells of the first rows are running numbers from 0 or 1. Rows with mistakes have theirs too. */
function numbersRows(rows: CsvRecord[]): boolean {
  let last: number | null = null;
  let mistakes = 0;
  for (const row of rows) {
    if ("problem" in row) {
      mistakes++;
      continue;
    }
    const cell = row.cells[0]?.trim() ?? "";
    const number = Number(cell);
    if (
      !isRowNumber(cell) ||
      !(last === null ? number <= 1 + mistakes : number > last && number <= last + 1 + mistakes)
    )
      return false;
    [last, mistakes] = [number, 0];
  }
  return last !== null;
}

/** Whether a cell of a column that numbers the rows is its row's number. */
export const isRowNumber = (cell: string): boolean => /^\d{1,15}$/.test(cell.trim());
