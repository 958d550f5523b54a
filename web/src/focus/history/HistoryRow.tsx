import { Link } from "react-router";
import { Badge } from "@/components/ui/badge";
import { RelativeTime } from "@/components/RelativeTime";
import { formatDuration } from "@/lib/time/time";
import { t } from "@/messages/translate";
import type { EndedSession } from "../types";
import { DimensionIcon } from "../DimensionLabel";
import { DIMENSION_LOOK, ranked } from "../dimensions";
import { Mark } from "../Mark";
import { formatCompact, formatXp } from "../format";
import { endingOf } from "./endings";

/** One ended session of a goal. */
export function HistoryRow({ goalId, session }: { goalId: string; session: EndedSession }) {
  const ending = endingOf(session.completedReason);
  return (
    <Link
      to={`/focus/summary/${goalId}/${session.id}`}
      className="-mx-2 flex items-center gap-4 rounded-control px-2 py-3 hover:bg-surface-muted"
    >
      <Mark {...session.activity} />
      <span className="min-w-0 flex-1">
        <span className="flex flex-wrap items-center gap-x-2 text-sm font-medium wrap-anywhere">
          {session.activity.name}
          {ending.badge && <Badge tone={ending.tone}>{ending.badge}</Badge>}
        </span>
        <span className="block text-xs text-muted-foreground">
          {t("focus.focusedFor", { duration: formatDuration(session.focusedDurationSeconds) })} ·{" "}
          <RelativeTime at={session.endedAt} />
        </span>
      </span>
      <span className="flex shrink-0 items-center gap-3">
        {ranked(session.xp)
          .slice(0, 3)
          .map((dimension) => (
            <span
              key={dimension}
              title={t("common.labeled", {
                label: DIMENSION_LOOK[dimension].label,
                value: t("focus.xp", { amount: formatXp(session.xp[dimension]) }),
              })}
              className="figures hidden items-center gap-1 text-xs text-muted-foreground sm:flex"
            >
              <DimensionIcon dimension={dimension} className="size-3.5" />
              {formatCompact(session.xp[dimension])}
            </span>
          ))}
        <span className="figures text-right whitespace-nowrap sm:w-24 text-sm font-semibold">
          {t("focus.xp", { amount: formatXp(session.xpTotal) })}
        </span>
      </span>
    </Link>
  );
}
