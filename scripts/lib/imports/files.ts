/** Records of CSV, JSON and JSONL files, one by one, with where each begins. */
import { extname } from "node:path";
import { itemsOf, membersOf } from "../../../convex/valuations/drafts/jsonText";
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
import { readFigure, readPlainNumber, type Decimals } from "./figures";
import { NOT_JSON, notJson, RawJson } from "./json";
import { findEncoding, linesOf, readText } from "./lines";
import { askMissing, hasNotAvailable, isNotAvailable, type Missing } from "./missing";

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
  /** Its backslashes, where that is known. */
  backslashes?: Backslashes | undefined;
  /** The meaning of a bare NA, where that is known. */
  missing?: Exclude<Missing, "ask"> | undefined;
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
  const { encoding } = options;
  const { charset, hasZeros } = await naming(path, () =>
    encoding === undefined ? findEncoding(path) : { charset: encoding, hasZeros: false },
  );
  const { shape, records } = await naming(path, () => format.open(path, charset, options));
  const words = [
    `${format.name} in ${charset.toUpperCase()}`,
    ...(hasZeros ? ["without its zero bytes"] : []),
    ...(shape ? [describeShape(shape)] : []),
  ];
  return { description: words.join(", "), records: namingRecords(path, records) };
}

/** Reads records one by one; `openSource` without what the file was taken for. */
export async function* readRecords(path: string, options: SourceOptions): AsyncGenerator<SourceRecord> {
  yield* (await openSource(path, options)).records;
}

interface Opened {
  shape?: Shape | null;
  records: AsyncIterable<SourceRecord>;
}
interface Format {
  name: string;
  open: (path: string, charset: string, options: SourceOptions) => Promise<Opened>;
}
const CSV: Format = { name: "Text with separators", open: openDelimited };
const JSON_LINES: Format = {
  name: "JSON lines",
  open: (path, charset) => Promise.resolve({ records: jsonLines(path, charset) }),
};
const FORMATS: Record<string, Format> = {
  ".csv": CSV,
  ".tsv": CSV,
  ".json": { name: "A JSON array", open: (path, charset) => Promise.resolve({ records: jsonArray(path, charset) }) },
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

async function openDelimited(path: string, charset: string, options: SourceOptions): Promise<Opened> {
  const { fields } = options;
  const sample: string[] = [];
  for await (const line of linesOf(path, charset)) {
    sample.push(line);
    if (sample.length === SAMPLE_LINES) break;
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
  return { shape, records: delimitedRecords(lines(), shape, fields) };
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
    const written = given[i] ?? "";
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
