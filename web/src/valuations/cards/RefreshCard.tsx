import { useAction } from "convex/react";
import { RefreshCw } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { api } from "@/lib/api";
import { readFailure } from "@/lib/errors";
import { t } from "@/messages/translate";

/** Reads the business card again. Edited fields are kept. */
export function RefreshCard({ reportId }: { reportId: string }) {
  const refresh = useAction(api.valuations.cards.refresh);
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<string | null>(null);
  const run = () => {
    setBusy(true);
    refresh({ reportId })
      .then(
        (count) => setOutcome(count === 0 ? t("valuations.nothingNew") : t("valuations.refreshed", { count })),
        (error: unknown) => setOutcome(readFailure(error).message),
      )
      .finally(() => setBusy(false));
  };
  return (
    <div className="mt-3 space-y-2 border-t pt-3">
      <Button variant="secondary" size="sm" busy={busy} onClick={run}>
        <RefreshCw />
        {t("valuations.refresh")}
      </Button>
      <p role="status" className="text-xs text-muted-foreground">
        {outcome ?? t("valuations.refreshNote")}
      </p>
    </div>
  );
}
