/** Text as `INTO OUTFILE … ENCLOSED BY '"'` of MySQL writes it: cells in quotes, and backslashes as escapes. */
import { NULL_MARK, unescapeCell } from "./copy-text";
import { csvRecords, NEVER_CLOSED, OPEN_LINES, toRecord, type CsvRecord } from "./csv";

const toPattern = (separator: string): string => (separator === "|" ? "\\|" : separator);

/** @param lines of the file without their ends */
export async function* enclosedRecords(lines: AsyncIterable<string>, separator: string): AsyncGenerator<CsvRecord> {
  const reading = new Reading(separator);
  for await (const line of lines) yield* reading.feed(line);
  yield* reading.end();
}

class Reading {
  readonly #cell: RegExp;
  readonly #token: RegExp;
  #number = 0;
  /** The lines of the record under way, and whether a quote is open behind them, or a backslash ends them. */
  #lines: string[] = [];
  #isQuoteOpen = false;
  #isEndEscaped = false;

  constructor(separator: string) {
    const mark = toPattern(separator);
    const inQuotes = String.raw`"([^"\\]*(?:\\[\s\S][^"\\]*)*)"(?=${mark}|$)`;
    const bare = String.raw`([^${mark}\\]*(?:\\[\s\S]?[^${mark}\\]*)*)`;
    this.#cell = new RegExp(`${inQuotes}|${bare}`, "y");
    this.#token = new RegExp(String.raw`\\[\s\S]?|"|${mark}`, "g");
  }

  *feed(line: string): Generator<CsvRecord, void> {
    this.#number++;
    if (this.#lines.length === 0 && line.trim() === "") return;
    this.#scan(line, this.#lines.length === 0);
    this.#lines.push(line);
    if (!this.#isQuoteOpen && !this.#isEndEscaped) yield this.#take();
    else if (this.#lines.length > OPEN_LINES) yield* this.#giveUp();
  }

  *end(): Generator<CsvRecord, void> {
    while (this.#lines.length > 0 && this.#isQuoteOpen) yield* this.#giveUp();
    if (this.#lines.length > 0) yield this.#take();
  }

  #scan(line: string, isNew: boolean): void {
    // An escaped end of a line is one of the cell.
    let isStart = isNew;
    let behind = 0;
    this.#isEndEscaped = false;
    for (const { 0: token, index } of line.matchAll(this.#token)) {
      if (index > behind) isStart = false;
      behind = index + token.length;
      this.#isEndEscaped = token === "\\";
      if (token.startsWith("\\")) isStart = false;
      else if (token !== '"') isStart ||= !this.#isQuoteOpen;
      else {
        this.#isQuoteOpen = isStart && !this.#isQuoteOpen;
        isStart = false;
      }
    }
  }

  #take(): CsvRecord {
    const text = this.#lines.join("\n");
    const startsAt = this.#number - this.#lines.length + 1;
    this.#lines = [];
    const cells: string[] = [];
    const quoted = new Set<number>();
    for (let at = 0; at <= text.length;) {
      this.#cell.lastIndex = at;
      const [whole = "", inQuotes, bare = ""] = this.#cell.exec(text) ?? [];
      if (inQuotes === undefined && bare.startsWith('"'))
        return { line: startsAt, problem: "has something after a closing quote" };
      if (inQuotes !== undefined) quoted.add(cells.length);
      cells.push(inQuotes === undefined && bare === NULL_MARK ? "" : unescapeCell(inQuotes ?? bare));
      at += whole.length + 1;
    }
    return toRecord(startsAt, cells, quoted);
  }

  /** Takes the first line of the record for the mistake, and reads the others again. */
  *#giveUp(): Generator<CsvRecord, void> {
    const [, ...again] = this.#lines;
    this.#number -= again.length;
    [this.#lines, this.#isQuoteOpen, this.#isEndEscaped] = [[], false, false];
    yield { line: this.#number, problem: NEVER_CLOSED };
    for (const line of again) yield* this.feed(line);
  }
}

/**
 * Whether lines are of that kind: a cell is `\N`, all backslashes are such as databases write, and with them as escapes
 * the quotes have no more mistakes.
 */
export async function isEnclosedText(
  lines: () => AsyncIterable<string>,
  separator: string,
  { hasNull, hasEscapes, hasOthers }: FoundBackslashes,
): Promise<boolean> {
  if (!hasNull || !hasEscapes || hasOthers) return false;
  const mistakes = await countMistakes(enclosedRecords(lines(), separator));
  return mistakes <= (await countMistakes(csvRecords(lines(), separator)));
}

async function countMistakes(records: AsyncIterable<CsvRecord>): Promise<number> {
  let mistakes = 0;
  for await (const record of records) if ("problem" in record) mistakes++;
  return mistakes;
}

/** The kinds of backslashes in lines: a cell `\N`, such as databases write for escapes, and others. */
interface FoundBackslashes {
  hasNull: boolean;
  hasEscapes: boolean;
  hasOthers: boolean;
}

const BACKSLASH = /\\([\s\S]?)/g;

export async function findBackslashes(lines: AsyncIterable<string>, separator: string): Promise<FoundBackslashes> {
  const found: FoundBackslashes = { hasNull: false, hasEscapes: false, hasOthers: false };
  const isBound = (letter: string | undefined) => letter === undefined || letter === separator;
  for await (const line of lines) {
    if (!line.includes("\\")) continue;
    for (const { 1: letter = "", index } of line.matchAll(BACKSLASH))
      if (letter === "N" && isBound(line[index - 1]) && isBound(line[index + 2])) found.hasNull = true;
      else if (letter === separator || /^["\\\t\r0bfnrtvZ]?$/.test(letter)) found.hasEscapes = true;
      else found.hasOthers = true;
  }
  return found;
}
