import { FigureTable } from "@/components/chart/FigureTable";
import { Loaded } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { api } from "@/lib/api";
import { numbersLocale } from "@/lib/locale/locale";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import type { Funnel, Range } from "./api";
import { ChartSkeleton } from "./DailyCard";
import { eventLabel, funnelLabel } from "./words";

const percentText = (percent: number | null): string =>
  percent === null
    ? "–"
    : t("analytics.percent", {
        percent: new Intl.NumberFormat(numbersLocale(), { maximumFractionDigits: 1 }).format(percent),
      });

/** How far people come, step by step. */
export function FunnelsCard({ range }: { range: Range }) {
  const funnels = useQueryState(api.analytics.reports.funnels, range);
  return (
    <Card aria-label={t("analytics.funnels")}>
      <CardTitle>{t("analytics.funnels")}</CardTitle>
      <p className="mt-1 text-sm text-muted-foreground">{t("analytics.funnelsNote")}</p>
      <Loaded state={funnels} skeleton={<ChartSkeleton />}>
        {(all) => (
          <div className="mt-4 grid gap-6 md:grid-cols-3">
            {all.map((funnel) => (
              <FunnelSteps key={funnel.name} funnel={funnel} />
            ))}
          </div>
        )}
      </Loaded>
    </Card>
  );
}

function FunnelSteps({ funnel: { name, steps } }: { funnel: Funnel }) {
  const most = Math.max(1, ...steps.map(({ people }) => people));
  return (
    <section aria-label={funnelLabel(name)} className="min-w-0">
      <h3 className="text-sm font-medium">{funnelLabel(name)}</h3>
      <ol aria-hidden className="mt-3 space-y-3">
        {steps.map(({ event, people, percentOfBefore }, index) => (
          <li key={event} className="text-xs">
            <p className="flex justify-between gap-3">
              <span className="truncate text-muted-foreground">{eventLabel(event)}</span>
              <span className="figures shrink-0">
                {people}
                {index > 0 && <span className="text-muted-foreground"> · {percentText(percentOfBefore)}</span>}
              </span>
            </p>
            <div className="mt-1 h-2 track rounded-full bg-surface-muted">
              <div className="signal h-2 rounded-full bg-accent" style={{ width: `${(people / most) * 100}%` }} />
            </div>
          </li>
        ))}
      </ol>
      <FigureTable
        caption={funnelLabel(name)}
        head={t("analytics.step")}
        columns={[t("analytics.people"), t("analytics.ofBefore")]}
        rows={steps.map(({ event, people, percentOfBefore }) => ({
          head: eventLabel(event),
          cells: [String(people), percentText(percentOfBefore)],
        }))}
      />
    </section>
  );
}
