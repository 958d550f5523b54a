/**
 * `NA`, which R writes for no value, and which is a text too, such as the code of Namibia. R puts texts into quotes,
 * and this not.
 */
import type { CsvRecord } from "./csv";

const NOT_AVAILABLE = "NA";

/** The meaning of a bare `NA` in a column. */
export type Missing = "none" | "text" | "ask";

export const isNotAvailable = (cell: string): boolean => cell.trim() === NOT_AVAILABLE;

export const askMissing = (): string =>
  `"${NOT_AVAILABLE}" can be no value, as R writes it, or a text: say which with --na none or --na text`;

/** Quotes around such a text are there because it is one. */
const isPlain = (cell: string): boolean => cell !== "" && /^[^\s"][^,;\t|"\n]*$/.test(cell);

/**
 * The meaning of a bare `NA` by each column of the first rows. It is no value where texts are in quotes, or another one
 * is; a code, in columns of which it is one, where no other column has it.
 *
 * @param isCode by column, whether `NA` is one of its codes
 * @param hasMeaning whether the text of a cell that is not in quotes means something other than no value
 */
export function findMissing(rows: CsvRecord[], isCode: boolean[], hasMeaning: (cell: string) => boolean): Missing[] {
  const hasBare = isCode.map(() => false);
  const hasQuoted = isCode.map(() => false);
  let isElsewhere = false;
  let isQuotedItself = false;
  for (const row of rows)
    if ("cells" in row)
      row.cells.forEach((cell, i) => {
        const isQuoted = row.quoted?.has(i) === true;
        if (isQuoted && isPlain(cell)) hasQuoted[i] = true;
        if (isQuoted && isNotAvailable(cell)) isQuotedItself = true;
        if (!isQuoted && hasMeaning(cell) && !isNotAvailable(cell)) hasBare[i] = true;
        if (!isQuoted && isNotAvailable(cell) && !isCode[i]) isElsewhere = true;
      });
  const quotesTexts = hasQuoted.some((isThere, i) => isThere && !hasBare[i]);
  return hasBare.map((isThere, i) => {
    if (isQuotedItself || (quotesTexts && !isThere)) return "none";
    return isCode[i] && !isElsewhere ? "text" : "ask";
  });
}

/** Whether a cell of some line is a bare `NA`. */
export const hasNotAvailable = (line: string, separator: string): boolean =>
  line.includes(NOT_AVAILABLE) && line.split(separator).some(isNotAvailable);
