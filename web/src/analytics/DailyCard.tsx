import { useState } from "react";
import { BarChart } from "@/components/chart/BarChart";
import { FigureTable } from "@/components/chart/FigureTable";
import { EmptyState, Loaded, Loading } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { Select } from "@/components/ui/select";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { wordsLocale } from "@/lib/locale/locale";
import { useQueryState } from "@/lib/live/useQueryState";
import { longDate, shortDate } from "@/lib/time/days";
import { t } from "@/messages/translate";
import type { Range } from "./api";
import { fillDays } from "./days";
import { EVENT_OPTIONS, eventLabel } from "./words";

const compact = (value: number): string =>
  new Intl.NumberFormat(wordsLocale(), { notation: "compact", maximumFractionDigits: 1 }).format(value);

/** How often one event happened on each day, and to how many people. */
export function DailyCard({ range }: { range: Range }) {
  const [event, setEvent] = useState("page_opened");
  const daily = useQueryState(api.analytics.reports.daily, { ...range, event });
  return (
    <Card aria-label={t("analytics.daily")}>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <CardTitle>{t("analytics.daily")}</CardTitle>
        <Select
          aria-label={t("analytics.event")}
          value={event}
          onChange={setEvent}
          options={EVENT_OPTIONS}
          className="w-64 max-w-full"
        />
      </div>
      <Loaded state={daily} skeleton={<ChartSkeleton />}>
        {(figures) =>
          figures.length === 0 ? (
            <EmptyState>{t("analytics.empty")}</EmptyState>
          ) : (
            <Days title={eventLabel(event)} days={fillDays(figures, range)} />
          )
        }
      </Loaded>
    </Card>
  );
}

function Days({ title, days }: { title: string; days: ReturnType<typeof fillDays> }) {
  const total = days.reduce((sum, { count }) => sum + count, 0);
  const labelEvery = Math.ceil(days.length / 5);
  return (
    <>
      <p className="mt-2 text-sm text-muted-foreground">
        <span className="figures text-2xl font-semibold tracking-tight text-foreground">{compact(total)}</span>{" "}
        {t("analytics.peopleNote")}
      </p>
      <BarChart
        className="h-52"
        format={compact}
        bars={days.map(({ day, count, people }, index) => ({
          key: day,
          label: index % labelEvery === 0 ? shortDate(day) : undefined,
          parts: [{ value: count, className: "bg-accent" }],
          tip: (
            <>
              <p className="font-medium">{longDate(day)}</p>
              <p className="mt-0.5 text-muted-foreground">
                {t("analytics.totalTimes", { count })} · {t("analytics.peopleCount", { count: people })}
              </p>
            </>
          ),
        }))}
      />
      <FigureTable
        caption={title}
        head={t("analytics.day")}
        columns={[t("analytics.count"), t("analytics.people")]}
        rows={days
          .filter(({ count }) => count > 0)
          .map(({ day, count, people }) => ({ head: longDate(day), cells: [String(count), String(people)] }))}
      />
    </>
  );
}

export const ChartSkeleton = () => (
  <Loading className="mt-4">
    <Skeleton className="h-52" />
  </Loading>
);
