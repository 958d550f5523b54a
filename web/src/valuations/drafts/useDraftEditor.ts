import { useOnline } from "@/lib/live/useOnline";
import type { Report } from "../api";
import {
  conflictsOf,
  edited,
  keepDiffering,
  keepMine,
  mistyped,
  overlaid,
  patchOf,
  pendingOf,
  saveState,
  takeTheirs,
  wrongCount,
  type Edits,
  type Form,
  type SaveState,
} from "./edits";
import { formOf } from "../reports";
import { dueOf, reasonsOf } from "./refusals";
import { keptKey, useKeptConflicts, useStoredEdits } from "./storedEdits";
import { useAutosave } from "./useAutosave";
import { useSaving } from "./useSaving";

export type DraftEditor = {
  /** The form as the user sees it: the server's values with the edits made here, without invalid texts. */
  form: Form;
  /** The server's values. */
  server: Form;
  edits: Edits;
  conflicts: string[];
  state: SaveState;
  /** The reason why saving failed that may succeed later, or null. */
  problem: string | null;
  /** The reasons by field why the server refused its value. */
  refused: Readonly<Record<string, string>>;
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
  const { typed, setTyped, settle, ready, isKept } = useStoredEdits(storageKey);
  const saving = useSaving(report, settle);
  const { underway, problem, refusals } = saving.progress;
  const server = formOf(report);
  const pending = pendingOf(typed, underway ?? {}, server);
  const conflicts = conflictsOf(pending, server);
  // Values that the server has by now, from here or from elsewhere, are no edits anymore.
  const isOutdated = Object.keys(pending).length < Object.keys(typed).length;
  if (ready && underway === null && isOutdated) setTyped(pending);

  const conflictsAreKept = useKeptConflicts(storageKey, ready, pending, conflicts);
  const patch = report.status === "IN_PROGRESS" ? patchOf(pending, server) : {};
  const refused = reasonsOf(refusals, patch);
  const wrong = wrongCount(pending) + Object.keys(refused).length;
  useAutosave(saving, dueOf(patch, refusals, report.revision), typed, ready && online);

  return {
    form: overlaid(server, pending),
    server,
    edits: pending,
    conflicts,
    state: saveState({
      // A user who sees a conflict may leave at once, so it is shown only when the edits are stored.
      conflicts: conflictsAreKept ? conflicts.length : 0,
      pending: Object.keys(pending).length - wrong,
      wrong,
      sending: underway !== null,
      online,
      failed: problem !== null,
      kept: isKept,
    }),
    problem,
    refused,
    ready,
    change: (name, value) => setTyped((all) => edited(keepDiffering(all, server), server, name, value)),
    mistype: (name, text) => setTyped((all) => mistyped(keepDiffering(all, server), server, name, text)),
    keepMine: (name) => setTyped((all) => keepMine(all, server, name)),
    takeTheirs: (name) => setTyped((all) => takeTheirs(all, name)),
    discard: () => setTyped({}),
  };
}
