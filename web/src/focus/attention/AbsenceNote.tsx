import { ATTENTION_MS } from "@convex/focus/rules";
import { Coffee, X } from "lucide-react";
import { formatDuration } from "@/lib/time/time";
import { rich, t } from "@/messages/translate";
import type { Absence } from "./absence";

/** Tells the user on return how long nobody was there, and how much of that was not counted. */
export function AbsenceNote({ absence, dismiss }: { absence: Absence; dismiss: () => void }) {
  return (
    <div role="status" className="flex items-start gap-3 rounded-card bg-warning-soft p-4 text-sm text-warning">
      <Coffee className="mt-0.5 size-4 shrink-0" />
      <p className="flex-1">
        {rich("focus.absence", {
          strong: (text) => <strong className="font-semibold">{text}</strong>,
          away: formatDuration(absence.awayMs / 1_000),
          unpaid: formatDuration(absence.unpaidMs / 1_000),
        })}{" "}
        {t("focus.absenceRule", { limit: formatDuration(ATTENTION_MS / 1_000) })}
      </p>
      <button
        type="button"
        aria-label={t("common.dismiss")}
        onClick={dismiss}
        className="grid size-6 shrink-0 place-items-center rounded-control"
      >
        <X className="size-4" />
      </button>
    </div>
  );
}
