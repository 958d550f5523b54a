import { BarChart } from "@/components/chart/BarChart";
import { longDate, shortDate } from "@/lib/time/days";
import { formatDuration } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { Day } from "../types";
import { DimensionLabel } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS, ranked } from "../dimensions";
import { formatCompact, formatXp } from "../format";

const DAYS_A_WEEK = 7;

/** Stacked bars, one a day, and the same figures as a table for screen readers. */
export function WeeksChart({ days }: { days: Day[] }) {
  return (
    <>
      <Bars days={days} />
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

function Bars({ days }: { days: Day[] }) {
  return (
    <BarChart
      className="h-52"
      format={formatCompact}
      bars={days.map((day, index) => ({
        key: day.date,
        label: index % DAYS_A_WEEK === 0 ? shortDate(day.date) : undefined,
        parts: DIMENSIONS.map((dimension) => ({
          value: day.xp[dimension],
          className: DIMENSION_LOOK[dimension].bar,
        })),
        tip: <DayTip day={day} />,
      }))}
    />
  );
}

function DayTip({ day }: { day: Day }) {
  return (
    <>
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
    </>
  );
}
