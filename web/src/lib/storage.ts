/** Stores a value in the browser. Storage may be blocked or full; then nothing is stored, and nothing fails. */
export function remember(key: string, value: string | null, storage: () => Storage = () => localStorage): void {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // Every caller works without the stored value.
  }
}

export function recall(key: string, storage: () => Storage = () => localStorage): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

/** The storage for values that survive a reload but not the tab. */
export const inTab = (): Storage => sessionStorage;

/** True when something is stored in the browser under a key that begins so. */
export function hasKey(prefix: string): boolean {
  try {
    return Object.keys(localStorage).some((key) => key.startsWith(prefix));
  } catch {
    return false;
  }
}
