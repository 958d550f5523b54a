import { DataList } from "@/components/DataList";
import { RelativeTime } from "@/components/RelativeTime";
import { Stat } from "@/components/Stat";
import { Card, CardTitle } from "@/components/ui/card";
import { t } from "@/messages/translate";
import type { OutboxStatus } from "./api";
import { FailedEntries } from "./FailedEntries";
import { ReconciliationCard } from "./ReconciliationCard";
import { RetriedRow } from "./RetriedRow";

/** The state of the permanent store: waiting, retried and failed entries, then the daily comparison. */
export function OutboxSection({ status }: { status: OutboxStatus }) {
  return (
    <>
      <Card id="store" aria-label={t("store.outbox")}>
        <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
          <Stat label={t("store.waiting")}>
            {status.depth}
            {status.depth >= status.depthLimit && "+"}
          </Stat>
          <Stat label={t("store.oldest")}>
            {status.oldestAt === null ? "–" : <RelativeTime at={status.oldestAt} className="text-base" />}
          </Stat>
          <Stat label={t("common.failed")}>{status.failed.length}</Stat>
          <Stat
            label={t("store.lastDelivery")}
            note={status.lastDelivery ? t("store.entries", { count: status.lastDelivery.count }) : undefined}
          >
            {status.lastDelivery ? <RelativeTime at={status.lastDelivery.at} className="text-base" /> : "–"}
          </Stat>
        </dl>
      </Card>
      {status.retrying.length > 0 && (
        <Card aria-label={t("store.retriedEntries")}>
          <CardTitle className="mb-2">{t("store.retriedEntries")}</CardTitle>
          <DataList
            state={{ kind: "ready", data: status.retrying }}
            label={t("store.retriedEntries")}
            keyOf={({ id }) => id}
            row={(entry) => <RetriedRow entry={entry} />}
            empty={null}
          />
        </Card>
      )}
      <FailedEntries entries={status.failed} />
      <ReconciliationCard last={status.lastReconciliation} />
    </>
  );
}
