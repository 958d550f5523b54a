import { BarChart } from "@/components/chart/BarChart";
import { FigureTable } from "@/components/chart/FigureTable";
import { Legend } from "@/components/chart/Legend";
import { EmptyState, Loaded } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { shortDate } from "@/lib/time/days";
import { t } from "@/messages/translate";
import type { WeekFigures } from "./api";
import { ChartSkeleton } from "./DailyCard";

const WEEKS = 8;
const RETURNED = { label: t("analytics.returned"), className: "bg-accent" };
const NOT_RETURNED = { label: t("analytics.notReturned"), className: "bg-input" };

/** The people of the last weeks, and who of them came again. */
export function ReturnsCard() {
  const returns = useQueryState(api.analytics.reports.returns, { weeks: WEEKS });
  return (
    <Card aria-label={t("analytics.returns")}>
      <CardTitle>{t("analytics.returns")}</CardTitle>
      <p className="mt-1 text-sm text-muted-foreground">{t("analytics.returnsNote")}</p>
      <Loaded state={returns} skeleton={<ChartSkeleton />}>
        {(weeks) =>
          weeks.some(({ people }) => people > 0) ? (
            <Weeks weeks={weeks} />
          ) : (
            <EmptyState>{t("analytics.returnsEmpty")}</EmptyState>
          )
        }
      </Loaded>
    </Card>
  );
}

function Weeks({ weeks }: { weeks: WeekFigures[] }) {
  return (
    <>
      <BarChart
        className="h-44"
        format={String}
        bars={weeks.map(({ week, people, returned }) => ({
          key: week,
          label: shortDate(week),
          parts: [
            { value: returned, className: RETURNED.className },
            { value: Math.max(0, people - returned), className: NOT_RETURNED.className },
          ],
          tip: (
            <>
              <p className="font-medium">{shortDate(week)}</p>
              <p className="mt-0.5 text-muted-foreground">
                {t("analytics.peopleCount", { count: people })} · {RETURNED.label}: {returned}
              </p>
            </>
          ),
        }))}
      />
      <Legend series={[RETURNED, NOT_RETURNED]} />
      <FigureTable
        caption={t("analytics.returns")}
        head={t("analytics.week")}
        columns={[t("analytics.people"), t("analytics.returned")]}
        rows={weeks.map(({ week, people, returned }) => ({
          head: shortDate(week),
          cells: [String(people), String(returned)],
        }))}
      />
    </>
  );
}
