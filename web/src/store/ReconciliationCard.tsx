import { RelativeTime } from "@/components/RelativeTime";
import { Stat } from "@/components/Stat";
import { Card, CardTitle } from "@/components/ui/card";
import { t } from "@/messages/translate";
import type { OutboxStatus } from "./api";

/** The last daily comparison of the live database with the permanent store. */
export function ReconciliationCard({ last }: { last: OutboxStatus["lastReconciliation"] }) {
  return (
    <Card aria-label={t("store.lastComparison")}>
      <div className="mb-2 flex items-baseline justify-between gap-3">
        <CardTitle>{t("store.lastComparison")}</CardTitle>
        {last && (
          <span className="text-xs text-muted-foreground">
            <RelativeTime at={last.finishedAt} />
          </span>
        )}
      </div>
      {last ? (
        <>
          <dl className="grid grid-cols-2 gap-4 sm:grid-cols-5">
            <Stat label={t("store.daysCompared")}>{last.days}</Stat>
            <Stat label={t("store.differing")} note={t("store.userDays", { count: last.compared })}>
              {last.differing}
            </Stat>
            <Stat label={t("store.resent")}>{last.reenqueued}</Stat>
            <Stat label={t("store.storeOnly")}>{last.storeOnly}</Stat>
            <Stat label={t("store.totalsDiffering")}>{last.totalsDiffering}</Stat>
          </dl>
          {last.error && (
            <p role="alert" className="mt-4 text-sm text-danger-text">
              {last.error}
            </p>
          )}
        </>
      ) : (
        <p className="text-sm text-muted-foreground">{t("store.comparisonPending")}</p>
      )}
    </Card>
  );
}
