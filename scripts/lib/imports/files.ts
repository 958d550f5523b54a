/** Records of CSV, JSON and JSONL files, one by one, with where each begins. */
import { extname } from "node:path";
import { itemsOf, membersOf } from "../../../convex/valuations/drafts/jsonText";
import { isCopyText } from "./copy-text";
import { describeShape, findShape, isRowNumber, recordsOf, SEPARATOR_LINE, type Fields, type Shape } from "./delimited";
import { findDecimalsOf, readFigure, readFormula, readPlainNumber, type Decimals } from "./figures";
import { NOT_JSON, notJson, RawJson } from "./json";
import { findEncoding, linesOf, readText } from "./lines";

/** One record of the file; `line` is where it begins, from 1 (of a JSON array: its position). */
export type SourceRecord = { line: number; value: unknown } | { line: number; problem: string };

/** The unit of a record's `line`. */
export const unitOf = (path: string): "line" | "record" =>
  extname(path).toLowerCase() === ".json" ? "record" : "line";

export interface SourceOptions {
  fields: Fields;
  /** How the file writes decimals, where that is known. */
  decimals?: Decimals | undefined;
  /** Its encoding, where that is known. */
  encoding?: string | undefined;
}

/** A file, opened: in words what it was taken for, and its records. */
export interface Source {
  description: string;
  records: AsyncIterable<SourceRecord>;
}

/** Opens a file by its extension. Throws for one that cannot be read as a whole, naming it. */
export async function openSource(path: string, options: SourceOptions): Promise<Source> {
  const extension = extname(path).toLowerCase();
  const format = FORMATS[extension];
  if (!format) throw new Error(`${path}: the file must end in .csv, .tsv, .json, .jsonl or .ndjson`);
  const charset = await naming(path, () => options.encoding ?? findEncoding(path));
  const { shape, records } = await naming(path, () => format.open(path, charset, options));
  const words = [`${format.name} in ${charset.toUpperCase()}`, ...(shape ? [shape] : [])];
  return { description: words.join(", "), records: namingRecords(path, records) };
}

/** Reads records one by one; `openSource` without what the file was taken for. */
export async function* readRecords(path: string, options: SourceOptions): AsyncGenerator<SourceRecord> {
  yield* (await openSource(path, options)).records;
}

interface Opened {
  /** In words. */
  shape?: string | null;
  records: AsyncIterable<SourceRecord>;
}
interface Format {
  name: string;
  open: (path: string, charset: string, options: SourceOptions) => Promise<Opened>;
}
const CSV: Format = { name: "Text with separators", open: openDelimited };
const JSON_LINES: Format = { name: "JSON lines", open: openJsonWith(jsonLines) };
const FORMATS: Record<string, Format> = {
  ".csv": CSV,
  ".tsv": CSV,
  ".json": { name: "A JSON array", open: openJsonWith(jsonArray) },
  ".jsonl": JSON_LINES,
  ".ndjson": JSON_LINES,
};

const REASONS: Record<string, string> = {
  ENOENT: "no such file",
  EISDIR: "is a folder",
  EACCES: "may not be read",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is not text in one encoding; save it as UTF-8 and try again",
};

function toNamed(path: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  return new Error(`${path}: ${REASONS[code ?? ""] ?? message}`, { cause: error });
}

async function naming<Result>(path: string, work: () => Result | Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw toNamed(path, error);
  }
}

async function* namingRecords(path: string, records: AsyncIterable<SourceRecord>): AsyncGenerator<SourceRecord> {
  try {
    yield* records;
  } catch (error) {
    throw toNamed(path, error);
  }
}

/** Lines from which a file's separator and numbers are told. */
const SAMPLE_LINES = 1_000;

async function openDelimited(path: string, charset: string, { fields, decimals }: SourceOptions): Promise<Opened> {
  const sample: string[] = [];
  for await (const line of linesOf(path, charset)) {
    sample.push(line);
    if (sample.length === SAMPLE_LINES) break;
  }
  const found = await findShape(sample, fields, decimals);
  if (found === null) return { records: noRecords() };
  const isEscaped = found.separator === "\t" && (await isCopyText(linesOf(path, charset)));
  const shape = { ...found, isEscaped };
  return { shape: describeShape(shape), records: delimitedRecords(linesOf(path, charset), shape, fields) };
}

async function* noRecords(): AsyncGenerator<SourceRecord> {}

