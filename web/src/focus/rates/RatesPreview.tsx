import { Loaded, Loading } from "@/components/states";
import { Skeleton } from "@/components/ui/skeleton";
import { Tooltip } from "@/components/ui/tooltip";
import type { QueryState } from "@/lib/live/useQueryState";
import { cn } from "@/lib/cn";
import { t } from "@/messages/translate";
import type { CalculatedRates } from "../types";
import { DimensionLabel } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS } from "../dimensions";
import { formatRate } from "../format";
import { RatesWhy, ReasonLines, reasonsFor } from "./RatesWhy";

/** The rates of the chosen activity, before the start. Each line gives its reasons on hover and focus. */
export function RatesPreview({ state }: { state: QueryState<CalculatedRates> }) {
  return (
    <Loaded state={state} skeleton={<RatesSkeleton />}>
      {(calculated) => {
        const most = Math.max(...DIMENSIONS.map((dimension) => calculated.rates[dimension]), 0.01);
        return (
          <section aria-label={t("focus.rates")}>
            <div className="flex min-h-8 flex-wrap items-center justify-between gap-x-3">
              <h3 className="text-sm font-medium whitespace-nowrap">{t("focus.xpPerMinute")}</h3>
              <RatesWhy rates={calculated} />
            </div>
            <ul className="mt-1">
              {DIMENSIONS.map((dimension) => {
                const rate = calculated.rates[dimension];
                return (
                  <li key={dimension}>
                    <Tooltip tip={<ReasonLines reasons={reasonsFor(calculated.reasons, dimension)} />}>
                      <button
                        type="button"
                        className="grid h-8 w-full cursor-help grid-cols-[6rem_1fr_4.75rem] items-center gap-3 rounded-control text-left sm:grid-cols-[7.5rem_1fr_5.5rem]"
                      >
                        <DimensionLabel dimension={dimension} className={cn(rate === 0 && "text-muted-foreground")} />
                        <span aria-hidden className="h-1.5 overflow-hidden track rounded-full bg-surface-muted">
                          <span
                            className={cn(
                              "signal block h-full rounded-full transition-[width] duration-150",
                              DIMENSION_LOOK[dimension].bar,
                            )}
                            style={{ width: `${(rate / most) * 100}%` }}
                          />
                        </span>
                        <span className={cn("figures text-right text-sm", rate === 0 && "text-muted-foreground")}>
                          {formatRate(rate)}
                        </span>
                      </button>
                    </Tooltip>
                  </li>
                );
              })}
            </ul>
          </section>
        );
      }}
    </Loaded>
  );
}

function RatesSkeleton() {
  return (
    <Loading className="space-y-3 pt-9">
      {DIMENSIONS.map((dimension) => (
        <Skeleton key={dimension} className="h-5" />
      ))}
    </Loading>
  );
}
