/** The log as CSV (RFC 4180), for spreadsheets. */
import { toWireTime } from "../lib/time";
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

function toCell(value: string | null): string {
  const text = value === null ? "" : FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const formatCsvHeader = (): string => `${COLUMNS.join(",")}\r\n`;

/** One line per entry, each ending in CR LF. */
export const formatCsvLines = (entries: AuditEntry[]): string =>
  entries
    .map(({ at, actor, actorName, action, target, about, aboutName, ip, userAgent, outcome }) =>
      [toWireTime(at), actor, actorName, action, target, about, aboutName, ip, userAgent, outcome]
        .map(toCell)
        .join(","),
    )
    .map((line) => `${line}\r\n`)
    .join("");
