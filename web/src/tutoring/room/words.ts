import { t } from "@/messages/translate";
import type { MediaProblem } from "./media/problems";
import type { Source } from "./media/useLocalMedia";

/** A device that cannot be used, and the way out. */
export function problemText(source: Source, problem: MediaProblem): string {
  switch (problem) {
    case "refused":
      return t("room.problemRefused", { source });
    case "missing":
      return t("room.problemMissing", { source });
    case "busy":
      return t("room.problemBusy", { source });
    case "insecure":
      return t("room.problemInsecure", { source });
    case "failed":
      return t("room.problemFailed", { source });
  }
}
