import { BarChart } from "@/components/chart/BarChart";
import { FigureTable } from "@/components/chart/FigureTable";
import { Legend } from "@/components/chart/Legend";
import { wordsLocale } from "@/lib/locale/locale";
import { formatExact } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { Figures, History } from "./api";

export type Series = { label: string; name: keyof Figures; className: string };

type Props = {
  title: string;
  series: Series[];
  format?: ((value: number) => string) | undefined;
  buckets: History["buckets"];
  period: "day" | "week";
};

const compact = (value: number): string =>
  new Intl.NumberFormat(wordsLocale(), { notation: "compact", maximumFractionDigits: 1 }).format(value);

/** Bars between two labels: six hours of a day, two days of a week. */
const LABEL_EVERY = 24;

function labelOf(at: number, period: Props["period"]): string {
  const options: Intl.DateTimeFormatOptions =
    period === "day" ? { hour: "numeric", minute: "2-digit" } : { weekday: "short" };
  return new Intl.DateTimeFormat(wordsLocale(), options).format(at);
}

/** Some figures over time, as bars and, for readers of screens, as a table of the times at which there was anything. */
export function HistoryChart({ title, series, format = compact, buckets, period }: Props) {
  const rows = buckets.flatMap(({ at, figures }) =>
    figures && series.some(({ name }) => figures[name] > 0)
      ? [{ head: formatExact(at), cells: series.map(({ name }) => format(figures[name])) }]
      : [],
  );
  return (
    <section aria-label={title} className="min-w-0">
      <h3 className="text-sm text-muted-foreground">{title}</h3>
      <BarChart
        className="mt-4 h-32"
        format={format}
        bars={buckets.map(({ at, figures }, index) => ({
          key: String(at),
          label: index % LABEL_EVERY === 0 ? labelOf(at, period) : undefined,
          parts: figures ? series.map(({ name, className }) => ({ value: figures[name], className })) : [],
          tip: (
            <>
              <p className="font-medium">{formatExact(at)}</p>
              {figures &&
                series.map(({ label, name }) => (
                  <p key={name} className="flex justify-between gap-6 text-muted-foreground">
                    {label} <span>{format(figures[name])}</span>
                  </p>
                ))}
            </>
          ),
        }))}
      />
      {series.length > 1 && <Legend series={series} />}
      <FigureTable caption={title} head={t("operations.time")} columns={series.map(({ label }) => label)} rows={rows} />
    </section>
  );
}
