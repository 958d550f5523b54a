import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { recall } from "@/lib/storage";
import { formatDuration } from "@/lib/time/time";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { parseSeen, SEEN_KEY } from "../attention/absence";
import { endingOf } from "./endings";
import { formatXp } from "../format";
import { RecoverNote } from "./RecoverNote";

/** Tells a user who comes back too late how the session ended that this browser left. Shows nothing otherwise. */
export function LostSessionNote() {
  const last = useQueryState(api.focus.sessions.lastEnded, {});
  const session = last.kind === "ready" ? last.data : null;
  if (session?.completedReason !== "timeout" || parseSeen(recall(SEEN_KEY))?.sessionId !== session.id) return null;
  return (
    <Card aria-label={t("focus.lastSession")} className="mb-6 space-y-3">
      <CardTitle>{t("focus.endedWhileAway", { activity: session.activity.name })}</CardTitle>
      <p className="text-sm text-muted-foreground">
        {endingOf("timeout").note}{" "}
        {t("focus.lostTotals", {
          duration: formatDuration(session.focusedDurationSeconds),
          amount: formatXp(session.xpTotal),
        })}
      </p>
      <RecoverNote sessionId={session.id} />
    </Card>
  );
}
