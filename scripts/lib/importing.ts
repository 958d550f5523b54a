/** What the import commands share: records of a CSV, JSON or JSONL file with their line numbers, batches, progress, a report. */
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { createInterface } from "node:readline";
import { parse as csvParser } from "csv-parse";
import type { z } from "zod";

/** One record of the file; `line` is where it begins, from 1 (of a JSON array: its position). */
export type SourceRecord = { line: number; value: unknown } | { line: number; problem: string };

/** Reads records one by one, by the file's extension. Throws for a file that cannot be read as a whole. */
export function readRecords(path: string): AsyncIterable<SourceRecord> {
  switch (extname(path).toLowerCase()) {
    case ".csv":
      return csvRecords(path);
    case ".jsonl":
    case ".ndjson":
      return jsonLines(path);
    case ".json":
      return jsonArray(path);
    default:
      throw new Error(`${path}: the file must end in .csv, .json, .jsonl or .ndjson`);
  }
}

type CsvOutput = { record: string[]; raw: string; info: { lines: number } };

/** Columns are matched by the names in the first line; an empty cell is null. */
async function* csvRecords(path: string): AsyncGenerator<SourceRecord> {
  const rows = createReadStream(path).pipe(csvParser({ bom: true, info: true, raw: true, relax_column_count: true, skip_empty_lines: true }));
  let header: string[] | null = null;
  for await (const { record, raw, info } of rows as AsyncIterable<CsvOutput>) {
    // The parser counts up to a record's last line; cells may hold line breaks.
    const startsAt = info.lines - (raw.trim().match(/\r\n|\n|\r/g)?.length ?? 0);
    if (header === null) header = record.map((name) => name.trim());
    else if (record.length !== header.length)
      yield { line: startsAt, problem: `has ${record.length} columns where the header has ${header.length}` };
    else {
      const names = header;
      yield { line: startsAt, value: Object.fromEntries(record.map((cell, i) => [names[i] ?? "", cell === "" ? null : cell])) };
    }
  }
}

async function* jsonLines(path: string): AsyncGenerator<SourceRecord> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    line++;
    if (text.trim() === "") continue;
    try {
      yield { line, value: JSON.parse(line === 1 ? text.replace(/^\uFEFF/, "") : text) };
    } catch {
      yield { line, problem: "is not JSON" };
    }
  }
}

async function* jsonArray(path: string): AsyncGenerator<SourceRecord> {
  const all = JSON.parse((await readFile(path, "utf8")).replace(/^\uFEFF/, "")) as unknown;
  if (!Array.isArray(all)) throw new Error(`${path}: the file must hold a JSON array`);
  for (const [index, value] of all.entries()) yield { line: index + 1, value };
}

/** A record's problems as `field: reason`, one after another. */
export const problemsOf = (error: z.ZodError): string =>
  error.issues
    .flatMap((issue) => {
      const name = issue.path.map(String).join(".");
      if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: unknown field`);
      return [name === "" ? issue.message : `${name}: ${issue.message}`];
    })
    .join("; ");

export type Outcome = "created" | "exists" | "saved" | { refused: string };
export type Report = { counts: Record<"created" | "exists" | "saved" | "refused", number>; problems: { line: number; reason: string }[] };

/**
 * Sends every valid record in batches of `batchSize`, two at a time, and reports each that is not. A key that comes twice is
 * refused the second time.
 *
 * @param send stores a batch and tells what became of each record
 * @param onProgress is called after each batch with how many records have been dealt with
 */
export async function importRecords<Row>(
  records: AsyncIterable<SourceRecord>,
  options: {
    schema: z.ZodType<Row>;
    keyOf: (row: Row) => string;
    batchSize: number;
    send: (rows: Row[]) => Promise<Outcome[]>;
    onProgress?: (done: number) => void;
  },
): Promise<Report> {
  const report: Report = { counts: { created: 0, exists: 0, saved: 0, refused: 0 }, problems: [] };
  const refuse = (line: number, reason: string) => {
    report.counts.refused++;
    report.problems.push({ line, reason });
  };
  let done = 0;
  const deliver = async (batch: { line: number; row: Row }[]) => {
    const outcomes = await options.send(batch.map(({ row }) => row));
    batch.forEach(({ line }, i) => {
      const outcome = outcomes[i] ?? { refused: "the deployment told nothing about it" };
      if (typeof outcome === "object") refuse(line, outcome.refused);
      else report.counts[outcome]++;
    });
    done += batch.length;
    options.onProgress?.(done);
  };
  const lineOfKey = new Map<string, number>();
  const underway = new Set<Promise<void>>();
  let batch: { line: number; row: Row }[] = [];
  const flush = async () => {
    const delivery = deliver(batch);
    batch = [];
    const settled = delivery.finally(() => underway.delete(settled));
    underway.add(settled);
    if (underway.size >= 2) await Promise.race(underway);
  };
  for await (const record of records) {
    if ("problem" in record) {
      refuse(record.line, record.problem);
      continue;
    }
    const parsed = options.schema.safeParse(record.value);
    if (!parsed.success) {
      refuse(record.line, problemsOf(parsed.error));
      continue;
    }
    const key = options.keyOf(parsed.data);
    const earlier = lineOfKey.get(key);
    if (earlier !== undefined) {
      refuse(record.line, `repeats line ${earlier}`);
      continue;
    }
    lineOfKey.set(key, record.line);
    batch.push({ line: record.line, row: parsed.data });
    if (batch.length >= options.batchSize) await flush();
  }
  if (batch.length > 0) await flush();
  await Promise.all(underway);
  report.problems.sort((a, b) => a.line - b.line);
  return report;
}
