import { Button } from "@/components/ui/button";
import { useSessionControls } from "../live/useSessionControls";

/** A session that was lost may be named for what it was; its figures stay as they are. */
export function RecoverNote({ sessionId }: { sessionId: string }) {
  const { finish, busy, problem } = useSessionControls(sessionId);
  return (
    <div className="flex flex-wrap items-center gap-3 rounded-card bg-warning-soft p-4 text-sm text-warning">
      <p className="min-w-48 flex-1">
        What happened? Your answer only names it in the history.
        {problem && (
          <span role="alert" className="block">
            {problem}
          </span>
        )}
      </p>
      <Button size="sm" variant="secondary" busy={busy} onClick={() => void finish("crash_recovered")}>
        My device dropped out
      </Button>
      <Button size="sm" variant="secondary" busy={busy} onClick={() => void finish("abandoned")}>
        I walked away
      </Button>
    </div>
  );
}
