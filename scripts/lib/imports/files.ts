/** Records of CSV, JSON and JSONL files, one by one, with where each begins. */
import { extname } from "node:path";
import { openDelimited } from "./delimited-records";
import { jsonArray, jsonLines, openJsonWith } from "./json-records";
import { findEncoding } from "./lines";
import type { Opened, SourceOptions, SourceRecord } from "./records";

/** The unit of a record's `line`. */
export const unitOf = (path: string): "line" | "record" =>
  extname(path).toLowerCase() === ".json" ? "record" : "line";

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
    ...(shape ? [shape] : []),
  ];
  return { description: words.join(", "), records: namingRecords(path, records) };
}

/** Reads records one by one; `openSource` without what the file was taken for. */
export async function* readRecords(path: string, options: SourceOptions): AsyncGenerator<SourceRecord> {
  yield* (await openSource(path, options)).records;
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
