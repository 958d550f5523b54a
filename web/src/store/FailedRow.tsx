import { useMutation } from "convex/react";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { useAct } from "@/lib/hooks/useAct";
import { rich, t } from "@/messages/translate";
import type { FailedEntry } from "./api";
import { EntryRow } from "./EntryRow";
import { Payload } from "./Payload";

/** An entry that failed for good, with its error and what it tells. It is sent again or given up. */
export function FailedRow({ entry, onDiscard }: { entry: FailedEntry; onDiscard: () => void }) {
  const replay = useMutation(api.store.outbox.replay);
  const { run, busy, problem } = useAct();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <EntryRow
        entry={entry}
        state={rich("store.failedEntry", { count: entry.attempts, time: () => <RelativeTime at={entry.failedAt} /> })}
        problem={problem}
        action={
          <div className="flex flex-wrap gap-2">
            <Button variant="ghost" size="sm" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? t("operations.hidePayload") : t("operations.showPayload")}
            </Button>
            <Button variant="quietDanger" size="sm" onClick={onDiscard}>
              {t("operations.discard")}
            </Button>
            <Button variant="secondary" size="sm" busy={busy} onClick={() => run(() => replay({ id: entry.id }))}>
              <RotateCw />
              {t("store.retry")}
            </Button>
          </div>
        }
      />
      {isOpen && (
        <div className="pb-4">
          <Payload id={entry.id} />
        </div>
      )}
    </>
  );
}
