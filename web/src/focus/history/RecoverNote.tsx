import { Button } from "@/components/ui/button";
import { t } from "@/messages/translate";
import { useSessionControls } from "../live/useSessionControls";

/** Asks why a session was lost. The answer only labels it; its figures stay. */
export function RecoverNote({ sessionId }: { sessionId: string }) {
  const { finish, busy, problem } = useSessionControls(sessionId);
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-card bg-warning-soft p-4 text-sm text-warning">
      <p className="min-w-48 flex-1">
        {t("focus.whatHappened")}
        {problem && (
          <span role="alert" className="block">
            {problem}
          </span>
        )}
      </p>
      <Button size="sm" variant="secondary" busy={busy} onClick={() => void finish("crash_recovered")}>
        {t("focus.deviceDropped")}
      </Button>
      <Button size="sm" variant="secondary" busy={busy} onClick={() => void finish("abandoned")}>
        {t("focus.walkedAway")}
      </Button>
    </div>
  );
}
