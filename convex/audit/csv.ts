/** The log as CSV (RFC 4180), for spreadsheets. */
import { wireTime } from "../lib/time";
import type { AuditEntry } from "./reading";

const COLUMNS = [
  "at",
  "actor",
  "actor_name",
  "action",
  "target",
  "about",
  "about_name",
  "ip",
  "user_agent",
  "outcome",
] as const;

// Spreadsheets run cells that begin like these as formulas; a leading apostrophe keeps them text (OWASP, CSV
// injection).
const FORMULA = /^[=+\-@\t\r]/;

function cell(value: string | null): string {
  const text = value === null ? "" : FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvHeader = (): string => `${COLUMNS.join(",")}\r\n`;

/** One line per entry, each ending in CR LF. */
export const csvLines = (entries: AuditEntry[]): string =>
  entries
    .map(({ at, actor, actorName, action, target, about, aboutName, ip, userAgent, outcome }) =>
      [wireTime(at), actor, actorName, action, target, about, aboutName, ip, userAgent, outcome].map(cell).join(","),
    )
    .map((line) => `${line}\r\n`)
    .join("");
