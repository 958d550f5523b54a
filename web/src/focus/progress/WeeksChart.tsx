import { useState } from "react";
import { wordsLocale } from "@/lib/locale/locale";
import { cn } from "@/lib/cn";
import { formatDuration } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { Day } from "../api";
import { DimensionLabel } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS, ranked } from "../dimensions";
import { formatCompact, formatXp } from "../format";
import { axisLines } from "./scale";

// Noon of a calendar day has the same date in every time zone.
const atNoon = (date: string) => new Date(`${date}T12:00:00`);
const shortDate = (date: string) =>
  new Intl.DateTimeFormat(wordsLocale(), { day: "numeric", month: "short" }).format(atNoon(date));
const longDate = (date: string) =>
  new Intl.DateTimeFormat(wordsLocale(), { weekday: "long", day: "numeric", month: "long" }).format(atNoon(date));

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

/** The bars take the place that the layout gives them, so nothing is measured or drawn again when it changes. */
function Bars({ days }: { days: Day[] }) {
  const [pointed, setPointed] = useState<string | null>(null);
  const lines = axisLines(Math.max(...days.map(({ xpTotal }) => xpTotal)));
  const top = lines.at(-1) ?? 1;
  const percent = (xp: number) => `${(xp / top) * 100}%`;
  return (
    <div
      aria-hidden
      className="figures mt-6 flex h-52 gap-2 text-xs text-muted-foreground"
      onPointerLeave={() => setPointed(null)}
    >
      <div className="relative mb-6 w-9 shrink-0">
        {lines.map((line) => (
          <span key={line} className="absolute end-0 translate-y-1/2" style={{ bottom: percent(line) }}>
            {formatCompact(line)}
          </span>
        ))}
      </div>
      <div className="relative flex min-w-0 flex-1">
        <div className="absolute inset-x-0 top-0 bottom-6">
          {lines.map((line) => (
            <span key={line} className="absolute inset-x-0 border-t" style={{ bottom: percent(line) }} />
          ))}
        </div>
        {days.map((day, index) => (
          <div
            key={day.date}
            className="relative flex min-w-0 flex-1 flex-col"
            onPointerEnter={() => setPointed(day.date)}
          >
            <div className={cn("flex flex-1 flex-col-reverse px-[9%]", pointed === day.date && "bg-surface-muted")}>
              {DIMENSIONS.map((dimension) => (
                <span
                  key={dimension}
                  className={DIMENSION_LOOK[dimension].bar}
                  style={{ height: percent(day.xp[dimension]) }}
                />
              ))}
            </div>
            <div className="h-6 pt-1.5 whitespace-nowrap">{index % DAYS_A_WEEK === 0 && shortDate(day.date)}</div>
            {pointed === day.date && (
              <DayTip
                day={day}
                className={cn("absolute top-0 z-10", index < days.length / 2 ? "start-full ms-1" : "end-full me-1")}
              />
            )}
          </div>
        ))}
      </div>
    </div>
  );
}

function DayTip({ day, className }: { day: Day; className: string }) {
  return (
    <div
      className={cn(
        "pointer-events-none rounded-control border bg-surface p-3 whitespace-nowrap text-foreground shadow-raised",
        className,
      )}
    >
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