async function* delimitedRecords(
  lines: AsyncIterable<string>,
  shape: Shape,
  fields: Fields,
): AsyncGenerator<SourceRecord> {
  let isHeader = true;
  for await (const record of recordsOf(withoutSeparatorLine(lines), shape)) {
    if (isHeader) isHeader = false;
    else yield "problem" in record ? record : toRecord(record.line, record.cells, shape, fields);
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

/** Marks for no value in files of databases and their programs, and for one that a spreadsheet did not find. */
const NULL_MARKS = new Set(["\\N", "NULL", "(null)", "<null>", "#N/A"]);

/** Columns are matched by the names in the first record; an empty cell is null. */
function toRecord(line: number, cells: string[], shape: Shape, fields: Fields): SourceRecord {
  const { columns } = shape;
  const given = [...cells];
  // Separators of further columns that are empty, as spreadsheets write them.
  while (given.length > columns.length && given.at(-1)?.trim() === "") given.pop();
  if (given.length !== columns.length)
    return { line, problem: `has ${given.length} columns where the header has ${columns.length}` };
  const value: Record<string, unknown> = {};
  for (const [i, name] of columns.entries()) {
    const written = readFormula(given[i] ?? "");
    const cell = NULL_MARKS.has(written.trim()) ? "" : written;
    if (name === null) {
      if (i === 0 && shape.isNumbered && isRowNumber(cell)) continue;
      if (cell.trim() !== "") return { line, problem: `has "${cell}" in a column without a name` };
    } else if (cell === "" || !fields.numbers.includes(name)) value[name] = cell === "" ? null : cell;
    else {
      const figure = readFigure(cell, shape, fields.wholeNumbers.includes(name));
      if (typeof figure === "object") return { line, problem: `${name}: ${figure.problem}` };
      value[name] = figure;
    }
  }
  return { line, value };
}

/** Opens a file of JSON: figures in its texts are read as those in cells are. */
function openJsonWith(read: (path: string, charset: string) => AsyncGenerator<SourceRecord>): Format["open"] {
  return async (path, charset, { fields, decimals: forced }) => {
    const decimals = forced ?? (await findJsonDecimals(read(path, charset), fields));
    const shape = decimals === null ? null : `decimal ${decimals}s`;
    return { shape, records: withFigures(read(path, charset), fields, decimals) };
  };
}

/** How texts of the first records write decimals, as far as they cannot be read in two ways. */
async function findJsonDecimals(records: AsyncGenerator<SourceRecord>, fields: Fields): Promise<Decimals | null> {
  const found = new Set<Decimals>();
  let count = 0;
  for await (const record of records) {
    for (const [, text] of listFigureTexts(record, fields)) {
      const decimals = findDecimalsOf(text);
      if (decimals !== null) found.add(decimals);
    }
    if (++count === SAMPLE_LINES) break;
  }
  return found.size === 1 ? ([...found][0] ?? null) : null;
}

/** The fields of numbers that hold texts. */
const listFigureTexts = (record: SourceRecord, { numbers }: Fields): [name: string, text: string][] =>
  "problem" in record
    ? []
    : Object.entries(record.value as object).flatMap(([name, value]: [string, unknown]) =>
        numbers.includes(name) && typeof value === "string" ? [[name, value]] : [],
      );

async function* withFigures(
  records: AsyncGenerator<SourceRecord>,
  fields: Fields,
  decimals: Decimals | null,
): AsyncGenerator<SourceRecord> {
  for await (const record of records) {
    const figures = listFigureTexts(record, fields).map(([name, text]) => {
      const figure = readFigure(text, { decimals, separator: null }, fields.wholeNumbers.includes(name));
      return { name, figure };
    });
    const problems = figures.flatMap(({ name, figure }) =>
      typeof figure === "object" ? [`${name}: ${figure.problem}`] : [],
    );
    if ("problem" in record || figures.length === 0) yield record;
    else if (problems.length > 0) yield { line: record.line, problem: problems.join("; ") };
    else {
      const read = Object.fromEntries(figures.map(({ name, figure }) => [name, figure]));
      yield { line: record.line, value: { ...(record.value as object), ...read } };
    }
  }
}

async function* jsonLines(path: string, charset: string): AsyncGenerator<SourceRecord> {
  let line = 0;
  for await (const text of linesOf(path, charset)) {
    line++;
    if (text.trim() !== "") yield { line, ...parsed(text) };
  }
}

async function* jsonArray(path: string, charset: string): AsyncGenerator<SourceRecord> {
  const text = await readText(path, charset);
  if (text.trim() === "") return;
  let isArray: boolean;
  try {
    isArray = Array.isArray(JSON.parse(text));
  } catch (error) {
    const reason = notJson(text);
    throw new Error(reason === NOT_JSON ? `${reason}: ${(error as Error).message}` : reason, { cause: error });
  }
  if (!isArray) throw new Error("the file must hold a JSON array");
  for (const [index, item] of itemsOf(text).entries()) yield { line: index + 1, ...parsed(item) };
}

/** A member of a record as a value, or as text where a value would lose something. */
function toMember(text: string): unknown {
  if (/^[{[]/.test(text) || typeof (readPlainNumber(text) ?? 0) === "object") return new RawJson(text);
  return JSON.parse(text) as unknown;
}

/** A record from its JSON text; objects, arrays and long numbers in it stay text. */
function parsed(text: string): { value: unknown } | { problem: string } {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return { problem: "must be a JSON object" };
    const members = Array.from(membersOf(text), ([name, member]) => [name, toMember(member)] as const);
    return { value: Object.fromEntries(members) };
  } catch {
    return { problem: notJson(text) };
  }
}
