import { CircleCheck, TriangleAlert } from "lucide-react";
import { DataList } from "@/components/DataList";
import { PageHeader } from "@/components/PageHeader";
import { RelativeTime } from "@/components/RelativeTime";
import { Loaded } from "@/components/states";
import { Stat } from "@/components/Stat";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useNow } from "@/lib/time/useNow";
import { useQueryState, type QueryState } from "@/lib/live/useQueryState";
import { PageSkeleton } from "@/shell/ShellSkeleton";
import { rich, t } from "@/messages/translate";
import type { OutboxStatus } from "./api";
import { FailedRow } from "./FailedRow";
import { healthOf } from "./health";
import { ReconciliationCard } from "./ReconciliationCard";
import { RetriedRow } from "./RetriedRow";

/** The state of the permanent store: a verdict first, then waiting, retried and failed entries, then the daily comparison. */
export function OperationsPage() {
  const status = withAccessNote(useQueryState(api.store.outbox.status, {}));
  return (
    <>
      <PageHeader title={t("shell.operations")} description={t("store.note")} />
      <Loaded state={status} skeleton={<PageSkeleton />}>
        {(current) => (
          <div className="space-y-6">
            <Verdict status={current} />
            <Card aria-label={t("store.outbox")}>
              <dl className="grid grid-cols-2 gap-4 sm:grid-cols-4">
                <Stat label={t("store.waiting")}>
                  {current.depth}
                  {current.depth >= current.depthLimit && "+"}
                </Stat>
                <Stat label={t("store.oldest")}>
                  {current.oldestAt === null ? "–" : <RelativeTime at={current.oldestAt} className="text-base" />}
                </Stat>
                <Stat label={t("common.failed")}>{current.failed.length}</Stat>
                <Stat
                  label={t("store.lastDelivery")}
                  note={current.lastDelivery ? t("store.entries", { count: current.lastDelivery.count }) : undefined}
                >
                  {current.lastDelivery ? <RelativeTime at={current.lastDelivery.at} className="text-base" /> : "–"}
                </Stat>
              </dl>
            </Card>
            {current.retrying.length > 0 && (
              <Card aria-label={t("store.retriedEntries")}>
                <CardTitle className="mb-2">{t("store.retriedEntries")}</CardTitle>
                <DataList
                  state={{ kind: "ready", data: current.retrying }}
                  label={t("store.retriedEntries")}
                  keyOf={({ id }) => id}
                  row={(entry) => <RetriedRow entry={entry} />}
                  empty={null}
                />
              </Card>
            )}
            <Card aria-label={t("store.failedEntries")}>
              <CardTitle className="mb-2">{t("store.failedEntries")}</CardTitle>
              <DataList
                state={{ kind: "ready", data: current.failed }}
                label={t("store.failedEntries")}
                keyOf={({ id }) => id}
                row={(entry) => <FailedRow entry={entry} />}
                empty={<p className="text-sm text-muted-foreground">{t("store.noneFailed")}</p>}
              />
            </Card>
            <ReconciliationCard last={current.lastReconciliation} />
          </div>
        )}
      </Loaded>
    </>
  );
}

/** Without the permission, the failure says whom to ask. */
const withAccessNote = <State extends QueryState<unknown>>(state: State): State =>
  state.kind === "error" && state.failure.code === "FORBIDDEN"
    ? { ...state, failure: { ...state.failure, message: t("store.noAccess") } }
    : state;

function Verdict({ status }: { status: OutboxStatus }) {
  const { well, title, text } = healthOf(status, useNow());
  const { outage } = status;
  const Icon = well ? CircleCheck : TriangleAlert;
  return (
    <section
      aria-label={t("store.health")}
      className={cn(
        "flex items-start gap-3 rounded-card p-4 sm:p-6",
        well ? "bg-success-soft text-success" : "bg-warning-soft text-warning",
      )}
    >
      <Icon className="mt-0.5 size-6 shrink-0" />
      <div>
        <p className="text-lg font-semibold">{title}</p>
        <p className="mt-0.5 text-sm">
          {text}
          {outage && (
            <> {rich("store.outageSince", { time: () => <RelativeTime at={outage.since} />, error: outage.error })}</>
          )}
        </p>
      </div>
    </section>
  );
}
