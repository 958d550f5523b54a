import { useState } from "react";
import { EmptyState, Loaded, Loading } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { Figures } from "./api";
import { HistoryChart, type Series } from "./HistoryChart";
import { formatDelay, PERIODS, type Period } from "./periods";

const GOOD = "bg-accent";
const BAD = "bg-danger";

type Chart = { title: string; series: Series[]; format?: (value: number) => string };
const part = (label: string, name: keyof Figures, className = GOOD): Series => ({ label, name, className });

const CHARTS: Chart[] = [
  { title: t("operations.outboxDepth"), series: [part(t("operations.deepest"), "outboxDepth")] },
  {
    title: t("operations.outboxDelay"),
    series: [part(t("operations.longest"), "outboxOldestMs")],
    format: formatDelay,
  },
  {
    title: t("operations.stored"),
    series: [part(t("operations.succeeded"), "outboxDelivered"), part(t("common.failed"), "outboxFailed", BAD)],
  },
  {
    title: t("operations.webhooks"),
    series: [part(t("operations.succeeded"), "webhooksDelivered"), part(t("common.failed"), "webhooksFailed", BAD)],
  },
  {
    title: t("operations.signIns"),
    series: [part(t("operations.succeeded"), "signIns"), part(t("common.failed"), "signInFailures", BAD)],
  },
  {
    title: t("operations.restErrors"),
    series: [part(t("operations.refused"), "refused"), part(t("operations.failedRequests"), "failed", BAD)],
  },
  { title: t("operations.jobsDelay"), series: [part(t("operations.longest"), "jobsLateMs")], format: formatDelay },
];

/** How it went in the last day or week. */
export function HistoryCard() {
  const [period, setPeriod] = useState<Period>("day");
  const history = useQueryState(api.operations.state.history, { period });
  return (
    <Card id="history" aria-label={t("operations.history")}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <CardTitle>{t("operations.history")}</CardTitle>
        <Segmented label={t("operations.period")} value={period} options={PERIODS} onChange={setPeriod} />
      </div>
      <Loaded state={history} skeleton={<HistorySkeleton />}>
        {({ buckets }) =>
          buckets.some(({ figures }) => figures !== null) ? (
            <div className="mt-4 grid gap-x-8 gap-y-6 md:grid-cols-2 xl:grid-cols-3">
              {CHARTS.map((chart) => (
                <HistoryChart key={chart.title} {...chart} buckets={buckets} period={period} />
              ))}
            </div>
          ) : (
            <EmptyState>{t("operations.historyEmpty")}</EmptyState>
          )
        }
      </Loaded>
    </Card>
  );
}

const HistorySkeleton = () => (
  <Loading className="mt-4 grid gap-6 md:grid-cols-2 xl:grid-cols-3">
    {CHARTS.map(({ title }) => (
      <Skeleton key={title} className="h-40" />
    ))}
  </Loading>
);
