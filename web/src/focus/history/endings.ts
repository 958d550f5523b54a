import type { BadgeTone } from "@/components/ui/badge";
import type { EndedSession } from "../api";

type Ending = { title: string; note: string | null; badge: string | null; tone: BadgeTone };

const ENDINGS: Record<EndedSession["completedReason"], Ending> = {
  manual: { title: "Session complete", note: null, badge: null, tone: "success" },
  auto: { title: "Session complete", note: "It reached its length and ended by itself.", badge: null, tone: "success" },
  abandoned: {
    title: "Session abandoned",
    note: "What was earned until then is kept.",
    badge: "Abandoned",
    tone: "neutral",
  },
  timeout: {
    title: "Session ended",
    note: "Nothing was heard from any device for 30 minutes, so it ended at the last sign of you. All XP up to then is kept.",
    badge: "Lost contact",
    tone: "warning",
  },
  crash_recovered: {
    title: "Session recovered",
    note: "It was interrupted; all XP up to the last sign of you is kept.",
    badge: "Recovered",
    tone: "neutral",
  },
};

/** How to speak of the way a session ended. */
export const endingOf = (reason: EndedSession["completedReason"]): Ending => ENDINGS[reason];
