import { useMutation } from "convex/react";
import { useState } from "react";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import type { Report } from "../api";
import type { Form } from "./edits";

/**
 * The values on their way to the server, or null, and the reason why saving failed, or null. New after each attempt.
 */
type Progress = Readonly<{ underway: Form | null; problem: string | null }>;

export type Saving = { progress: Progress; save: (patch: Form) => Promise<void> };

/** Sends patches of a draft, which the server takes only on top of the revision that is shown here. */
export function useSaving(report: Report, onSaved: (patch: Form) => void): Saving {
  const update = useMutation(api.valuations.sessions.update);
  const [progress, setProgress] = useState<Progress>({ underway: null, problem: null });
  const { reportId, revision } = report;

  const save = async (patch: Form) => {
    setProgress(({ problem }) => ({ underway: patch, problem }));
    try {
      await update({ reportId, formData: JSON.stringify(patch), expectedRevision: revision });
      onSaved(patch);
      setProgress({ underway: null, problem: null });
    } catch (error) {
      const failure = readFailure(error);
      // `CONFLICT` says only that the draft has another revision by now: someone else was faster, with any field. The
      // live query brings their change. Edits that still fit are sent on top of it, and those of the same field become
      // `conflicts`, for the user to choose.
      const isOvertaken = failure.code === "CONFLICT";
      setProgress(({ problem }) => ({ underway: null, problem: isOvertaken ? problem : failure.message }));
    }
  };

  return { progress, save };
}
