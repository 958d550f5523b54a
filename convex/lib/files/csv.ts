/** Tables as CSV (RFC 4180), for spreadsheets. */

// Spreadsheets run cells that begin like these as formulas; a leading apostrophe keeps them text (OWASP, CSV
// injection).
const FORMULA = /^[=+\-@\t\r]/;

function toCell(value: string | number | null): string {
  const text = value === null ? "" : typeof value === "string" && FORMULA.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** One line, ending in CR LF. */
export const formatCsvLine = (cells: (string | number | null)[]): string => `${cells.map(toCell).join(",")}\r\n`;
