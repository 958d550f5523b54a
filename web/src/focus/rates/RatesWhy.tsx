import { CircleHelp } from "lucide-react";
import { Button } from "@/components/ui/button";
import { Popover, PopoverContent, PopoverTrigger } from "@/components/ui/popover";
import { t } from "@/messages/translate";
import type { CalculatedRates, RateReason } from "../types";
import { DimensionIcon } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS, type Dimension } from "../dimensions";

export const reasonsFor = (reasons: readonly RateReason[], dimension: Dimension): RateReason[] =>
  reasons.filter((reason) => reason.dimension === dimension).sort((a, b) => b.weight - a.weight);

/** The reasons for one dimension's rate, a few lines. */
export function ReasonLines({ reasons }: { reasons: readonly RateReason[] }) {
  if (reasons.length === 0) return <p className="text-muted-foreground">{t("focus.noReason")}</p>;
  return (
    <ul className="space-y-1">
      {reasons.slice(0, 4).map(({ term, source, weight }) => (
        <li key={`${term}/${source}/${weight}`}>
          <span className="font-medium">“{term}”</span> <span className="text-muted-foreground">{source}</span>
        </li>
      ))}
    </ul>
  );
}

/** The explanation of all rates. */
export function RatesWhy({ rates: { rates, reasons, scoredBy } }: { rates: CalculatedRates }) {
  return (
    <Popover>
      <PopoverTrigger asChild>
        <Button variant="ghost" size="sm" className="-mr-2 max-sm:-ml-3">
          <CircleHelp />
          {t("focus.whyRates")}
        </Button>
      </PopoverTrigger>
      <PopoverContent
        aria-label={t("focus.whyRates")}
        align="end"
        className="max-h-[min(24rem,var(--radix-popover-content-available-height))]"
      >
        <p className="mb-3 text-muted-foreground">
          {scoredBy === "model" ? t("focus.scoredByModel") : t("focus.scoredByWords")} {t("focus.scoreLimit")}
        </p>
        <dl className="space-y-3">
          {DIMENSIONS.filter((dimension) => rates[dimension] > 0).map((dimension) => (
            <div key={dimension}>
              <dt className="mb-1 flex items-center gap-2 font-medium">
                <DimensionIcon dimension={dimension} /> {DIMENSION_LOOK[dimension].label}
              </dt>
              <dd className="pl-6 text-xs">
                <ReasonLines reasons={reasonsFor(reasons, dimension)} />
              </dd>
            </div>
          ))}
        </dl>
      </PopoverContent>
    </Popover>
  );
}
