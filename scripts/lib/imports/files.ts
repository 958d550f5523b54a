/** Records of CSV, JSON and JSONL files, one by one, with where each begins. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { itemsOf, membersOf } from "../../../convex/valuations/drafts/jsonText";
import { csvRecords, type CsvRecord } from "./csv";

/** One record of the file; `line` is where it begins, from 1 (of a JSON array: its position). */
export type SourceRecord = { line: number; value: unknown } | { line: number; problem: string };

/** A JSON object or array of a file as it was written: as a value, long numbers would lose digits. */
export class RawJson {
  constructor(readonly text: string) {}
}

/** The unit of a record's `line`. */
export const unitOf = (path: string): "line" | "record" =>
  extname(path).toLowerCase() === ".json" ? "record" : "line";

/**
 * Reads records one by one, by the file's extension. Throws for a file that cannot be read as a whole, naming it.
 *
 * @param fields the names a CSV header may have
 */
export async function* readRecords(path: string, fields: readonly string[]): AsyncGenerator<SourceRecord> {
  const read = READERS[extname(path).toLowerCase()];
  if (!read) throw new Error(`${path}: the file must end in .csv, .json, .jsonl or .ndjson`);
  try {
    yield* read(path, fields);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(`${path}: ${REASONS[code ?? ""] ?? message}`, { cause: error });
  }
}

const READERS: Record<string, (path: string, fields: readonly string[]) => AsyncIterable<SourceRecord>> = {
  ".csv": csvFile,
  ".json": jsonArray,
  ".jsonl": jsonLines,
  ".ndjson": jsonLines,
};

const REASONS: Record<string, string> = {
  ENOENT: "no such file",
  EISDIR: "is a folder",
  EACCES: "may not be read",
  ERR_ENCODING_INVALID_ENCODED_DATA: "is not UTF-8; save it as UTF-8 and try again",
};

/**
 * Lines of a UTF-8 file. Another encoding is an error: replacement characters would be stored as if they had been
 * meant.
 */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let rest = "";
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    const lines = (rest + decoder.decode(chunk as Buffer, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) yield withoutReturn(line);
  }
  rest += decoder.decode();
  if (rest !== "") yield withoutReturn(rest);
}

const withoutReturn = (line: string) => (line.endsWith("\r") ? line.slice(0, -1) : line);

/** Columns are matched by the names in the first record; an empty cell is null. */
async function* csvFile(path: string, fields: readonly string[]): AsyncGenerator<SourceRecord> {
  let header: string[] | null = null;
  for await (const record of csvRecords(linesOf(path))) {
    if (header === null) header = headerOf(record, fields);
    else if ("problem" in record) yield record;
    else if (record.cells.length !== header.length)
      yield { line: record.line, problem: `has ${record.cells.length} columns where the header has ${header.length}` };
    else {
      const names = header;
      yield {
        line: record.line,
        value: Object.fromEntries(record.cells.map((cell, i) => [names[i] ?? "", cell === "" ? null : cell])),
      };
    }
  }
}

function headerOf(record: CsvRecord, fields: readonly string[]): string[] {
  if ("problem" in record) throw new Error(`line ${record.line}: the header ${record.problem}`);
  const names = record.cells.map((name) => name.trim());
  const unknown = names.find((name) => !fields.includes(name));
  if (unknown !== undefined)
    throw new Error(`line ${record.line}: there is no field "${unknown}". The fields are ${fields.join(", ")}.`);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Error(`line ${record.line}: the column "${twice}" is there twice`);
  return names;
}

async function* jsonLines(path: string): AsyncGenerator<SourceRecord> {
  let line = 0;
  for await (const text of linesOf(path)) {
    line++;
    if (text.trim() !== "") yield { line, ...parsed(text) };
  }
}

async function* jsonArray(path: string): AsyncGenerator<SourceRecord> {
  const text = new TextDecoder("utf-8", { fatal: true }).decode(await readFile(path));
  if (text.trim() === "") return;
  let isArray: boolean;
  try {
    isArray = Array.isArray(JSON.parse(text));
  } catch (error) {
    throw new Error(`is not JSON: ${(error as Error).message}`, { cause: error });
  }
  if (!isArray) throw new Error("the file must hold a JSON array");
  for (const [index, item] of itemsOf(text).entries()) yield { line: index + 1, ...parsed(item) };
}

/** A record from its JSON text; objects and arrays in it stay text. */
function parsed(text: string): { value: unknown } | { problem: string } {
  try {
    const value = JSON.parse(text) as unknown;
    if (typeof value !== "object" || value === null || Array.isArray(value))
      return { problem: "must be a JSON object" };
    const members = Array.from(
      membersOf(text),
      ([name, member]) => [name, /^[{[]/.test(member) ? new RawJson(member) : (JSON.parse(member) as unknown)] as const,
    );
    return { value: Object.fromEntries(members) };
  } catch {
    return { problem: "is not JSON" };
  }
}
