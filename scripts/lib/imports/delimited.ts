/** What a file with separators is written like: its separator, its columns, and how it writes numbers. */
import { csvRecords, type CsvRecord } from "./csv";
import { findDecimalsOf, type Decimals } from "./figures";

const SEPARATORS = { ",": "commas", ";": "semicolons", "\t": "tabs", "|": "vertical bars" } as const;
type Separator = keyof typeof SEPARATORS;

export interface Shape {
  separator: Separator;
  /** The field of each column; null for one without a name, which must be empty. */
  columns: (string | null)[];
  /** How the file writes decimals; null where that cannot be told. */
  decimals: Decimals | null;
}

export interface Fields {
  all: readonly string[];
  numbers: readonly string[];
  /** The fields among them that have no fractions. */
  wholeNumbers: readonly string[];
}

/** The line with which a spreadsheet says its separator. */
export const SEPARATOR_LINE = /^\uFEFF?"?sep=(.)"?$/i;

export const describeShape = ({ separator, columns, decimals }: Shape): string =>
  [
    `separated by ${SEPARATORS[separator]}`,
    ...(decimals === null ? [] : [`decimal ${decimals}s`]),
    `columns ${columns.filter((name) => name !== null).join(", ")}`,
  ].join(", ");

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
  return {
    separator,
    columns,
    decimals: forced ?? (await findDecimals(lines.slice(first), separator, columns, fields)),
  };
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
  const columns = names.map((name) => byKey.get(toKey(name)) ?? (name === "" ? null : undefined));
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

/** How the numbers of the first lines are written, as far as they cannot be read in two ways. */
async function findDecimals(
  lines: string[],
  separator: Separator,
  columns: (string | null)[],
  fields: Fields,
): Promise<Decimals | null> {
  const found = new Set<Decimals>();
  for await (const record of csvRecords(linesFrom(lines.slice(1)), separator))
    if ("cells" in record)
      record.cells.forEach((cell, i) => {
        if (!fields.numbers.includes(columns[i] ?? "")) return;
        const decimals = findDecimalsOf(cell);
        if (decimals !== null) found.add(decimals);
      });
  return found.size === 1 ? [...found][0]! : null;
}
