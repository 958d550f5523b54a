import { fits } from "@convex/valuations/rules";
import { useMutation } from "convex/react";
import { useState } from "react";
import { api } from "@/lib/api";
import { readFailure, type Failure } from "@/lib/errors";
import { t } from "@/messages/translate";
import type { Report } from "../api";
import { formOf } from "../reports";
import type { Form } from "./edits";
import { addRefusal, NO_REFUSALS, type Refusals } from "./refusals";

type Progress = Readonly<{
  /** The values on their way to the server, or null. */
  underway: Form | null;
  /** The reason why saving failed that may succeed later, or null. */
  problem: string | null;
  refusals: Refusals;
}>;

/** `progress` is new after each attempt. */
export type Saving = { progress: Progress; save: (patch: Form) => Promise<void> };

/** The codes of refusals that the same values meet each time. */
const FINAL = new Set(["VALIDATION", "TOO_LARGE"]);

/** Sends patches of a draft, which the server takes only on top of the revision that is shown here. */
export function useSaving(report: Report, onSaved: (patch: Form) => void): Saving {
  const update = useMutation(api.valuations.sessions.update);
  const [progress, setProgress] = useState<Progress>({ underway: null, problem: null, refusals: NO_REFUSALS });
  const { reportId, revision } = report;

  const save = async (patch: Form) => {
    setProgress((before) => ({ ...before, underway: patch }));
    try {
      await update({ reportId, formData: JSON.stringify(patch), expectedRevision: revision });
      onSaved(patch);
      setProgress(({ refusals }) => ({ underway: null, problem: null, refusals: { ...refusals, oneByOne: false } }));
    } catch (error) {
      const failure = readFailure(error);
      setProgress((before) => ({ ...before, underway: null, ...changeBy(failure, before, { report, patch }) }));
    }
  };

  return { progress, save };
}

type Attempt = { report: Report; patch: Form };

/** The change of the progress by a failed attempt. */
function changeBy(failure: Failure, { refusals }: Progress, { report, patch }: Attempt): Partial<Progress> {
  // `CONFLICT` says only that the draft has another revision by now: someone else was faster, with any field. The live
  // query brings their change. Edits that still fit are sent on top of it, and those of the same field become
  // `conflicts`, for the user to choose.
  if (failure.code === "CONFLICT") return {};
  if (!FINAL.has(failure.code)) return { problem: failure.message };
  const reason = reasonOf(failure, { ...formOf(report), ...patch });
  return { problem: null, refusals: addRefusal(refusals, patch, { revision: report.revision, reason }) };
}

/** The reason for a refusal, beside its field. Of a form that is too large the server names the limit in bytes. */
const reasonOf = ({ fields, message }: Failure, form: Form): string =>
  fits("formData", JSON.stringify(form)) ? (Object.values(fields)[0]?.[0] ?? message) : t("valuations.noRoom");
