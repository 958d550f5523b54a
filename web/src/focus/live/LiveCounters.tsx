import { totalOf } from "@convex/xp/amounts";
import { useRef } from "react";
import { Tooltip } from "@/components/ui/tooltip";
import { useServerNow } from "@/lib/time/ServerClock";
import { useFrame } from "@/lib/time/useFrame";
import { t } from "@/messages/translate";
import type { LiveSession, RateReason } from "../types";
import { DimensionIcon } from "../DimensionLabel";
import { DIMENSION_LOOK, DIMENSIONS, type Dimension } from "../dimensions";
import { formatRate, formatXp } from "../format";
import { focusedMsAt, movingXp } from "./liveXp";
import { ReasonLines, reasonsFor } from "../rates/RatesWhy";

/** The five counters and their sum, updated on animation frames. Each explains its rate on hover and focus. */
export function LiveCounters({ session, reasons }: { session: LiveSession; reasons: readonly RateReason[] }) {
  const serverNow = useServerNow();
  const section = useRef<HTMLElement>(null);
  const running = session.runningSince !== null;

  useFrame(running, session, () => {
    const xp = movingXp(session.rates, focusedMsAt(session, serverNow()), running);
    const show = (key: Dimension | "total", amount: number) => {
      const element = section.current?.querySelector(`[data-figure="${key}"]`);
      const text = formatXp(amount);
      if (element && element.textContent !== text) element.textContent = text;
    };
    for (const dimension of DIMENSIONS) show(dimension, xp[dimension]);
    show("total", totalOf(xp));
  });

  return (
    <section ref={section} aria-label={t("focus.xpEarned")}>
      <p className="text-center text-sm text-muted-foreground">
        <span data-figure="total" className="figures text-3xl font-semibold tracking-tight text-foreground" />{" "}
        {t("focus.xpUnit")}
      </p>
      <ul className="mt-3 grid gap-x-3 sm:mt-4 sm:grid-cols-5 sm:gap-3">
        {DIMENSIONS.map((dimension) => (
          <li key={dimension}>
            <Tooltip tip={<Why session={session} dimension={dimension} reasons={reasons} />}>
              <button
                type="button"
                className="flex h-10 w-full cursor-help items-center gap-2.5 rounded-card px-2 sm:h-auto sm:flex-col sm:gap-1 sm:border sm:bg-surface sm:px-2 sm:py-4 sm:text-center"
              >
                <DimensionIcon dimension={dimension} className="sm:size-5" />
                <span className="text-sm sm:order-3 sm:text-xs sm:text-muted-foreground">
                  {DIMENSION_LOOK[dimension].label}
                </span>
                <span className="figures text-xs text-muted-foreground sm:order-4">
                  {formatRate(session.rates[dimension])}
                </span>
                <span
                  data-figure={dimension}
                  className="figures ml-auto text-lg font-semibold sm:order-2 sm:ml-0 sm:text-xl"
                />
              </button>
            </Tooltip>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Why({
  session,
  dimension,
  reasons,
}: {
  session: LiveSession;
  dimension: Dimension;
  reasons: readonly RateReason[];
}) {
  return (
    <>
      <p className="mb-1 font-medium">
        {t("common.labeled", {
          label: DIMENSION_LOOK[dimension].label,
          value: formatRate(session.rates[dimension]),
        })}
      </p>
      <ReasonLines reasons={reasonsFor(reasons, dimension)} />
    </>
  );
}
