import { Readable } from "node:stream";
import { parse as parseCsv } from "csv-parse";
import type { JsonObject } from "../../values";
import { type Archive, makePlaceKey, readArchive } from "./import-archive";
import { ImportError } from "./import-error";
import { applyShape, type Override, parseShape, type Shape } from "./shapes";
import { decodeUniform, parseValue, UNIFORM } from "./uniform-values";

interface ImportedRow {
  row: JsonObject;
  /** Such as `line 3`, with the entry of an archive before it. */
  where: string;
}

/** One table of an import. */
export interface ImportedTable {
  component: string;
  table: string;
  /** Its number where it comes from, when that is written down: ids carry it. */
  number: number | null;
  isCsv: boolean;
  /** In the order of the file; may be read more than once. */
  rows: () => AsyncIterable<ImportedRow> | Iterable<ImportedRow>;
}

export interface ImportedFile {
  component: string;
  /** Its row in `_storage`. */
  row: JsonObject;
  where: string;
  bytes: Uint8Array;
}

export interface ImportedData {
  tables: ImportedTable[];
  files: ImportedFile[];
  /** Components whose `_storage` is part of the import. */
  storages: string[];
}

/** As the hosted platform: a JSON array is read in one go. */
const MAX_ARRAY_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;
const DECIMAL = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const NO_FINITE_NUMBER = /^[+-]?(?:inf|infinity|nan)$/i;

/**
 * @param format as the CLI names it: csv, jsonLines, jsonArray or zip.
 * @param table where rows go; null for zip files, which name their tables.
 * @throws ImportError
 */
export async function parseImport(
  format: string,
  bytes: Uint8Array,
  component: string,
  table: string | null,
): Promise<ImportedData> {
  if (format === "zip") return parseArchive(await readArchive(bytes, component));
  if (table === null) throw new ImportError(`A ${format} file needs a table to be imported into.`);
  const rows = chooseRowParser(format, bytes);
  const imported = { component, table, number: null, isCsv: format === "csv", rows };
  return { tables: [imported], files: [], storages: [] };
}

function chooseRowParser(format: string, bytes: Uint8Array): ImportedTable["rows"] {
  switch (format) {
    case "csv":
      return () => parseCsvRows(bytes);
    case "jsonArray": {
      const rows = parseArray(bytes);
      return () => rows;
    }
    case "jsonLines":
      return () => parseLines(bytes, parsePlain);
    default:
      throw new ImportError(`The format "${format}" is not supported; use csv, jsonLines, jsonArray or zip.`);
  }
}

const decodeText = (bytes: Uint8Array, where: string): string => {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new ImportError(`${where} is not valid UTF-8.`);
  }
};

/** @throws Error when the line is not what it should be. */
type ParseLine = (line: string) => unknown;

const parsePlain: ParseLine = (line) => parseValue(JSON.parse(line));

/** @param source what to call the file; nothing when there is only one. */
function* parseLines(bytes: Uint8Array, parse: ParseLine, source = ""): Generator<ImportedRow> {
  let number = 0;
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const where = `${source}line ${++number}`;
    const line = decodeText(bytes.subarray(start, end), where);
    start = end + 1;
    if (line.trim() !== "") yield { row: parseRow(() => parse(line), where), where };
  }
}

function parseRow(parse: () => unknown, where: string): JsonObject {
  let value: unknown;
  try {
    value = parse();
  } catch (error) {
    const reason = error instanceof SyntaxError ? "it is not valid JSON" : (error as Error).message;
    throw new ImportError(`${where}: ${reason}`);
  }
  const isEncoded = typeof value === "object" && value !== null && Object.keys(value)[0]?.startsWith("$") === true;
  if (typeof value !== "object" || value === null || Array.isArray(value) || isEncoded)
    throw new ImportError(`${where}: it is not an object`);
  return value as JsonObject;
}

function parseArray(bytes: Uint8Array): ImportedRow[] {
  if (bytes.length > MAX_ARRAY_BYTES)
    throw new ImportError(
      `A JSON array may have ${MAX_ARRAY_BYTES / 1024 / 1024} MiB. Make JSON lines of it: jq -c '.[]' data.json > data.jsonl.`,
    );
  let parsed: unknown;
  try {
    parsed = JSON.parse(decodeText(bytes, "The file"));
  } catch (error) {
    throw error instanceof ImportError ? error : new ImportError("The file is not valid JSON.");
  }
  if (!Array.isArray(parsed)) throw new ImportError("The file must hold one JSON array.");
  return parsed.map((value: unknown, at) => ({
    row: parseRow(() => parseValue(value), `element ${at}`),
    where: `element ${at}`,
  }));
}

