import { useMutation } from "convex/react";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { rich, t } from "@/messages/translate";
import type { FailedEntry } from "./api";
import { EntryRow } from "./EntryRow";

/** An entry that failed for good, with its error. Retrying sends it again. */
export function FailedRow({ entry }: { entry: FailedEntry }) {
  const replay = useMutation(api.store.outbox.replay);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = () => {
    setBusy(true);
    setProblem(null);
    replay({ id: entry.id })
      .catch((error: unknown) => setProblem(readFailure(error).message))
      .finally(() => setBusy(false));
  };
  return (
    <EntryRow
      entry={entry}
      state={rich("store.failedEntry", { count: entry.attempts, time: () => <RelativeTime at={entry.failedAt} /> })}
      problem={problem}
      action={
        <Button variant="secondary" size="sm" busy={busy} onClick={run}>
          <RotateCw />
          {t("store.retry")}
        </Button>
      }
    />
  );
}
