import { useCallback, useState } from "react";
import { inTab, recall, remember } from "../storage";

/** The state of a text field that survives a reload of this tab. Not for passwords. */
export function useDraft(key: string, initial = ""): [value: string, set: (value: string) => void, clear: () => void] {
  const stored = `draft:${key}`;
  const [value, setValue] = useState(() => recall(stored, inTab) ?? initial);
  const set = useCallback(
    (next: string) => {
      setValue(next);
      remember(stored, next, inTab);
    },
    [stored],
  );
  const clear = useCallback(() => {
    setValue(initial);
    remember(stored, null, inTab);
  }, [stored, initial]);
  return [value, set, clear];
}
