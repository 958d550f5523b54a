/** Applies log entries to the database. */
import type { Kv } from "./kv";
import type { Entry } from "./log-records";

/** Sequence of the last log record that the database has. */
const APPLIED_KEY = Buffer.from("m\0logApplied");

export const readAppliedSequence = (base: Kv): number => Number(base.getText(APPLIED_KEY) ?? "0");

/** Durable on return. Later entries win; keys go in order, so that neighbours share pages. */
export function applyEntries(base: Kv, entries: Iterable<Entry>, lastSequence: number): void {
  const newest = new Map(entries);
  const sorted = [...newest].sort(([a], [b]) => (a < b ? -1 : 1));
  base.transaction(() => {
    for (const [name, value] of sorted) {
      const key = Buffer.from(name, "latin1");
      if (value) base.put(key, value);
      else base.remove(key);
    }
    base.put(APPLIED_KEY, Buffer.from(String(lastSequence)));
  });
}
