import { ATTENTION_MS } from "@convex/focus/rules";
import { Coffee, X } from "lucide-react";
import { formatDuration } from "@/lib/time/time";
import type { Absence } from "./absence";

/** After a return: how long nobody was there, and what of it was not counted. */
export function AbsenceNote({ absence, dismiss }: { absence: Absence; dismiss: () => void }) {
  return (
    <div role="status" className="flex items-start gap-3 rounded-card bg-warning-soft p-4 text-sm text-warning">
      <Coffee className="mt-0.5 size-4 shrink-0" />
      <p className="flex-1">
        <strong className="font-semibold">Welcome back.</strong> This page was away for{" "}
        {formatDuration(absence.awayMs / 1_000)}, and {formatDuration(absence.unpaidMs / 1_000)} of that earn nothing:
        time counts for up to {formatDuration(ATTENTION_MS / 1_000)} after the last sign of you. The session goes on
        from here.
      </p>
      <button
        type="button"
        aria-label="Dismiss"
        onClick={dismiss}
        className="grid size-6 shrink-0 place-items-center rounded-control"
      >
        <X className="size-4" />
      </button>
    </div>
  );
}
