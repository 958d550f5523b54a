import { useMutation } from "convex/react";
import { useEffect, useEffectEvent, useState, type Dispatch, type SetStateAction } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import type { Report } from "../api";
import { patchOf, settleSaved, type Edits, type Form } from "./edits";
import { dropSaved } from "./storedEdits";

/** The pause in typing after which edits are sent. */
const AUTOSAVE_MS = 500;
const RETRY_MS = 5_000;

type Sending = {
  report: Report;
  /** The storage key of the edits. */
  storageKey: string;
  /** The server's values. */
  server: Form;
  /** Edits as they were typed; a change restarts the pause. */
  typed: Edits;
  setTyped: Dispatch<SetStateAction<Edits>>;
  /** Edits that the server does not have. */
  pending: Edits;
  /** The values that are being saved, or null. */
  underway: Form | null;
  setUnderway: Dispatch<SetStateAction<Form | null>>;
  /** Whether something may be sent at all: edits are loaded and there is a connection. */
  mayStart: boolean;
};

/**
 * Sends edits without a conflict, while the draft is in progress: when typing pauses, when the connection returns and
 * when the page is left.
 *
 * @returns the reason why saving failed, or null
 */
export function useSending({
  report,
  storageKey,
  server,
  typed,
  setTyped,
  pending,
  underway,
  setUnderway,
  mayStart,
}: Sending): string | null {
  const update = useMutation(api.valuations.sessions.update);
  const [problem, setProblem] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const { reportId } = report;
  const sending = underway !== null;
  const inProgress = report.status === "IN_PROGRESS";

  const send = useEffectEvent(async () => {
    const patch = patchOf(pending, server);
    if (!inProgress || Object.keys(patch).length === 0 || sending) return;
    setUnderway(patch);
    try {
      await update({ reportId, formData: JSON.stringify(patch), expectedRevision: report.revision });
      dropSaved(storageKey, patch);
      setTyped((all) => settleSaved(all, patch));
      setProblem(null);
    } catch (error) {
      const failure = readFailure(error);
      // `CONFLICT` says only that the draft has another revision by now: someone else was faster, with any field. The live
      // query brings their change. Edits that still fit are sent on top of it, and those of the same field become
      // `conflicts`, for the user to choose.
      if (failure.code !== "CONFLICT") setProblem(failure.message);
    } finally {
      setUnderway(null);
      setAttempt((count) => count + 1);
    }
  });

  const sendable = inProgress && Object.keys(patchOf(pending, server)).length > 0;
  useEffect(() => {
    if (!mayStart || !sendable || sending) return;
    const timer = setTimeout(() => void send(), problem === null ? AUTOSAVE_MS : RETRY_MS);
    return () => clearTimeout(timer);
    // `typed` restarts the pause with every key. `attempt` and the revision retry what was left.
  }, [mayStart, sendable, sending, problem, typed, attempt, report.revision]);

  // Leaving the page does not wait for a pause in typing. Edits that cannot be sent now stay on this device.
  useEffect(() => () => void send(), []);

  return problem;
}
