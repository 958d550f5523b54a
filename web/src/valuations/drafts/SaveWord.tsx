import { t } from "@/messages/translate";
import type { SaveState } from "./edits";

const WORDS: Record<SaveState, string> = {
  saved: t("valuations.saved"),
  saving: t("valuations.saving"),
  queued: t("valuations.queued"),
  unkept: t("valuations.unkept"),
  conflict: t("valuations.conflict"),
  failed: t("valuations.saveFailed"),
  wrong: t("valuations.saveWrong"),
};

/** The saving state of the edits, beside the title. It never blocks anything. */
export function SaveWord({ state }: { state: SaveState }) {
  const serious = state === "conflict" || state === "failed" || state === "unkept" || state === "wrong";
  return (
    <span role="status" className={serious ? "text-warning" : undefined}>
      {WORDS[state]}
    </span>
  );
}
