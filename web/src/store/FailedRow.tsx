import { useMutation } from "convex/react";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { toast } from "@/lib/toasts";
import { useAct } from "@/lib/useAct";
import { rich, t } from "@/messages/translate";
import type { FailedEntry } from "./api";
import { EntryRow } from "./EntryRow";
import { Payload } from "./Payload";

/** An entry that failed for good, with its error and what it tells. It is sent again or given up. */
export function FailedRow({ entry }: { entry: FailedEntry }) {
  const replay = useMutation(api.store.outbox.replay);
  const discard = useMutation(api.store.outbox.discard);
  const { run, busy, problem } = useAct();
  const [asking, setAsking] = useState(false);
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
            <Button variant="quietDanger" size="sm" onClick={() => setAsking(true)}>
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
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={t("operations.discardQuestion")}
        confirm={t("operations.discard")}
        onConfirm={async () => {
          await discard({ id: entry.id });
          toast(t("operations.discarded"));
        }}
      >
        {t("operations.discardNote")}
      </ConfirmDialog>
    </>
  );
}
