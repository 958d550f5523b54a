import { ChevronLeft, ChevronRight } from "lucide-react";
import { Link, useSearchParams } from "react-router";
import { Loaded } from "@/components/states";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { dateIn } from "@convex/lib/zones";
import { api } from "@/lib/api";
import { cn } from "@/lib/cn";
import { wordsLocale } from "@/lib/locale/locale";
import { ownTimeZone } from "@/lib/time/time";
import { useToday } from "@/lib/time/useToday";
import { useQueryState } from "@/lib/live/useQueryState";
import { t } from "@/messages/translate";
import { STATUS_LOOK } from "../words";
import { isDay, listDays, moveSpan, nextDay, startOfDay, type Span } from "./days";

type Entry = (typeof api.tutoring.sessions.between)["_returnType"][number];

/** Entries of a day that a month shows; the week shows all. */
const SHOWN_IN_MONTH = 3;

/** All sessions in a month or a week of the user's own zone. Day and span are in the address. */
export function CalendarView() {
  const [params, setParams] = useSearchParams();
  const { timeZone: zone, today } = useToday();
  const given = params.get("day") ?? "";
  const day = isDay(given) ? given : today;
  const span: Span = params.get("span") === "week" ? "week" : "month";
  const days = listDays(day, span);
  const entries = useQueryState(api.tutoring.sessions.between, {
    from: startOfDay(days[0]!, zone),
    to: startOfDay(nextDay(days.at(-1)!), zone),
  });
  const show = (next: { day?: string; span?: Span }) =>
    setParams({ view: "calendar", span, day, ...next }, { replace: true });
  const title = spanTitle(days, day, span);
  return (
    <Card aria-label={t("tutoring.calendar")}>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <h2 aria-live="polite" className="min-w-32 flex-1 text-base font-semibold">
          {title}
        </h2>
        <div className="flex items-center">
          <Button
            variant="ghost"
            size="icon"
            aria-label={t(span === "month" ? "tutoring.monthBefore" : "tutoring.weekBefore")}
            onClick={() => show({ day: moveSpan(day, span, -1) })}
          >
            <ChevronLeft />
          </Button>
          <Button variant="secondary" size="sm" onClick={() => show({ day: today })}>
            {t("tutoring.today")}
          </Button>
          <Button
            variant="ghost"
            size="icon"
            aria-label={t(span === "month" ? "tutoring.monthAfter" : "tutoring.weekAfter")}
            onClick={() => show({ day: moveSpan(day, span, 1) })}
          >
            <ChevronRight />
          </Button>
        </div>
        <Segmented<Span>
          label={t("tutoring.calendarSpan")}
          value={span}
          options={[
            { value: "month", label: t("tutoring.month") },
            { value: "week", label: t("tutoring.week") },
          ]}
          onChange={(next) => show({ span: next })}
        />
      </div>
      <Loaded state={entries} skeleton={<Skeleton className="h-72" />}>
        {(all) => <Days {...{ days, today, span, zone }} month={day.slice(0, 7)} entries={all} />}
      </Loaded>
    </Card>
  );
}

const inUtc = (options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(wordsLocale(), { ...options, timeZone: "UTC" });
const noon = (day: string) => Date.parse(`${day}T12:00Z`);

/** "March 2027", or the first and last day of the week. */
const spanTitle = (days: string[], day: string, span: Span): string =>
  span === "month"
    ? inUtc({ month: "long", year: "numeric" }).format(noon(day))
    : inUtc({ day: "numeric", month: "short", year: "numeric" }).formatRange(noon(days[0]!), noon(days.at(-1)!));

type DaysProps = { days: string[]; today: string; month: string; span: Span; zone: string; entries: Entry[] };

/** A grid of weeks; at phone width a list of the days that have something, and of today. */
function Days({ days, today, month, span, zone, entries }: DaysProps) {
  const byDay = new Map<string, Entry[]>();
  for (const entry of entries) {
    const day = dateIn(zone, entry.date);
    byDay.set(day, [...(byDay.get(day) ?? []), entry]);
  }
  return (
    <>
      <div aria-hidden className="hidden grid-cols-7 gap-px text-xs text-muted-foreground md:grid">
        {days.slice(0, 7).map((day) => (
          <span key={day} className="px-2 py-1">
            {inUtc({ weekday: "short" }).format(noon(day))}
          </span>
        ))}
      </div>
      <ol className="grid gap-px overflow-hidden rounded-control border bg-border md:grid-cols-7">
        {days.map((day) => {
          const ofDay = byDay.get(day) ?? [];
          const isOutside = span === "month" && !day.startsWith(month);
          const shown = span === "month" ? ofDay.slice(0, SHOWN_IN_MONTH) : ofDay;
          return (
            <li
              key={day}
              aria-label={inUtc({ dateStyle: "full" }).format(noon(day))}
              aria-current={day === today ? "date" : undefined}
              className={cn(
                "min-w-0 bg-surface p-2",
                span === "month" ? "md:min-h-24" : "md:min-h-64",
                isOutside && "bg-surface-muted",
                ofDay.length === 0 && day !== today && "max-md:hidden",
              )}
            >
              <p className="figures text-xs text-muted-foreground">
                <span
                  className={cn(
                    "inline-grid h-6 min-w-6 place-items-center px-1.5",
                    day === today && "signal rounded-full bg-accent font-medium text-accent-foreground",
                  )}
                >
                  <span className="max-md:hidden">{Number(day.slice(8))}</span>
                  <span className="md:hidden">
                    {inUtc({ weekday: "short", day: "numeric", month: "short" }).format(noon(day))}
                  </span>
                </span>
              </p>
              <ul className="mt-1 space-y-1">
                {shown.map((entry) => (
                  <li key={entry.id}>
                    <EntryLink entry={entry} />
                  </li>
                ))}
              </ul>
              {shown.length < ofDay.length && (
                <Link
                  to={`/tutoring?view=calendar&span=week&day=${day}`}
                  className="mt-1 block px-1.5 py-1 text-xs text-accent-text hover:underline"
                >
                  {t("tutoring.moreSessions", { count: ofDay.length - shown.length })}
                </Link>
              )}
            </li>
          );
        })}
      </ol>
      {entries.length === 0 && <p className="mt-3 text-sm text-muted-foreground">{t("tutoring.nothingInCalendar")}</p>}
    </>
  );
}

function EntryLink({ entry: { id, title, date, status, tutor, isMine } }: { entry: Entry }) {
  const time = new Intl.DateTimeFormat(wordsLocale(), { timeStyle: "short", timeZone: ownTimeZone() }).format(date);
  const { label } = STATUS_LOOK[status];
  return (
    <Link
      to={`/tutoring/${id}`}
      title={`${title} · ${tutor} · ${label}`}
      className={cn(
        // Text for screen readers alone is cut off with the rest.
        "relative block truncate rounded-[0.375rem] px-1.5 py-1 text-xs hover:underline",
        isMine ? "bg-accent-soft text-accent-text" : "bg-surface-muted",
        status === "cancelled" && "line-through",
      )}
    >
      <span className="figures">{time}</span> {title}
      {isMine && <span className="sr-only"> · {t("tutoring.yours")}</span>}
    </Link>
  );
}
