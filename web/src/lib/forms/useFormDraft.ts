import { useState } from "react";
import { changesOf, parseDraft, withChanges, type Entries } from "./formDraft";
import { inTab, recall, remember } from "../storage";

export type FormDraft<T extends Entries> = {
  entries: T;
  edit: (changes: Partial<T>) => void;
  /** True when the form began with earlier entries. */
  resumed: boolean;
  startOver: () => void;
  /** Called once the form is sent or canceled. */
  forget: () => void;
};

/**
 * The entries of a form, `before` at first. They survive Escape and a reload of this tab. `given` was entered elsewhere
 * just now and wins over kept entries. Not for passwords.
 */
export function useFormDraft<T extends Entries>(key: string, before: T, given: Partial<T> = {}): FormDraft<T> {
  const stored = `draft:${key}`;
  const [base] = useState(before);
  const [begun] = useState(given);
  const [kept] = useState(() => withChanges(parseDraft(recall(stored, inTab)), base));
  const [entries, setEntries] = useState<T>({ ...kept, ...begun });
  const [resumed, setResumed] = useState(() => Object.keys(changesOf(kept, base)).length > 0);
  const forget = () => remember(stored, null, inTab);
  return {
    entries,
    edit: (changes) => {
      const next = { ...entries, ...changes };
      setEntries(next);
      const changed = changesOf(next, base);
      if (Object.keys(changed).length === 0) forget();
      else remember(stored, JSON.stringify(changed), inTab);
    },
    resumed,
    startOver: () => {
      forget();
      setEntries({ ...base, ...begun });
      setResumed(false);
    },
    forget,
  };
}
