import { EmptyState, Loaded, Loading } from "@/components/states";
import { Card, CardTitle } from "@/components/ui/card";
import { Skeleton } from "@/components/ui/skeleton";
import { api } from "@/lib/api";
import { useQueryState } from "@/lib/live/useQueryState";
import { useToday } from "@/lib/time/useToday";
import { t } from "@/messages/translate";
import { DimensionIcon } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS } from "../dimensions";
import { hasEarned } from "./earned";
import { WeeksChart } from "./WeeksChart";

const WEEKS = 4;

/** XP of the last weeks by day and dimension. */
export function WeeksCard() {
  const weeks = useQueryState(api.focus.progress.weeks, { ...useToday(), weeks: WEEKS });
  return (
    <Card aria-label={t("focus.lastWeeks", { count: WEEKS })}>
      <CardTitle>{t("focus.lastWeeks", { count: WEEKS })}</CardTitle>
      <Loaded state={weeks} skeleton={<ChartSkeleton />}>
        {({ days }) =>
          days.some(({ xpTotal }) => xpTotal > 0) ? (
            <>
              <WeeksChart days={days} />
              <Legend />
            </>
          ) : (
            <EmptyState>{t("focus.weeksEmpty")}</EmptyState>
          )
        }
      </Loaded>
    </Card>
  );
}

function Legend() {
  return (
    <ul className="mt-3 flex flex-wrap justify-center gap-x-4 gap-y-1">
      {DIMENSIONS.map((dimension) => (
        <li key={dimension} className="flex items-center gap-1.5 text-xs text-muted-foreground">
          <DimensionIcon dimension={dimension} className="size-3.5" />
          {DIMENSION_LOOK[dimension].label}
        </li>
      ))}
    </ul>
  );
}

const ChartSkeleton = () => (
  <Loading className="mt-4">
    <Skeleton className={hasEarned() ? "h-66 sm:h-61" : "h-17"} />
  </Loading>
);
