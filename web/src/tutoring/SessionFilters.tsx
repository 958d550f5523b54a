import { Search, SlidersHorizontal } from "lucide-react";
import { useId, useState } from "react";
import { Button } from "@/components/ui/button";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import { ownTimeZone } from "@/lib/time/time";
import { isDay, nextDay, startOfDay } from "./calendar/days";
import { LEVEL_OPTIONS, STATUS_OPTIONS } from "./words";

const NAMES = ["search", "subject", "status", "level", "from", "to", "free"] as const;

/** The filters by name; empty for "any". */
export type Filters = Record<(typeof NAMES)[number], string>;

/** The filters in an address. */
export const filtersIn = (params: URLSearchParams): Filters =>
  Object.fromEntries(NAMES.map((name) => [name, params.get(name) ?? ""])) as Filters;

const FREE = "1";
const isReversed = ({ from, to }: Filters): boolean => from !== "" && to !== "" && from > to;

/** The filters as the server takes them: days of the user's own zone, the last one with all of it. */
export function toArguments(filters: Filters) {
  const { search, subject, status, level, free } = filters;
  const from = isDay(filters.from) ? startOfDay(filters.from, ownTimeZone()) : null;
  const to = isDay(filters.to) && !isReversed(filters) ? startOfDay(nextDay(filters.to), ownTimeZone()) : null;
  return {
    ...(search && { search }),
    ...(subject && { subject }),
    ...(status && { status }),
    ...(level && { level }),
    ...(from !== null && { from }),
    ...(to !== null && { to }),
    ...(free === FREE && { freeSeats: true }),
  };
}

// The select cannot hold an empty value.
const ANY = "any";
const STATUSES = [{ value: ANY, label: t("tutoring.anyStatus") }, ...STATUS_OPTIONS];
const LEVELS = [{ value: ANY, label: t("tutoring.anyLevel") }, ...LEVEL_OPTIONS];

/**
 * The filters of the list. `onChange` gets those that are set, for the address. At phone width all but the search are
 * behind a button, so that the list stands on the first screen.
 */
export function SessionFilters({
  filters,
  onChange,
}: {
  filters: Filters;
  onChange: (filters: Record<string, string>) => void;
}) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const set = (name: keyof Filters) => (value: string) => {
    const next = { ...filters, [name]: value === ANY ? "" : value };
    onChange(Object.fromEntries(Object.entries(next).filter(([, each]) => each !== "")));
  };
  const choice = (name: "status" | "level", label: string, options: typeof STATUSES) => (
    <Select
      aria-label={label}
      value={filters[name] || ANY}
      onChange={set(name)}
      options={options}
      className="w-auto min-w-36 flex-1 sm:flex-none"
    />
  );
  const day = (name: "from" | "to", label: string) => (
    <label className="flex flex-1 items-center gap-2 text-sm whitespace-nowrap text-muted-foreground sm:flex-none">
      <span className="max-sm:w-10">{label}</span>
      <Input
        type="date"
        className="w-auto min-w-36 flex-1 text-foreground"
        value={filters[name]}
        onChange={(event) => set(name)(event.target.value)}
      />
    </label>
  );
  const count = NAMES.filter((name) => name !== "search" && filters[name] !== "").length;
  return (
    <search className="mb-4 flex flex-wrap gap-3">
      <div className="relative min-w-40 flex-1">
        <Search className="absolute top-3 left-3 size-4 text-muted-foreground" />
        <Input
          type="search"
          aria-label={t("tutoring.searchSessions")}
          placeholder={t("tutoring.searchSessions")}
          maxLength={200}
          className="pl-9"
          value={filters.search}
          onChange={(event) => set("search")(event.target.value)}
        />
      </div>
      <Button
        variant="secondary"
        className="sm:hidden"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <SlidersHorizontal />
        {count > 0 ? t("tutoring.filtersSet", { count }) : t("tutoring.filters")}
      </Button>
      <div id={id} className={cn("contents", !open && "max-sm:hidden")}>
        <Input
          aria-label={t("tutoring.subject")}
          placeholder={t("tutoring.subject")}
          maxLength={100}
          className="w-auto min-w-32 flex-1 sm:max-w-44"
          value={filters.subject}
          onChange={(event) => set("subject")(event.target.value)}
        />
        {choice("status", t("common.status"), STATUSES)}
        {choice("level", t("tutoring.level"), LEVELS)}
        <div className="flex w-full flex-wrap gap-3">
          {day("from", t("tutoring.fromDay"))}
          {day("to", t("tutoring.toDay"))}
          <label className="flex h-10 items-center gap-2 text-sm">
            <input
              type="checkbox"
              className="size-4 accent-accent"
              checked={filters.free === FREE}
              onChange={(event) => set("free")(event.target.checked ? FREE : "")}
            />
            {t("tutoring.withFreeSeats")}
          </label>
        </div>
      </div>
      {isReversed(filters) && (
        <p role="alert" className="w-full text-sm text-danger-text">
          {t("tutoring.daysReversed")}
        </p>
      )}
    </search>
  );
}
