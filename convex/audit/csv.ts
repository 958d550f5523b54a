/** The log as CSV. */
import { formatCsvLine } from "../lib/files/csv";
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

export const formatCsvHeader = (): string => formatCsvLine([...COLUMNS]);

/** One line per entry, each ending in CR LF. */
export const formatCsvLines = (entries: AuditEntry[]): string =>
  entries
    .map(({ at, actor, actorName, action, target, about, aboutName, ip, userAgent, outcome }) =>
      formatCsvLine([toWireTime(at), actor, actorName, action, target, about, aboutName, ip, userAgent, outcome]),
    )
    .join("");
