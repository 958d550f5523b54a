import { useEffect, useEffectEvent, useRef } from "react";
import type { Edits, Form } from "./edits";
import type { Saving } from "./useSaving";

/** The pause in typing after which edits are sent. */
const AUTOSAVE_MS = 500;
const RETRY_MS = 5_000;

/**
 * Saves `patch` when typing pauses, when `mayStart` becomes true and when the page is left.
 *
 * @param typed restarts the pause with each change
 */
export function useAutosave({ progress, save }: Saving, patch: Form, typed: Edits, mayStart: boolean): void {
  const isDue = Object.keys(patch).length > 0 && progress.underway === null;
  /** The edits at the last attempt. Other ones may succeed where those failed. */
  const attempted = useRef<Edits | null>(null);
  const saveRest = useEffectEvent(() => {
    if (!isDue) return;
    attempted.current = typed;
    void save(patch);
  });

  useEffect(() => {
    if (!mayStart || !isDue) return;
    const isRetry = progress.problem !== null && attempted.current === typed;
    const timer = setTimeout(() => saveRest(), isRetry ? RETRY_MS : AUTOSAVE_MS);
    return () => clearTimeout(timer);
    // Each attempt makes a new `progress`, by which what is left is tried again.
  }, [mayStart, isDue, typed, progress]);

  // Leaving the page does not wait for a pause in typing. Edits that cannot be sent now stay on this device.
  useEffect(() => () => saveRest(), []);
}
