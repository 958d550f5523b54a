/**
 * Failures of live functions and jobs, on their way to the operations page. Functions cannot do this themselves: what a
 * transaction writes goes with it when it fails. Requests over HTTP note theirs in convex/rest/errors/failures.ts.
 */
import type { FailureEntry } from "../../deployment/gateway/http";

const WRITE_AFTER_MS = 5_000;
/** Kinds that are held at a time; more are in the log alone. */
const HELD_MAX = 20;
const TEXT_MAX = 8_000;
const SAVES = "operations/errors:save";

export interface ReportedFailure {
  name: string;
  message: string;
  stack: string;
  place: string;
  count: number;
}

/** The failure as operations/errors:save takes it; null for what is of a request, or an entry of the log alone. */
export function toReported({ where, text }: Pick<FailureEntry, "where" | "text">): ReportedFailure | null {
  const found = /^Uncaught (\w+): ([^\n]*)/.exec(text);
  if (!found || / \//.test(where) || where === SAVES) return null;
  const [, name = "Error", message = ""] = found;
  return { name, message: message.slice(0, TEXT_MAX), stack: text.slice(0, TEXT_MAX), place: where, count: 1 };
}

/**
 * Takes failures and saves those of five seconds together, each kind once.
 * @param save fails where nothing has been pushed yet, which leaves failures to the log
 */
export function reportFailures(
  save: (failures: ReportedFailure[]) => Promise<unknown>,
  afterMs = WRITE_AFTER_MS,
): (failure: FailureEntry) => void {
  const held = new Map<string, ReportedFailure>();
  const flush = (): void => {
    const failures = [...held.values()];
    held.clear();
    save(failures).catch(() => undefined);
  };
  return (entry) => {
    const failure = toReported(entry);
    if (failure === null) return;
    const key = `${failure.place} ${failure.name} ${failure.message}`;
    const known = held.get(key);
    if (known) known.count += 1;
    else if (held.size < HELD_MAX) {
      held.set(key, failure);
      if (held.size === 1) setTimeout(flush, afterMs).unref();
    }
  };
}
