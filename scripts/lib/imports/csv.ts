/**
 * Records of a CSV file (RFC 4180) that go on after a mistake: what is wrong costs its own line and no more, which no
 * general parser gives.
 */

/** `quoted` are the positions of the cells that stood in quotes. */
export type CsvRecord =
  { line: number; cells: string[]; quoted?: ReadonlySet<number> } | { line: number; problem: string };

/** A record; one without quotes has no set of them. */
export const toRecord = (line: number, cells: string[], quoted: ReadonlySet<number>): CsvRecord =>
  quoted.size === 0 ? { line, cells } : { line, cells, quoted };

/** A cell that stays open for longer than this was not meant to: its first line is the mistake. */
export const OPEN_LINES = 2_000;
export const NEVER_CLOSED = "has a quote that is never closed";

/**
 * @param lines of the file without their ends; line breaks within a cell become `\n`
 * @param separator between cells
 * @param columns how many there are, where a quote that opens or closes no cell is text, as programs that quote nothing
 *   write it; without, it is a mistake
 */
export async function* csvRecords(
  lines: AsyncIterable<string>,
  separator = ",",
  columns: number | null = null,
): AsyncGenerator<CsvRecord> {
  const reading = new Reading(separator, columns);
  for await (const text of lines) yield* reading.feed(text);
  yield* reading.end();
}

/** A quoted cell of one line, with the spaces around it. */
const QUOTED = / *"([^"]*(?:""[^"]*)*)" */y;
/** A cell that a spreadsheet keeps as text by a formula, which programs write without quotes around it. */
const FORMULA = / *(="[^"]*(?:""[^"]*)*") */y;
/** A quoted cell that the line does not close. */
const OPENING = / *"[^"]*(?:""[^"]*)*$/y;

class Reading {
  readonly #separator: string;
  readonly #columns: number | null;
  #line = 0;
  /** The record under way: its lines so far, its cells, and the text of the cell that is still open. */
  #lines: string[] = [];
  #cells: string[] = [];
  #quoted = new Set<number>();
  #open: string | null = null;

  constructor(separator: string, columns: number | null) {
    this.#separator = separator;
    this.#columns = columns;
  }

  *feed(text: string): Generator<CsvRecord, void> {
    // The quote of a line that has all columns closes in no other line that has them all too.
    if (this.#open !== null && this.#isWhole(this.#lines[0] ?? "") && this.#isWhole(text))
      yield* this.#giveUp(NEVER_CLOSED);
    this.#line++;
    // Spreadsheets write empty rows as separators alone.
    if (this.#open === null && text.replaceAll(this.#separator, "").trim() === "") return;
    this.#lines.push(text);
    const startsAt = this.#line - this.#lines.length + 1;
    const problem = this.#scan(text);
    if (problem !== null) return yield* this.#giveUp(problem);
    if (this.#open === null) {
      this.#lines = [];
      yield toRecord(startsAt, this.#cells, this.#quoted);
    } else if (this.#lines.length > OPEN_LINES) return yield* this.#giveUp(NEVER_CLOSED);
    else return;
    [this.#cells, this.#quoted, this.#open] = [[], new Set(), null];
  }

  *end(): Generator<CsvRecord, void> {
    while (this.#open !== null) yield* this.#giveUp(NEVER_CLOSED);
  }

  #isWhole(text: string): boolean {
    return this.#columns !== null && text.split(this.#separator).length >= this.#columns;
  }

  /** Takes the first line of the record for the mistake, or its quote for text, and reads the others again. */
  *#giveUp(problem: string): Generator<CsvRecord, void> {
    const [first = "", ...again] = this.#lines;
    this.#line -= again.length;
    [this.#lines, this.#cells, this.#quoted, this.#open] = [[], [], new Set(), null];
    if (this.#columns === null) yield { line: this.#line, problem };
    else {
      this.#scanBare(first, 0, false);
      yield toRecord(this.#line, this.#cells, this.#quoted);
      [this.#cells, this.#quoted] = [[], new Set()];
    }
    for (const text of again) yield* this.feed(text);
  }

  /** Adds the cells of one line; returns what is wrong with it, or null. */
  #scan(text: string): string | null {
    let at = 0;
    if (this.#open !== null) this.#open += "\n";
    for (;;) {
      if (this.#open === null && this.#columns !== null) {
        this.#scanBare(text, at, true);
        return null;
      }
      if (this.#open === null) at = skipSpaces(text, at, '"');
      const formula = this.#matchFormula(text, at);
      if (formula !== null) {
        this.#cells.push(formula[1] ?? "");
        at += formula[0].length;
        if (at === text.length) return null;
        at++;
        continue;
      }
      if (this.#open === null && text[at] !== '"') {
        const comma = text.indexOf(this.#separator, at);
        const cell = text.slice(at, comma < 0 ? undefined : comma);
        if (cell.includes('"')) return "has a quote within a cell that does not begin with one";
        this.#cells.push(cell);
        if (comma < 0) return null;
        at = comma + 1;
        continue;
      }
      if (this.#open === null) {
        this.#open = "";
        at++;
      }
      const quote = text.indexOf('"', at);
      this.#open += text.slice(at, quote < 0 ? undefined : quote);
      if (quote < 0) return null;
      at = quote + 1;
      if (text[at] === '"') {
        this.#open += '"';
        at++;
        continue;
      }
      this.#quoted.add(this.#cells.length);
      this.#cells.push(this.#open);
      this.#open = null;
      at = skipSpaces(text, at, this.#separator);
      if (at === text.length) return null;
      if (text[at] !== this.#separator) return "has something after a closing quote";
      at++;
    }
  }

  /** A whole cell that is a formula, which may hold the separator; null within a quoted cell. */
  #matchFormula(text: string, at: number): RegExpExecArray | null {
    if (this.#open !== null) return null;
    const found = matchAt(FORMULA, text, at);
    const behind = at + (found?.[0].length ?? 0);
    return found !== null && (behind === text.length || text[behind] === this.#separator) ? found : null;
  }

  /**
   * Adds the cells of the rest of a line in which a quote can be text.
   *
   * @param mayOpen whether a quote at the beginning of a cell may close in a later line
   */
  #scanBare(text: string, from: number, mayOpen: boolean): void {
    for (let at = from; ;) {
      const quoted = matchAt(QUOTED, text, at);
      const behind = at + (quoted?.[0].length ?? 0);
      const isQuoted = quoted !== null && (behind === text.length || text[behind] === this.#separator);
      if (!isQuoted && mayOpen && matchAt(OPENING, text, at)) {
        this.#open = text.slice(text.indexOf('"', at) + 1).replaceAll('""', '"');
        return;
      }
      const next = isQuoted ? behind : text.indexOf(this.#separator, at);
      const end = next < 0 ? text.length : next;
      if (isQuoted) this.#quoted.add(this.#cells.length);
      this.#cells.push(isQuoted ? (quoted[1] ?? "").replaceAll('""', '"') : text.slice(at, end));
      if (end === text.length) return;
      at = end + 1;
    }
  }
}

/** Where the next character stands, if only spaces come before it or the end; else `at`. */
function skipSpaces(text: string, at: number, next: string): number {
  let end = at;
  while (text[end] === " ") end++;
  return text[end] === next || (end === text.length && next !== '"') ? end : at;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}
