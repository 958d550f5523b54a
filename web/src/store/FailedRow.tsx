import { useMutation } from "convex/react";
import { RotateCw } from "lucide-react";
import { useState } from "react";
import { RelativeTime } from "@/components/RelativeTime";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { rich, t } from "@/messages/translate";
import type { FailedEntry } from "./api";

const KINDS: Record<FailedEntry["kind"], string> = {
  register: t("store.registerEntry"),
  complete: t("store.completeEntry"),
};

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
    <div className="flex flex-wrap items-start justify-between gap-3 py-4">
      <div className="min-w-0 flex-1 basis-60">
        <p className="text-sm font-medium">{KINDS[entry.kind]}</p>
        <p className="mt-0.5 truncate text-xs text-muted-foreground">
          <code>{entry.sessionId}</code> ·{" "}
          {rich("store.failedEntry", { count: entry.attempts, time: () => <RelativeTime at={entry.failedAt} /> })}
        </p>
        <pre className="mt-2 max-h-32 overflow-auto rounded-control bg-surface-muted p-2 text-xs whitespace-pre-wrap">
          {entry.lastError ?? t("store.noError")}
        </pre>
        {problem && (
          <p role="alert" className="mt-1 text-xs text-danger-text">
            {problem}
          </p>
        )}
      </div>
      <Button variant="secondary" size="sm" busy={busy} onClick={run}>
        <RotateCw />
        {t("store.retry")}
      </Button>
    </div>
  );
}
