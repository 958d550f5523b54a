/** Edits that this device keeps until the server has them. All tabs of a browser keep theirs in the same place. */
import { entries, get, update } from "idb-keyval";
import { useEffect, useEffectEvent, useRef, useState, type Dispatch, type SetStateAction } from "react";
import { keptAfter, keptBeside, only, settleSaved, type Edits, type Form } from "./edits";

const KEPT = "report-edits";

/** The key under which the edits of one user and report are stored. */
export const keptKey = (ownerId: string, reportId: string) => `${KEPT}:${ownerId}:${reportId}`;

/** The reports of `ownerId` with edits on this device. */
export async function reportsWithKeptEdits(ownerId: string): Promise<string[]> {
  const prefix = keptKey(ownerId, "");
  const kept = (await entries<string, Edits>()).filter(
    ([key, edits]) => key.startsWith(prefix) && Object.keys(edits).length > 0,
  );
  return kept.map(([key]) => key.slice(prefix.length));
}

/**
 * The edits of this tab, which begin with those that a closed tab left and are stored with each change.
 *
 * @returns `isKept`: whether the last change is stored, null while it is being written
 */
export function useStoredEdits(key: string): {
  typed: Edits;
  setTyped: Dispatch<SetStateAction<Edits>>;
  /** Removes what the server has taken. */
  settle: (patch: Form) => void;
  ready: boolean;
  isKept: boolean | null;
} {
  const [typed, setTyped] = useState<Edits>({});
  const [ready, setReady] = useState(false);
  /** The result of the last attempt to store edits. */
  const [attempt, setAttempt] = useState<{ edits: Edits; works: boolean } | null>(null);

  useEffect(() => {
    let current = true;
    get<Edits>(key)
      .then((kept) => current && kept && setTyped((now) => ({ ...kept, ...now })))
      // Without storage edits live as long as the page.
      .catch(() => undefined)
      .finally(() => current && setReady(true));
    return () => {
      current = false;
    };
  }, [key]);

  // Only this tab's changes are applied to what all tabs keep.
  const written = useRef<Edits>({});
  useEffect(() => {
    const before = written.current;
    if (before === typed) return;
    written.current = typed;
    update<Edits>(key, (all = {}) => keptBeside(all, before, typed)).then(
      () => setAttempt({ edits: typed, works: true }),
      () => setAttempt({ edits: typed, works: false }),
    );
  }, [key, typed]);

  const settle = (patch: Form) => {
    // When the page was left meanwhile, state no longer changes and nothing else would remove the edits.
    update<Edits>(key, (kept = {}) => keptAfter(kept, patch)).catch(() => undefined);
    setTyped((all) => settleSaved(all, patch));
  };

  return { typed, setTyped, settle, ready, isKept: attempt?.edits === typed ? attempt.works : null };
}

/**
 * Stores edits in conflict once more. A tab that changed the same field has put its edit in the place of this tab's in
 * what all tabs keep, and removed it when it was saved; the choice between the two must not be lost.
 *
 * @returns whether that has been tried for these conflicts
 */
export function useKeptConflicts(key: string, ready: boolean, pending: Edits, conflicts: string[]): boolean {
  /** The fields that are stored or cannot be; one a line. */
  const [kept, setKept] = useState("");
  const keep = useEffectEvent((names: string) => {
    const done = () => setKept(names);
    update<Edits>(key, (all = {}) => keptBeside(all, {}, only(pending, conflicts))).then(done, done);
  });
  const conflicting = conflicts.join("\n");
  useEffect(() => {
    if (ready && conflicting !== "") keep(conflicting);
  }, [ready, conflicting]);
  return kept === conflicting;
}
