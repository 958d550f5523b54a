import type { BadgeTone } from "@/components/ui/badge";
import { t } from "@/messages/translate";
import type { EndedSession } from "../types";

type Ending = { title: string; note: string | null; badge: string | null; tone: BadgeTone };

const ENDINGS: Record<EndedSession["completedReason"], Ending> = {
  manual: { title: t("focus.complete"), note: null, badge: null, tone: "success" },
  auto: { title: t("focus.complete"), note: t("focus.endedByItself"), badge: null, tone: "success" },
  abandoned: {
    title: t("focus.abandoned"),
    note: t("focus.abandonedNote"),
    badge: t("focus.abandonedBadge"),
    tone: "neutral",
  },
  timeout: {
    title: t("focus.ended"),
    note: t("focus.timeoutNote"),
    badge: t("focus.timeoutBadge"),
    tone: "warning",
  },
  crash_recovered: {
    title: t("focus.recovered"),
    note: t("focus.recoveredNote"),
    badge: t("focus.recoveredBadge"),
    tone: "neutral",
  },
};

/** The words for the way a session ended. */
export const endingOf = (reason: EndedSession["completedReason"]): Ending => ENDINGS[reason];
