/** The parts that the import commands share: validation, batches, progress, a report. */
import type { z } from "zod";
import type { SourceRecord } from "./records";

/** A record's problems as `field: reason`, one after another. */
const problemsOf = (error: z.ZodError): string =>
  error.issues
    .flatMap((issue) => {
      const name = issue.path.map(String).join(".");
      if (issue.code === "unrecognized_keys") return issue.keys.map((key) => `${key}: unknown field`);
      return [name === "" ? issue.message : `${name}: ${issue.message}`];
    })
    .join("; ");

/** `fine`: looked at only. */
export type Outcome = "created" | "exists" | "saved" | "fine" | { refused: string };
export interface Report {
  counts: Record<"created" | "exists" | "saved" | "fine" | "refused", number>;
  problems: { line: number; reason: string }[];
  /** Why the import ended before the file did, or null. What was sent by then is in. */
  stopped: Error | null;
}

/** A batch holds no more text than this, well within what one transaction takes. */
const BATCH_BYTES = 2 * 1024 * 1024;

/**
 * Sends every valid record in batches, two at a time, and reports each that is not. A key that comes twice is refused
 * the second time.
 *
 * @param batchSize most records of a batch
 * @param unit what `line` counts
 * @param send stores a batch and tells what became of each record
 * @param onProgress is called after each batch with how many records have been dealt with
 */
export async function importRecords<Row>(
  records: AsyncIterable<SourceRecord>,
  options: {
    schema: z.ZodType<Row>;
    keyOf: (row: Row) => string;
    batchSize: number;
    unit?: "line" | "record";
    send: (rows: Row[]) => Promise<Outcome[]>;
    onProgress?: (done: number) => void;
  },
): Promise<Report> {
  const report: Report = {
    counts: { created: 0, exists: 0, saved: 0, fine: 0, refused: 0 },
    problems: [],
    stopped: null,
  };
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
  let bytes = 0;
  const flush = async () => {
    const settled = deliver(batch)
      .catch((error: unknown) => void (report.stopped ??= error as Error))
      .finally(() => underway.delete(settled));
    underway.add(settled);
    batch = [];
    bytes = 0;
    if (underway.size >= 2) await Promise.race(underway);
  };
  const take = ({ line, value }: { line: number; value: unknown }) => {
    const parsed = options.schema.safeParse(value);
    if (!parsed.success) return refuse(line, problemsOf(parsed.error));
    const key = options.keyOf(parsed.data);
    const earlier = lineOfKey.get(key);
    if (earlier !== undefined) return refuse(line, `repeats ${options.unit ?? "line"} ${earlier}`);
    lineOfKey.set(key, line);
    batch.push({ line, row: parsed.data });
    bytes += JSON.stringify(parsed.data).length;
  };
  try {
    for await (const record of records) {
      if (report.stopped) break;
      if ("problem" in record) refuse(record.line, record.problem);
      else take(record);
      if (batch.length >= options.batchSize || bytes >= BATCH_BYTES) await flush();
    }
  } catch (error) {
    report.stopped ??= error as Error;
  }
  if (batch.length > 0) await flush();
  await Promise.all(underway);
  report.problems.sort((a, b) => a.line - b.line);
  return report;
}
