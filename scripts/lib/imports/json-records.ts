/** Records of JSON and JSONL files. */
import { itemsOf, membersOf } from "../../../convex/valuations/drafts/jsonText";
import type { Fields } from "./delimited";
import { findDecimalsOf, readFigure, readPlainNumber, type Decimals } from "./figures";
import { NOT_JSON, notJson, RawJson } from "./json";
import { linesOf, readText } from "./lines";
import { type Opened, SAMPLE_SIZE, type SourceOptions, type SourceRecord } from "./records";

type Open = (path: string, charset: string, options: SourceOptions) => Promise<Opened>;

/** Opens a file of JSON: figures in its texts are read as those in cells are. */
export function openJsonWith(read: (path: string, charset: string) => AsyncGenerator<SourceRecord>): Open {
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
    if (++count === SAMPLE_SIZE) break;
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

export async function* jsonLines(path: string, charset: string): AsyncGenerator<SourceRecord> {
  let line = 0;
  for await (const text of linesOf(path, charset)) {
    line++;
    if (text.trim() !== "") yield { line, ...parsed(text) };
  }
}

export async function* jsonArray(path: string, charset: string): AsyncGenerator<SourceRecord> {
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
