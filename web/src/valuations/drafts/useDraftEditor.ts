import { useState } from "react";
import { useOnline } from "@/lib/live/useOnline";
import type { Report } from "../api";
import {
  conflictsOf,
  edited,
  keepDiffering,
  keepMine,
  mistyped,
  overlaid,
  saveState,
  settleSaved,
  shownOf,
  takeTheirs,
  wrongCount,
  type Edits,
  type Form,
  type SaveState,
} from "./edits";
import { formOf } from "../reports";
import { keptKey, useKeptConflicts, useStoredEdits } from "./storedEdits";
import { useSending } from "./useSending";

export type DraftEditor = {
  /** The form as the user sees it: the server's values with the edits made here, without invalid texts. */
  form: Form;
  /** The server's values. */
  server: Form;
  edits: Edits;
  conflicts: string[];
  state: SaveState;
  /** The reason why saving failed, or null. */
  problem: string | null;
  /** True once edits that a closed tab left on this device are loaded. Nothing may be typed before. */
  ready: boolean;
  change: (name: string, value: unknown) => void;
  /** Keeps a text that is not a valid value, until it is corrected. */
  mistype: (name: string, text: string) => void;
  keepMine: (name: string) => void;
  takeTheirs: (name: string) => void;
  /** Forgets every edit that the server does not have. */
  discard: () => void;
};

/**
 * Edits a draft live. Every edit is stored on this device until the server has it. It is sent when typing pauses or the
 * connection returns, and never overwrites a change it has not seen. While the draft is not in progress nothing is
 * sent: edits that are left wait for the user.
 *
 * @param ownerId separates the edits of different users of this browser
 */
export function useDraftEditor(report: Report, ownerId: string): DraftEditor {
  const online = useOnline();
  const storageKey = keptKey(ownerId, report.reportId);
  const { typed, setTyped, ready, isKept } = useStoredEdits(storageKey);
  /** The values that are being saved, or null. */
  const [underway, setUnderway] = useState<Form | null>(null);
  const sending = underway !== null;
  const server = formOf(report);
  // The live query may show a save before the mutation answers. What it shows of that is then no change from elsewhere.
  const seen = settleSaved(typed, shownOf(underway ?? {}, server));
  const pending = keepDiffering(seen, server);
  const conflicts = conflictsOf(pending, server);
  // Values that the server has by now, from here or from elsewhere, are no edits anymore.
  const isOutdated = Object.keys(pending).length < Object.keys(typed).length;
  if (ready && !sending && isOutdated) setTyped(pending);

  const conflictsAreKept = useKeptConflicts(storageKey, ready, pending, conflicts);
  const problem = useSending({
    report,
    storageKey,
    server,
    typed,
    setTyped,
    pending,
    underway,
    setUnderway,
    mayStart: ready && online,
  });

  return {
    form: overlaid(server, pending),
    server,
    edits: pending,
    conflicts,
    state: saveState({
      // A user who sees a conflict may leave at once, so it is shown only when the edits are stored.
      conflicts: conflictsAreKept ? conflicts.length : 0,
      pending: Object.keys(pending).length - wrongCount(pending),
      wrong: wrongCount(pending),
      sending,
      online,
      failed: problem !== null,
      kept: isKept,
    }),
    problem,
    ready,
    change: (name, value) => setTyped((all) => edited(keepDiffering(all, server), server, name, value)),
    mistype: (name, text) => setTyped((all) => mistyped(keepDiffering(all, server), server, name, text)),
    keepMine: (name) => setTyped((all) => keepMine(all, server, name)),
    takeTheirs: (name) => setTyped((all) => takeTheirs(all, name)),
    discard: () => setTyped({}),
  };
}
