/** The browser's storage, which may be blocked or full: then nothing is remembered, and nothing breaks. */
export function remember(key: string, value: string | null, storage: () => Storage = () => localStorage): void {
  try {
    if (value === null) storage().removeItem(key);
    else storage().setItem(key, value);
  } catch {
    // Remembering is a comfort; every caller works without it.
  }
}

export function recall(key: string, storage: () => Storage = () => localStorage): string | null {
  try {
    return storage().getItem(key);
  } catch {
    return null;
  }
}

/** What must survive a reload but not the tab. */
export const inTab = (): Storage => sessionStorage;
