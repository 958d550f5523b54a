/** The command line of an import: arguments, the deployment it talks to, progress and the report. */
import { existsSync } from "node:fs";
import type { z } from "zod";
import type { AdminClient } from "../admin";
import { HELP_OPTION, readArguments } from "../arguments";
import { findNamedDeployment } from "../start/named-deployment";
import type { Fields } from "./delimited";
import { openSource, unitOf } from "./files";
import { readEncoding } from "./lines";
import { importRecords, type Outcome, type Report } from "./importing";

export interface ImportCommand<Row> {
  help: string;
  /** Names of the fields, in the order of the help, and those that are numbers. */
  fields: Fields;
  schema: z.ZodType<Row>;
  keyOf: (row: Row) => string;
  batchSize: number;
  send: (admin: AdminClient, rows: Row[]) => Promise<Outcome[]>;
}

/** The part of the help that tells which files are read. */
export const FILE_HELP = `\
  FILE        .csv or .tsv with a header, .json (an array), or .jsonl. Cells may be separated by commas, semicolons,
              tabs or bars, and NULL or \\N stand for no value. Between tabs, quotes may be text; where \\N is there too,
              backslashes are the escapes of COPY, and between quotes those of MySQL. A first column that only numbers
              the rows is left out, and the encoding is found. What the file was taken for is said before anything is
              written
  --dry-run   look at every line, and write nothing
  --decimals  point or comma, where numbers of the file could be read in two ways
  --encoding  such as gb18030, cp850 or macintosh, where the letters of a file do not tell
  --na        none or text, where NA without quotes can be no value, as R writes it, or a text, as Namibia's code
  --backslashes
              escapes or text, where no \\N tells that they are escapes`;

/** Runs the command and returns its exit code: 0 all in, 1 some lines were refused, 2 it could not run. */
export async function runImport<Row>(command: ImportCommand<Row>): Promise<number> {
  try {
    const { values: flags, positionals } = readArguments({
      options: {
        help: HELP_OPTION,
        "dry-run": { type: "boolean" },
        decimals: { type: "string" },
        encoding: { type: "string" },
        na: { type: "string" },
        backslashes: { type: "string" },
      },
      allowPositionals: true,
    });
    if (flags.help) {
      console.log(command.help);
      return 0;
    }
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) {
      console.error(command.help);
      return 2;
    }
    if (!existsSync(path)) throw new Error(`${path}: no such file`);
    const decimals = readChoice("decimals", flags.decimals, ["point", "comma"] as const);
    const missing = readChoice("na", flags.na, ["none", "text"] as const);
    const backslashes = readChoice("backslashes", flags.backslashes, ["escapes", "text"] as const);
    const encoding = flags.encoding === undefined ? undefined : readEncoding(flags.encoding);
    const isDry = flags["dry-run"] === true;
    const admin = isDry ? null : findNamedDeployment();
    const source = await openSource(path, { fields: command.fields, decimals, encoding, missing, backslashes });
    console.log(`  ${path}: ${source.description}`);
    const startedAt = Date.now();
    lastShownAt = startedAt;
    const report = await importRecords(source.records, {
      ...command,
      unit: unitOf(path),
      send: (rows) => (admin === null ? Promise.resolve(rows.map(() => "fine")) : command.send(admin, rows)),
      onProgress: (done) => progress(done, startedAt),
    });
    if (process.stdout.isTTY) process.stdout.write("\r");
    print(report, unitOf(path), startedAt);
    if (report.stopped) throw report.stopped;
    return report.problems.length === 0 ? 0 : 1;
  } catch (error) {
    console.error(`✗ ${reasonOf(error)}`);
    return 2;
  }
}

function readChoice<Choice extends string>(
  name: string,
  given: string | undefined,
  choices: readonly Choice[],
): Choice | undefined {
  const choice = choices.find((each) => each === given);
  if (given !== undefined && choice === undefined) throw new Error(`--${name} must be ${choices.join(" or ")}`);
  return choice;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message === "fetch failed")
    return `No deployment answers at ${process.env.CONVEX_SELF_HOSTED_URL}. What is in stays in; run this again once it does.`;
  return error.message;
}

let lastShownAt = 0;
function progress(done: number, startedAt: number): void {
  // A log file gets a line every five seconds, a terminal one line that moves.
  const interval = process.stdout.isTTY ? 200 : 5_000;
  if (Date.now() - lastShownAt < interval) return;
  lastShownAt = Date.now();
  const rate = Math.round(done / Math.max(0.001, (Date.now() - startedAt) / 1000));
  const line = `  … ${done} records, ${rate} a second`;
  if (process.stdout.isTTY) process.stdout.write(`\r${line.padEnd(60)}`);
  else console.log(line);
}

function print({ counts, problems, stopped }: Report, unit: string, startedAt: number): void {
  for (const { line, reason } of problems) console.error(`${unit} ${line}: ${reason}`);
  const words: [keyof Report["counts"], string][] = [
    ["fine", "fine, nothing was written"],
    ["saved", "saved"],
    ["created", "created"],
    ["exists", "there already"],
    ["refused", "refused"],
  ];
  const told = words.filter(([name]) => counts[name] > 0).map(([name, word]) => `${counts[name]} ${word}`);
  if (stopped && told.length === 0) return;
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
  console.log(`  ${stopped ? "…" : "✓"} ${told.join(", ") || "The file holds no records"} (${seconds} s)`);
}
