import { ArrowDown, ArrowUp, Timer } from "lucide-react";
import { useState } from "react";
import { EmptyState, Loaded } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { useQueryState } from "@/lib/live/useQueryState";
import { formatNumber } from "@/lib/locale/numbers";
import { t } from "@/messages/translate";
import type { Latency } from "./api";
import { formatDelay, LATENCY_PERIODS, type LatencyPeriod } from "./periods";
import { sortLatencies, turnOrder, type Order } from "./sorting";

const OTHER = "other";

type Column = { name: keyof Latency; label: string; show: (latency: Latency) => string };

const nameOf = ({ operation }: Latency): string => (operation === OTHER ? t("operations.otherOperations") : operation);
const COLUMNS: Column[] = [
  { name: "operation", label: t("operations.operation"), show: nameOf },
  { name: "requests", label: t("operations.requests"), show: ({ requests }) => formatNumber(requests) },
  { name: "failed", label: t("operations.requestErrors"), show: ({ failed }) => formatNumber(failed) },
  { name: "p50Ms", label: t("operations.p50"), show: ({ p50Ms }) => formatDelay(p50Ms) },
  { name: "p95Ms", label: t("operations.p95"), show: ({ p95Ms }) => formatDelay(p95Ms) },
  { name: "p99Ms", label: t("operations.p99"), show: ({ p99Ms }) => formatDelay(p99Ms) },
];

/** Times of REST requests in the last day, week or month, slowest first. */
export function LatencyCard() {
  const [period, setPeriod] = useState<LatencyPeriod>("day");
  const latencies = useQueryState(api.operations.latency.get, { period });
  return (
    <Card id="latency" aria-label={t("operations.latency")}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <CardTitle>{t("operations.latency")}</CardTitle>
          <p className="mt-1 text-sm text-muted-foreground">{t("operations.latencyNote")}</p>
        </div>
        <Segmented label={t("operations.period")} value={period} options={LATENCY_PERIODS} onChange={setPeriod} />
      </div>
      <Loaded state={latencies} skeleton={<Skeleton className="mt-4 h-48" />}>
        {(all) =>
          all.length > 0 ? (
            <LatencyTable latencies={all} />
          ) : (
            <EmptyState icon={<Timer />}>{t("operations.latencyEmpty")}</EmptyState>
          )
        }
      </Loaded>
      <p className="mt-4 text-xs text-muted-foreground">{t("operations.latencyFunctions")}</p>
    </Card>
  );
}

function LatencyTable({ latencies }: { latencies: Latency[] }) {
  const [order, setOrder] = useState<Order>({ by: "p95Ms", descending: true });
  return (
    <div className="mt-4 max-h-96 overflow-auto">
      <table className="w-full text-sm">
        <thead>
          <tr>
            {COLUMNS.map(({ name, label }) => (
              <ColumnHead key={name} {...{ name, label, order }} onSort={() => setOrder(turnOrder(order, name))} />
            ))}
          </tr>
        </thead>
        <tbody>
          {sortLatencies(latencies, order).map((latency) => (
            <tr key={latency.operation} className="border-t">
              {COLUMNS.map(({ name, show }, index) =>
                index === 0 ? (
                  <th key={name} scope="row" className="py-2 pr-4 text-left font-normal break-words">
                    {show(latency)}
                  </th>
                ) : (
                  <td
                    key={name}
                    className={cn(
                      "py-2 pl-4 text-right whitespace-nowrap tabular-nums",
                      name === "failed" && latency.failed > 0 && "text-danger-text",
                    )}
                  >
                    {show(latency)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type HeadProps = { name: keyof Latency; label: string; order: Order; onSort: () => void };

/** The head of a column, which sorts by it; again: the other way round. */
function ColumnHead({ name, label, order, onSort }: HeadProps) {
  const isSorted = order.by === name;
  const isText = name === "operation";
  const Arrow = order.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      aria-sort={isSorted ? (order.descending ? "descending" : "ascending") : "none"}
      className={cn("sticky top-0 bg-surface pb-2 font-medium", isText ? "pr-4 text-left" : "pl-4 text-right")}
    >
      <button
        type="button"
        className={cn(
          "inline-flex items-center gap-1 rounded-sm text-xs text-muted-foreground hover:text-foreground",
          isSorted && "text-foreground",
        )}
        onClick={onSort}
      >
        {label}
        {isSorted && <Arrow aria-hidden className="size-3" />}
      </button>
    </th>
  );
}
