import { useMutation } from "convex/react";
import { entries, get, update as updateStored } from "idb-keyval";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useOnline } from "@/lib/live/useOnline";
import type { Report } from "../api";
import {
  conflictsOf,
  edited,
  keepMine,
  keptAfter,
  keptBeside,
  mistyped,
  only,
  overlaid,
  patchOf,
  rebased,
  saveState,
  settled,
  shownOf,
  takeTheirs,
  wrongCount,
  type Edits,
  type Form,
  type SaveState,
} from "./edits";
import { formOf } from "../reports";

/** The storage key for edits that the server does not have yet. */
const KEPT = "report-edits";
const keptKey = (ownerId: string, reportId: string) => `${KEPT}:${ownerId}:${reportId}`;

/** The reports of `ownerId` with edits on this device. */
export async function reportsWithKeptEdits(ownerId: string): Promise<string[]> {
  const prefix = keptKey(ownerId, "");
  const kept = (await entries<string, Edits>()).filter(
    ([key, edits]) => key.startsWith(prefix) && Object.keys(edits).length > 0,
  );
  return kept.map(([key]) => key.slice(prefix.length));
}

/** The pause in typing after which edits are sent. */
const AUTOSAVE_MS = 500;
const RETRY_MS = 5_000;

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
  const update = useMutation(api.valuations.sessions.update);
  const online = useOnline();
  const [edits, setEdits] = useState<Edits>({});
  const [ready, setReady] = useState(false);
  /** The values that are being saved, or null. */
  const [underway, setUnderway] = useState<Form | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  /** The result of the last attempt to store edits on this device. */
  const [storage, setStorage] = useState<{ edits: Edits; works: boolean } | null>(null);
  /** The conflicting fields whose edits are stored on this device or cannot be; one a line. */
  const [keptConflicts, setKeptConflicts] = useState("");
  const { reportId } = report;
  const key = keptKey(ownerId, reportId);
  const server = formOf(report);
  const sending = underway !== null;
  const inProgress = report.status === "IN_PROGRESS";
  // The server may show a save before it answers. Its own values are then no change from elsewhere.
  const pending = rebased(settled(edits, shownOf(underway ?? {}, server)), server);
  const conflicts = conflictsOf(pending, server);
  // Values that the server has by now, from here or from elsewhere, are no edits anymore.
  if (ready && !sending && Object.keys(pending).length < Object.keys(edits).length) setEdits(pending);

  useEffect(() => {
    let current = true;
    get<Edits>(key)
      .then((kept) => current && kept && setEdits((typed) => ({ ...kept, ...typed })))
      // Without storage edits live as long as the page.
      .catch(() => undefined)
      .finally(() => current && setReady(true));
    return () => {
      current = false;
    };
  }, [key]);

  // Other tabs store their edits in the same place. Only this tab's changes are applied there.
  const written = useRef<Edits>({});
  useEffect(() => {
    const before = written.current;
    if (before === edits) return;
    written.current = edits;
    updateStored<Edits>(key, (all = {}) => keptBeside(all, before, edits)).then(
      () => setStorage({ edits, works: true }),
      () => setStorage({ edits, works: false }),
    );
  }, [key, edits]);

  // Another tab that saved the same field took this one's edit for its own and removed it. The choice must not be lost.
  const keepConflicting = useEffectEvent((names: string) => {
    const done = () => setKeptConflicts(names);
    updateStored<Edits>(key, (all = {}) => keptBeside(all, {}, only(pending, conflicts))).then(done, done);
  });
  const conflicting = conflicts.join("\n");
  useEffect(() => {
    if (ready && conflicting !== "") keepConflicting(conflicting);
  }, [ready, conflicting]);

  const send = useEffectEvent(async () => {
    const patch = patchOf(pending, server);
    if (!inProgress || Object.keys(patch).length === 0 || sending) return;
    setUnderway(patch);
    try {
      await update({ reportId, formData: JSON.stringify(patch), expectedRevision: report.revision });
      // This also applies when the page was left meanwhile and state no longer changes.
      updateStored<Edits>(key, (kept = {}) => keptAfter(kept, patch)).catch(() => undefined);
      setEdits((all) => settled(all, patch));
      setProblem(null);
    } catch (error) {
      const failure = readFailure(error);
      // Someone else was faster. The live query brings their change, and edits that still fit are sent on top of it.
      if (failure.code !== "CONFLICT") setProblem(failure.message);
    } finally {
      setUnderway(null);
      setAttempt((count) => count + 1);
    }
  });

  const sendable = inProgress && Object.keys(patchOf(pending, server)).length > 0;
  useEffect(() => {
    if (!ready || !online || !sendable || sending) return;
    const timer = setTimeout(() => void send(), problem === null ? AUTOSAVE_MS : RETRY_MS);
    return () => clearTimeout(timer);
    // `edits` restarts the pause with every key. `attempt` and the revision retry what was left.
  }, [ready, online, sendable, sending, problem, edits, attempt, report.revision]);

  // Leaving the page does not wait for a pause in typing. Edits that cannot be sent now stay on this device.
  useEffect(() => () => void send(), []);

  return {
    form: overlaid(server, pending),
    server,
    edits: pending,
    conflicts,
    state: saveState({
      // A user who sees a conflict may leave at once, so it is shown only when the edits are stored.
      conflicts: keptConflicts === conflicting ? conflicts.length : 0,
      pending: Object.keys(pending).length - wrongCount(pending),
      wrong: wrongCount(pending),
      sending,
      online,
      failed: problem !== null,
      kept: storage?.edits === edits ? storage.works : null,
    }),
    problem,
    ready,
    change: (name, value) => setEdits((all) => edited(rebased(all, server), server, name, value)),
    mistype: (name, text) => setEdits((all) => mistyped(rebased(all, server), server, name, text)),
    keepMine: (name) => setEdits((all) => keepMine(all, server, name)),
    takeTheirs: (name) => setEdits((all) => takeTheirs(all, name)),
    discard: () => setEdits({}),
  };
}
