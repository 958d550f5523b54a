/**
 * "Cr" and "Dr" behind an amount. In ledgers they mean credit and debit, and in India "Cr" means ten million too.
 */

/** The side of a ledger that an amount can stand on. */
export type Side = "credit" | "debit";

const SIDES: Record<string, Side> = { cr: "credit", dr: "debit" };

/** The side that a word names, in whatever case. */
const findSide = (word: string | undefined): Side | undefined => SIDES[word?.replace(".", "").toLowerCase() ?? ""];

/** Whether a word that stands where a currency can is the debit of a ledger. */
export const isDebit = (word: string | undefined): boolean => findSide(word) === "debit";

/**
 * The side of a ledger that a word behind an amount can mean. Ledgers write two digits of cents, and some of them the
 * word in capitals behind whole amounts; "1.2 Cr" and "5 Cr" are crores only.
 *
 * @param fraction the digits behind the decimal point
 * @param isGrouped whether the digits before it are in groups
 */
export function findLedgerSide(word: string | undefined, fraction: string, isGrouped: boolean): Side | undefined {
  const isLedger = fraction.length === 2 || (isGrouped && word === word?.toUpperCase());
  return isLedger ? findSide(word) : undefined;
}
