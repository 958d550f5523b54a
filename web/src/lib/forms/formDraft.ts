/**
 * Entries of a form that are not sent yet. Only the changes are kept, so that they apply to newer values of the other
 * fields.
 */
export type Entries = Record<string, string | null>;

export function changesOf<T extends Entries>(entries: T, before: T): Partial<T> {
  return Object.fromEntries(Object.entries(entries).filter(([name, entry]) => entry !== before[name])) as Partial<T>;
}

/** `before` with the changes. Unreadable changes, such as another build's, are ignored. */
export function withChanges<T extends Entries>(changes: unknown, before: T): T {
  const kept = record(changes);
  return Object.fromEntries(
    Object.entries(before).map(([name, entry]) => [name, typeof kept[name] === "string" ? kept[name] : entry]),
  ) as T;
}

/** The record in a stored draft; empty when there is none or it cannot be read. */
export function parseDraft(draft: string | null): Record<string, unknown> {
  try {
    return record(JSON.parse(draft ?? ""));
  } catch {
    return {};
  }
}

export const record = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
