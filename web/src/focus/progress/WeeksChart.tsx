import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { wordsLocale } from "@/lib/locale/locale";
import { formatDuration } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { Day } from "../api";
import { DimensionLabel } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS, ranked } from "../dimensions";
import { formatCompact, formatXp } from "../format";

// Noon of a calendar day has the same date in every time zone.
const atNoon = (date: string) => new Date(`${date}T12:00:00`);
const shortDate = (date: string) =>
  new Intl.DateTimeFormat(wordsLocale(), { day: "numeric", month: "short" }).format(atNoon(date));
const longDate = (date: string) =>
  new Intl.DateTimeFormat(wordsLocale(), { weekday: "long", day: "numeric", month: "long" }).format(atNoon(date));

/** Stacked bars, one a day, and the same figures as a table for screen readers. */
export function WeeksChart({ days }: { days: Day[] }) {
  return (
    <>
      <div aria-hidden className="figures mt-4 h-52 text-xs">
        <ResponsiveContainer width="100%" height="100%">
          <BarChart data={days} margin={{ top: 4, right: 4, bottom: 0, left: 0 }} barCategoryGap="18%">
            <CartesianGrid vertical={false} stroke="var(--color-border)" />
            <XAxis
              dataKey="date"
              tickFormatter={shortDate}
              minTickGap={28}
              tickLine={false}
              axisLine={false}
              tick={{ fill: "var(--color-muted-foreground)" }}
            />
            <YAxis
              tickFormatter={(xp: number) => formatCompact(xp)}
              width={44}
              tickLine={false}
              axisLine={false}
              tick={{ fill: "var(--color-muted-foreground)" }}
            />
            <Tooltip
              cursor={{ fill: "var(--color-surface-muted)" }}
              content={<DayTip days={days} />}
              isAnimationActive={false}
            />
            {DIMENSIONS.map((dimension) => (
              <Bar
                key={dimension}
                dataKey={(day: Day) => day.xp[dimension]}
                name={dimension}
                stackId="xp"
                fill={DIMENSION_LOOK[dimension].color}
                isAnimationActive={false}
              />
            ))}
          </BarChart>
        </ResponsiveContainer>
      </div>
      <div className="sr-only">
        <table>
          <caption>{t("focus.weeksCaption")}</caption>
          <tbody>
            {days
              .filter(({ xpTotal }) => xpTotal > 0)
              .map(({ date, xpTotal, focusedSeconds }) => (
                <tr key={date}>
                  <th scope="row">{longDate(date)}</th>
                  <td>{t("focus.xp", { amount: formatXp(xpTotal) })}</td>
                  <td>{formatDuration(focusedSeconds)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </div>
    </>
  );
}

function DayTip({ days, active, label }: { days: Day[]; active?: boolean; label?: string | number }) {
  const day = active ? days.find(({ date }) => date === label) : undefined;
  if (!day) return null;
  return (
    <div className="rounded-control border bg-surface p-3 text-xs shadow-raised">
      <p className="font-medium">{longDate(day.date)}</p>
      <p className="mt-0.5 text-muted-foreground">
        {t("focus.xp", { amount: formatXp(day.xpTotal) })} · {formatDuration(day.focusedSeconds)}
      </p>
      <ul className="mt-2 space-y-1">
        {ranked(day.xp).map((dimension) => (
          <li key={dimension} className="flex justify-between gap-6">
            <DimensionLabel dimension={dimension} className="text-xs" />
            <span>{formatXp(day.xp[dimension])}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