/** Cells are numbers where they read as such, else text; numbers that JSON lacks are null, as on the platform. */
async function* parseCsvRows(bytes: Uint8Array): AsyncGenerator<ImportedRow> {
  const text = decodeText(bytes, "The file");
  const parser = Readable.from(splitIntoChunks(text)).pipe(
    parseCsv({
      columns: (names: string[]) => names.map((name) => name.trim()),
      skip_empty_lines: true,
      bom: true,
      info: true,
    }),
  );
  try {
    for await (const { record, info } of parser as AsyncIterable<{
      record: Record<string, string>;
      info: { lines: number };
    }>) {
      const cells = Object.entries(record).map(([name, cell]) => [name, parseCell(cell)]);
      yield { row: Object.fromEntries(cells) as JsonObject, where: `line ${info.lines}` };
    }
  } catch (error) {
    throw error instanceof ImportError || !(error as { code?: string }).code?.startsWith("CSV_")
      ? error
      : new ImportError(`The file is not valid CSV: ${(error as Error).message}`);
  }
}

const CHUNK_LENGTH = 64 * 1024;
function* splitIntoChunks(text: string): Generator<string> {
  for (let at = 0; at < text.length; at += CHUNK_LENGTH) yield text.slice(at, at + CHUNK_LENGTH);
}

function parseCell(cell: string): number | string | null {
  if (NO_FINITE_NUMBER.test(cell)) return null;
  if (!DECIMAL.test(cell)) return cell;
  const number = Number(cell);
  return Number.isFinite(number) ? number : null;
}

/**
 * The layout that exports have: `<table>/documents.jsonl`, `_tables`, `_storage`, components below
 * `_components/<name>`.
 */
function parseArchive(archive: Archive): ImportedData {
  const numbers = new Map<string, number>();
  for (const { component, table, entry, bytes } of archive.documents) {
    if (table !== "_tables") continue;
    for (const { row, where } of parseLines(bytes, parsePlain, `${entry}, `)) {
      if (typeof row["name"] !== "string" || !Number.isInteger(row["id"]))
        throw new ImportError(`${where}: a table needs a name and a number as its id.`);
      const key = makePlaceKey(component, row["name"]);
      if (numbers.has(key)) throw new ImportError(`${where}: the table "${row["name"]}" is there twice.`);
      numbers.set(key, row["id"] as number);
    }
  }
  const data: ImportedData = { tables: [], files: [], storages: [] };
  for (const { component, table, entry, bytes } of archive.documents) {
    if (table === "_storage") {
      data.storages.push(component);
      data.files.push(...parseFiles(archive, component, entry, bytes));
    } else if (!table.startsWith("_")) {
      const key = makePlaceKey(component, table);
      const schema = archive.schemas.get(key);
      const parse = schema ? makeLineParser(schema.entry, schema.bytes) : parsePlain;
      const rows = () => parseLines(bytes, parse, `${entry}, `);
      data.tables.push({ component, table, number: numbers.get(key) ?? null, isCsv: false, rows });
    }
  }
  const stray = archive.files.find(({ component }) => !data.storages.includes(component));
  if (stray) throw new ImportError(`${stray.entry} is a file, but the archive has no _storage/documents.jsonl for it.`);
  return data;
}

/** Makes the parser of a table's lines from its `generated_schema.jsonl`. */
function makeLineParser(entry: string, bytes: Uint8Array): ParseLine {
  const [first = "", ...others] = decodeText(bytes, entry).split("\n");
  try {
    const shapeText: unknown = JSON.parse(first);
    if (shapeText === UNIFORM) return (line) => parseValue(decodeUniform(line));
    if (typeof shapeText !== "string") throw new Error("its first line is not a string");
    const shape: Shape = parseShape(shapeText);
    const overrides = new Map<string, Override>();
    for (const line of others)
      if (line.trim() !== "")
        for (const [id, override] of Object.entries(JSON.parse(line) as Record<string, Override>))
          overrides.set(id, override);
    return (line) => {
      const value = JSON.parse(line) as JsonObject | null;
      const id = value?.["_id"];
      return parseValue(applyShape(value, [shape], typeof id === "string" ? (overrides.get(id) ?? "infer") : "infer"));
    };
  } catch (error) {
    throw new ImportError(`${entry} cannot be read: ${(error as Error).message}.`);
  }
}

function parseFiles(archive: Archive, component: string, entry: string, bytes: Uint8Array): ImportedFile[] {
  const contents = new Map(
    archive.files.filter((file) => file.component === component).map((file) => [file.storageId, file]),
  );
  const files = [...parseLines(bytes, parsePlain, `${entry}, `)].map(({ row, where }) => {
    const id = row["_id"];
    const file = typeof id === "string" ? contents.get(id) : undefined;
    if (!file) throw new ImportError(`${where}: the contents of file ${JSON.stringify(id ?? null)} are missing.`);
    contents.delete(file.storageId);
    return { component, row, where, bytes: file.bytes };
  });
  const [stray] = contents.values();
  if (stray) throw new ImportError(`${stray.entry} has no row in ${entry}.`);
  return files;
}
