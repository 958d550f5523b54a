/** What was entered in a form and not sent yet, kept as the changes alone: they apply to whatever stood there by then. */
export type Entries = Record<string, string | null>;

export function changesOf<T extends Entries>(entries: T, before: T): Partial<T> {
  return Object.fromEntries(Object.entries(entries).filter(([name, entry]) => entry !== before[name])) as Partial<T>;
}

/** `before` with the changes. Those that cannot be read, as of another build, change nothing. */
export function withChanges<T extends Entries>(changes: unknown, before: T): T {
  const kept = record(changes);
  return Object.fromEntries(
    Object.entries(before).map(([name, entry]) => [name, typeof kept[name] === "string" ? kept[name] : entry]),
  ) as T;
}

/** A kept draft's text as the record it was; an empty one when there is none or it cannot be read. */
export function parseDraft(draft: string | null): Record<string, unknown> {
  try {
    return record(JSON.parse(draft ?? ""));
  } catch {
    return {};
  }
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
