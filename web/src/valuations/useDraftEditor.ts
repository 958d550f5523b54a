import { useMutation } from "convex/react";
import { del, get, set } from "idb-keyval";
import { useCallback, useEffect, useEffectEvent, useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { useOnline } from "@/lib/useOnline";
import type { Report } from "./api";
import { conflictsOf, edited, keepMine, overlaid, patchOf, rebased, saveState, settled, takeTheirs, type Edits, type Form, type SaveState } from "./edits";
import { formOf } from "./reports";

/** Typing has paused for this long. */
const AUTOSAVE_MS = 500;
const RETRY_MS = 5_000;

export type DraftEditor = {
  /** As the user sees it: the server's form under the edits made here. */
  form: Form;
  /** What the server has. */
  server: Form;
  edits: Edits;
  conflicts: string[];
  state: SaveState;
  /** Why saving failed, or null. */
  problem: string | null;
  /** Whether edits that a closed tab left on this device have been looked for; until then nothing may be typed. */
  ready: boolean;
  change: (name: string, value: unknown) => void;
  keepMine: (name: string) => void;
  takeTheirs: (name: string) => void;
};

/**
 * Edits a draft live. Every edit is kept on this device until the server has it, is sent when typing pauses or the
 * connection returns, and never overwrites a change it has not seen.
 *
 * @param ownerId keeps apart what different users of this browser typed
 */
export function useDraftEditor(report: Report, ownerId: string): DraftEditor {
  const update = useMutation(api.valuations.sessions.update);
  const online = useOnline();
  const [edits, setEdits] = useState<Edits>({});
  const [ready, setReady] = useState(false);
  const [sending, setSending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { reportId } = report;
  const key = `report-edits:${ownerId}:${reportId}`;
  const server = formOf(report);
  const pending = rebased(edits, server);
  const conflicts = conflictsOf(pending, server);

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

  const remember = useCallback(
    (next: Edits) => {
      const kept = Object.keys(next).length === 0 ? del(key) : set(key, next);
      kept.catch(() => undefined);
      return next;
    },
    [key],
  );
  const alter = (by: (edits: Edits) => Edits) => setEdits((all) => remember(by(all)));

  const send = useEffectEvent(async () => {
    const patch = patchOf(pending, server);
    if (Object.keys(patch).length === 0 || sending) return;
    setSending(true);
    try {
      await update({ reportId, formData: JSON.stringify(patch), expectedRevision: report.revision });
      alter((all) => settled(all, patch));
      setProblem(null);
    } catch (error) {
      const failure = readFailure(error);
      // Someone was faster: the live query brings their change, and what still fits is sent on top of it.
      if (failure.code !== "CONFLICT") setProblem(failure.message);
    } finally {
      setSending(false);
      setAttempt((count) => count + 1);
    }
  });

  const sendable = Object.keys(patchOf(pending, server)).length > 0;
  useEffect(() => {
    if (!ready || !online || !sendable || sending) return;
    const timer = setTimeout(() => void send(), problem === null ? AUTOSAVE_MS : RETRY_MS);
    return () => clearTimeout(timer);
    // `edits` lets the pause begin anew with every key; `attempt` and the revision try again what was left over.
  }, [ready, online, sendable, sending, problem, edits, attempt, report.revision]);

  // Leaving the page does not wait for typing to pause; what cannot be sent now stays on this device.
  useEffect(() => () => void send(), []);

  const settledAll = ready && !sending && Object.keys(pending).length === 0;
  useEffect(() => {
    if (settledAll) del(key).catch(() => undefined);
  }, [settledAll, key]);

  return {
    form: overlaid(server, pending),
    server,
    edits: pending,
    conflicts,
    state: saveState({ conflicts: conflicts.length, pending: Object.keys(pending).length, sending, online, failed: problem !== null }),
    problem,
    ready,
    change: (name, value) => alter((all) => edited(rebased(all, server), server, name, value)),
    keepMine: (name) => alter((all) => keepMine(all, server, name)),
    takeTheirs: (name) => alter((all) => takeTheirs(all, name)),
  };
}
