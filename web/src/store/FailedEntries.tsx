import { useMutation } from "convex/react";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { DataList } from "@/components/DataList";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { toast } from "@/lib/toasts";
import { t } from "@/messages/translate";
import type { FailedEntry } from "./api";
import { FailedRow } from "./FailedRow";

/**
 * Entries that failed for good. The question before one is given up stays when the entry leaves the list meanwhile, so
 * that the answer to it can say why.
 */
export function FailedEntries({ entries }: { entries: FailedEntry[] }) {
  const discard = useMutation(api.store.outbox.discard);
  const [asked, setAsked] = useState<string | null>(null);
  return (
    <Card aria-label={t("store.failedEntries")}>
      <CardTitle className="mb-2">{t("store.failedEntries")}</CardTitle>
      <DataList
        state={{ kind: "ready", data: entries }}
        label={t("store.failedEntries")}
        keyOf={({ id }) => id}
        row={(entry) => <FailedRow entry={entry} onDiscard={() => setAsked(entry.id)} />}
        empty={<p className="text-sm text-muted-foreground">{t("store.noneFailed")}</p>}
      />
      <ConfirmDialog
        open={asked !== null}
        onOpenChange={(open) => !open && setAsked(null)}
        title={t("operations.discardQuestion")}
        confirm={t("operations.discard")}
        onConfirm={async () => {
          if (asked === null) return;
          await discard({ id: asked });
          toast(t("operations.discarded"));
        }}
      >
        {t("operations.discardNote")}
      </ConfirmDialog>
    </Card>
  );
}
